#!/usr/bin/env bash
# Runs the tests.   tests/run.sh [unit|integration|e2e|all]     (no argument: all)
# Long lanes, run by name alone:   tests/run.sh faults|compose|chaos
# Installs and starts what the tests need where it can; what the machine lacks is skipped by name, from the list below.
# The last line is: N passed, N failed, N skipped
. "$(dirname "${BASH_SOURCE[0]}")/../infra/lib.sh"

allowed_skips='no Docker Engine|no RabbitMQ|no MongoDB server|no mongod to start|no MongoDB server to kill|no python3 with pika|no root|no network namespaces|no cgroup freezer|no Docker Compose|no IPv6|no WireGuard|no iptables of this kind'
lane=${1:-all}

# Tests of a long lane carry the trait Lane=<its name>, and all others leave them out; those with LaneToo=<its name> run here and there.
long_lanes='faults|compose|chaos'
results=$(mktemp -d)
passed=0 failed=0 skipped=0

if [[ ! $lane =~ ^(unit|integration|e2e|all|$long_lanes)$ ]]; then
  say "usage: tests/run.sh [unit|integration|e2e|all|$long_lanes]"
  exit 2
fi
long=false which=()
if [[ $lane =~ ^($long_lanes)$ ]]; then
  long=true which=(-trait "Lane=$lane" -trait "LaneToo=$lane")
else
  for name in ${long_lanes//|/ }; do which+=(-trait- "Lane=$name"); done
fi

cleanup() {
  local pid
  for pid in $(cat "$results/started" 2>/dev/null); do kill "$pid" 2>/dev/null || true; done
  # By its own program: what was started here hands over to others, which live on when it is killed.
  [ ! -e "$results/rabbitmq" ] || RABBITMQ_NODENAME=rabbit@localhost rabbitmqctl -q stop >/dev/null 2>&1 || true
  [ ! -s "$results/container" ] || docker rm -f -v "$(cat "$results/container")" >/dev/null 2>&1 || true
  rm -rf "$results"
}
trap cleanup EXIT

lane_of() {
  case $1 in
    *.EndToEnd.Tests) echo e2e ;;
    *.Integration.Tests | *.NodeAgent.Tests | *.State.Tests) echo integration ;;
    *.Benchmarks | *.Simulator | *.Testing) echo none ;;
    *.Tests) echo unit ;;
    *) echo unknown ;;
  esac
}

# A failure to set up is no failure of the tests: they say by name what they lack.
try() { ( "$@" ) || say "$1: not set up; what needs it is skipped by name"; }

rabbit_answers() { (exec 3<>/dev/tcp/127.0.0.1/5672) 2>/dev/null; }

need_rabbit() {
  rabbit_answers && return 0
  install_packages /usr/sbin/rabbitmq-server=rabbitmq-server
  rabbit_answers && return 0
  [ "$(id -u)" = 0 ] || die "starting RabbitMQ needs root"
  say "starting RabbitMQ"
  # On loopback only, the port for its own kind included.
  RABBITMQ_NODENAME=rabbit@localhost RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 ERL_EPMD_ADDRESS=127.0.0.1 \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS='-kernel inet_dist_use_interface {127,0,0,1}' setsid nohup rabbitmq-server >"$results/rabbitmq.log" 2>&1 </dev/null &
  touch "$results/rabbitmq"
  local i
  for i in $(seq 120); do rabbit_answers && return 0; sleep 0.5; done
  die "RabbitMQ does not answer"
}

# Which MongoDB server the tests use: the one that ORCH_TEST_MONGO names; a mongod started here; one in a container. On a port of its own,
# as a replica set that the stores initiate. Prints its address.
# What kills it and starts it again on its data goes into the file mongo-kill; for a server of the user's, ORCH_TEST_MONGO_KILL says it.
need_mongo() {
  [ -z "${ORCH_TEST_MONGO:-}" ] || { say "MongoDB: as ORCH_TEST_MONGO says"; echo "$ORCH_TEST_MONGO"; return; }
  local port=27117 image=mongo:8.0 options
  while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do port=$((port + 1)); done
  options="--replSet orch-test --port $port --bind_ip 127.0.0.1"
  if command -v mongod >/dev/null; then
    say "MongoDB: starting mongod"
    mkdir "$results/mongo-data"
    echo "setsid nohup mongod $options --dbpath '$results/mongo-data' >>'$results/mongod.log' 2>&1 </dev/null & echo \$! >>'$results/started'" >"$results/mongo-start"
    bash "$results/mongo-start"
    echo "kill -9 \$(tail -n 1 '$results/started') && bash '$results/mongo-start'" >"$results/mongo-kill"
  else
    docker image inspect "$image" >/dev/null 2>&1 || timeout 300 docker pull -q "$image" >/dev/null 2>&1 || die "there is no mongod, and no image $image"
    say "MongoDB: starting $image"
    docker run -d --network host "$image" $options >"$results/container" || die "$image does not start"
    echo "docker kill $(cat "$results/container") && docker start $(cat "$results/container")" >"$results/mongo-kill"
  fi
  local i
  for i in $(seq 240); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && { echo "mongodb://127.0.0.1:$port/?replicaSet=orch-test"; return; }; sleep 0.5; done
  die "MongoDB does not answer"
}

# The package belongs to the distribution's own Python.
need_pika() { /usr/bin/python3 -c 'import pika' 2>/dev/null || install_packages /usr/lib/python3/dist-packages/pika=python3-pika; }

# Encryption between nodes, by a program: kernels of virtual machines often have none of their own.
need_wireguard() { install_packages wg=wireguard-tools wireguard-go=wireguard-go; }

# Chaos tells what it does while it does it, and in the end what came of it.
keep() {
  if [ "$lane" = chaos ]; then tee "$1" | { grep --line-buffered '^chaos: ' >&2 || true; }; else cat >"$1"; fi
}

run_project() {
  local name=$1 program=$2 out=$results/$1.txt code=0
  (cd "$(dirname "$program")" && dotnet exec "$program" -noColor -noLogo "${@:3}") 2>&1 | keep "$out" || code=$?
  echo "$code" >"$out.code"
}

count_project() {
  local name=$1 out=$results/$1.txt summary total errors bad skips
  summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$out" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    say "--- $name printed no result (exit code $(cat "$out.code")):"
    tail -n 20 "$out" >&2
    failed=$((failed + 1))
    return
  fi
  read -r total errors bad skips < <(sed -E 's/.*Total: ([0-9]+), Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1 \2 \3 \4/' <<<"$summary")
  local wrong
  wrong=$(grep -A1 -F '[SKIP]' "$out" | grep -v -F -e '[SKIP]' -e '--' | sed 's/^ *//' | grep -vxE "$allowed_skips" || true)
  if [ -n "$wrong" ]; then
    say "--- $name skips tests for reasons that are not in the list: $wrong"
    bad=$((bad + $(wc -l <<<"$wrong")))
    skips=$((skips - $(wc -l <<<"$wrong")))
  fi
  # A summary without a failure and yet another end: something outside the tests broke.
  [ $((bad + errors)) -gt 0 ] || [ "$(cat "$out.code")" = 0 ] || { say "--- $name ended with exit code $(cat "$out.code")"; bad=$((bad + 1)); total=$((total + 1)); }
  [ $((bad + errors)) -eq 0 ] || { say "--- $name:"; grep -v -E '^ *(Discover|Start|Finish)' "$out" >&2 || true; }
  [ "$skips" -eq 0 ] || grep -A1 -F '[SKIP]' "$out" | sed 's/^ */  /' >&2
  [ "$total" -gt 0 ] || { say "--- $name ran no test"; bad=$((bad + 1)); total=1; }
  passed=$((passed + total - bad - skips))
  failed=$((failed + bad + errors))
  skipped=$((skipped + skips))
  say "$(printf '%-45s %4d tests, %d failed, %d skipped, %s' "$name" "$total" "$((bad + errors))" "$skips" "$(sed -E 's/.*Time: ([0-9]+).*/\1 s/' <<<"$summary")")"
}

need_dotnet

# What the tests talk to is set up while the projects are built.
surroundings() {
  try need_engine
  try need_static_busybox
  try need_rabbit
  try need_mongo >"$results/mongo"
  try need_pika
  [ "$lane" != faults ] || try need_wireguard
}
[ "$lane" = unit ] || surroundings &
surroundings_pid=$!

# One compiler for all projects starts once instead of 40 times, which is half of the time; it is ours, and ends with the build.
compilers() { grep -lsa '[V]BCSCompiler' /proc/[0-9]*/cmdline 2>/dev/null | grep -oE '[0-9]+' | sort || true; }
build_all() {
  local before code=0 pid out
  before=$(compilers)
  touch "$results/building"
  (cd "$repo" && dotnet build -c Release -v q -warnaserror -p:UseSharedCompilation=true Orchestrator.sln) || code=$?
  for pid in $(comm -13 <(echo "$before") <(compilers)); do kill "$pid" 2>/dev/null || true; done

  # The scripts that tests run look at this, and need not build again: see build in infra/lib.sh.
  [ "$code" -ne 0 ] || for out in "$repo"/services/*/*/; do
    out=$repo/artifacts/bin/$(basename "$out")/release
    [ ! -d "$out" ] || touch -r "$results/building" "$out/.built"
  done
  return "$code"
}

say "building"
build_all >"$results/build.log" 2>&1 || {
  grep -E 'error|warn' "$results/build.log" | sort -u | head -n 40 >&2
  say "the build failed"
  wait $surroundings_pid || true
  echo "0 passed, 1 failed, 0 skipped"
  exit 1
}
wait $surroundings_pid
if [ "$lane" != unit ]; then
  say "compiling for this processor"
  try "$repo/tests/precompile.sh"
  ORCH_TEST_MONGO=$(cat "$results/mongo")
  [ ! -s "$results/mongo-kill" ] || ORCH_TEST_MONGO_KILL="bash $results/mongo-kill"
  export ORCH_TEST_MONGO ORCH_TEST_MONGO_KILL
fi

projects=() waiting=() working=()
for project in "$repo"/tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  its_lane=$(lane_of "$name")
  [ "$its_lane" != unknown ] || { say "--- $name belongs to no lane; name it in tests/run.sh"; failed=$((failed + 1)); continue; }
  [ "$its_lane" != none ] || continue
  if $long; then
    # Only where such tests stand: a project that runs none would count as a failure.
    grep -rqE "\"Lane(Too)?\", \"$lane\"" "$(dirname "$project")" --include='*.cs' || continue
  elif [ "$lane" != all ] && [ "$lane" != "$its_lane" ]; then
    continue
  fi
  projects+=("$name")
  # End-to-end tests mostly wait for containers and processes: the others have the processors meanwhile.
  if [ "$its_lane" = e2e ]; then waiting+=("$name"); else working+=("$name"); fi
done

# Two take projects in turn, as a rule there are two processors: the long ones, which mostly wait for containers and processes, begin.
# In a long lane one does: its tests start whole clusters, and compare how long something takes with a fault and without.
printf '%s\n' "${waiting[@]}" "${working[@]}" >"$results/queue"
next_project() {
  flock "$results/queue.lock" sh -c 'head -n 1 "$0"; sed -i 1d "$0"' "$results/queue"
}
run_projects() {
  local name
  while name=$(next_project) && [ -n "$name" ]; do run_project "$name" "$repo/artifacts/bin/$name/release/$name.dll" "${which[@]}"; done
}

# Most programs that tests start live for seconds: compiling once more what is called 30 times is a third of what they cost. In hex, 256 times.
export DOTNET_TC_CallCountThreshold=100

say "testing"
run_projects &
$long || run_projects
wait $!
for name in "${projects[@]}"; do count_project "$name"; done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
