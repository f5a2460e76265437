#!/usr/bin/env bash
# The node agent of this machine, as a process or in a container.
#   infra/agent.sh up [--container] --broker amqps://HOST:5671/orchestrator --token TOKEN [--insecure] [--name NAME] [--label KEY=VALUE]... [--address ADDRESS] [--set NAME=VALUE]...
#                          join the cluster with a token of 'orch node join-command', and start; once joined, `up` alone starts it again
#                          --container: needs no .NET here, and starts again with the engine
#                          --set: any setting of the agent, such as Pool=big, Taints__0=batch:NoSchedule or GenericResources__gpu=2 (docs/guide/placement.md)
#   infra/agent.sh down    stop it; its containers run on, and the machine stays a node
#   infra/agent.sh uninstall  stop it, and take the cluster's network off this machine: devices, rules, what answers names, and the engine's network once no container is in it
#   infra/agent.sh status  what runs
# ORCH_STATE: where the machine keeps who it is (default ~/.local/share/orchestrator-agent); ORCH_AGENT_PORT: health and metrics (7083).
# ORCH_AGENT_IMAGE: the container's image (default: built from this checkout).
# --insecure: a broker without TLS that is not on this machine.
: "${ORCH_STATE:=${XDG_DATA_HOME:-$HOME/.local/share}/orchestrator-agent}"
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export ORCH_STATE
agent_port=${ORCH_AGENT_PORT:-7083}
pid_file=$state/agent.pid
log=$state/agent.log
settings=$state/agent.env
image=${ORCH_AGENT_IMAGE:-orchestrator-node-agent}
# Several agents can run here, each with a state of its own.
container=orchestrator-agent-$(printf '%s' "$state" | cksum | cut -d' ' -f1)

running_pid() {
  [ -f "$pid_file" ] || return 1
  local pid
  pid=$(cat "$pid_file")
  # The number may be somebody else's by now.
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "Orchestrator.NodeAgent.dll" && tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx "ORCH_STATE=$state" && echo "$pid"
}

ready() { (exec 3<>"/dev/tcp/127.0.0.1/$agent_port" && printf 'GET /healthz/ready HTTP/1.0\r\n\r\n' >&3 && IFS= read -r -t 5 line <&3 && [[ $line == *" 200"* ]]) 2>/dev/null; }

# The image's program, beside the engine as a process would be; OPTIONS stand before the image.
docker_run() {
  local socket=${DOCKER_HOST:-unix:///var/run/docker.sock}
  [[ $socket == unix://* ]] || die "DOCKER_HOST is $socket: the agent's container needs the engine's socket on this machine"
  docker run --network host --cap-add NET_ADMIN -v /sys/fs/cgroup:/sys/fs/cgroup:ro -v "${socket#unix://}:/var/run/docker.sock" -v "$state:$state" -e "ORCH_STATE=$state" -e "ORCH_LISTEN=http://127.0.0.1:$agent_port" "$@"
}

container_runs() { [ "$(docker inspect -f '{{.State.Running}}' "$container" 2>/dev/null)" = true ]; }

build_image() {
  [ -z "${ORCH_AGENT_IMAGE:-}" ] || return 0
  say "building image $image"
  docker build -q -f "$repo/infra/docker/Dockerfile" --target node-agent -t "$image" "$repo" >/dev/null || die "building image $image failed"
}

# run_agent ARGUMENTS...: the program to its end, as a process or in a container.
run_agent() { if [ -n "$in_container" ]; then docker_run --rm "$image" "$@"; else dotnet "$program" "$@"; fi; }

start_process() {
  local given=()
  [ ! -f "$settings" ] || mapfile -t given <"$settings"
  env "${given[@]}" ORCH_LISTEN="http://127.0.0.1:$agent_port" setsid nohup dotnet "$program" >>"$log" 2>&1 </dev/null &
  echo $! >"$pid_file"
}

start_container() {
  touch "$settings"
  docker rm -f "$container" >/dev/null 2>&1 || true
  docker_run -d --name "$container" --restart unless-stopped --log-opt max-size=10m --log-opt max-file=3 --env-file "$settings" "$image" >/dev/null || die "the agent's container does not start"
}

up() {
  local join=() lines=() program= in_container= i
  while [ $# -gt 0 ]; do
    case $1 in
      --insecure) join+=("$1"); shift; continue ;;
      --container) in_container=yes; shift; continue ;;
    esac
    [ $# -ge 2 ] || { say "$1: its value is missing"; exit 2; }
    case $1 in
      --broker | --token) join+=("$1" "$2") ;;
      --name) lines+=("NodeAgent__NodeName=$2") ;;
      --address) lines+=("NodeAgent__Address=$2") ;;
      --label) [[ $2 == *=* ]] || { say "--label '$2': write KEY=VALUE"; exit 2; }; lines+=("NodeAgent__Labels__${2%%=*}=${2#*=}") ;;
      --set) [[ $2 =~ ^[A-Za-z][A-Za-z0-9_.-]*=[^[:cntrl:]]*$ ]] || { say "--set '$2': write NAME=VALUE"; exit 2; }; lines+=("NodeAgent__$2") ;;
      *) say "'$1' is no option; see the head of infra/agent.sh"; exit 2 ;;
    esac
    shift 2
  done
  need_engine
  # As it ran before, unless it runs otherwise now.
  ! docker inspect "$container" >/dev/null 2>&1 || in_container=yes
  ! running_pid >/dev/null || in_container=
  if [ -n "$in_container" ]; then build_image; else need_dotnet; need_network_tools; program=$(build services/node-agent/Orchestrator.NodeAgent Orchestrator.NodeAgent); fi
  (umask 077 && mkdir -p "$state")
  if [ ! -f "$state/node.json" ]; then
    [ ${#join[@]} -gt 0 ] || die "this machine has not joined: give --broker and --token as 'orch node join-command' prints them"
    run_agent join "${join[@]}" || exit $?
  fi
  [ ${#lines[@]} -eq 0 ] || printf '%s\n' "${lines[@]}" >"$settings"
  if ! running >/dev/null; then
    say "starting the agent"
    if [ -n "$in_container" ]; then start_container; else start_process; fi
  fi
  for i in $(seq 120); do
    running >/dev/null || { last_lines; rm -f "$pid_file"; die "the agent did not start"; }
    ready && { say "the agent runs ($(running))"; return 0; }
    sleep 0.5
  done
  die "the agent is not connected yet and tries on: see $(where_log)"
}

# How it runs; fails when it does not.
running() {
  local pid
  if pid=$(running_pid); then echo "pid $pid"; elif container_runs; then echo "container $container"; else return 1; fi
}

where_log() { if running_pid >/dev/null; then echo "$log"; else echo "docker logs $container"; fi; }

last_lines() { if [ -n "$in_container" ]; then docker logs --tail 3 "$container" >&2; else tail -n 3 "$log" >&2; fi; }

down() {
  local pid i
  if pid=$(running_pid); then
    kill "$pid"
    for i in $(seq 150); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
  elif container_runs; then
    docker stop -t 15 "$container" >/dev/null
  else
    say "no agent runs on $state"
    rm -f "$pid_file"
    return 0
  fi
  rm -f "$pid_file"
  say "the agent is stopped; its containers run on"
}

status() {
  local how
  how=$(running) || { say "the agent is not running; start it with infra/agent.sh up"; exit 1; }
  ready || { say "the agent runs ($how) but is not connected: see $(where_log)"; exit 1; }
  echo "the agent runs ($how, state $state)"
}

# What the agent needs to make this machine part of the cluster's network. Without it the agent says what is missing, and serves its own tasks.
need_network_tools() { [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null || install_packages ip=iproute2 nft=nftables conntrack=conntrack iptables=iptables $(wants_wireguard && echo wg=wireguard-tools); }

wants_wireguard() { { printf '%s\n' "${lines[@]}"; cat "$settings" 2>/dev/null; } | grep -qix 'NodeAgent__NetworkEncryption=WireGuard'; }

uninstall() {
  local in_container= program=
  ! docker inspect "$container" >/dev/null 2>&1 || in_container=yes
  down
  [ -n "$in_container" ] || { need_dotnet; program=$(build services/node-agent/Orchestrator.NodeAgent Orchestrator.NodeAgent); }
  run_agent uninstall
}

case ${1:-} in
  up) shift; up "$@" ;;
  down) down ;;
  uninstall) uninstall ;;
  status) status ;;
  *) say "usage: infra/agent.sh up|down|uninstall|status; see its head"; exit 2 ;;
esac
