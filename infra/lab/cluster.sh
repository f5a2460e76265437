# Sourced by infra/lab/lab: a cluster on the lab. The control plane's processes run on the host, in the lab's control group "control";
# an agent runs in each node. Nodes have no route but to each other and to the host's address on the lab: the broker is forwarded to it.

cluster=$dir/cluster
control_plane=(api:Orchestrator.Api scheduler:Orchestrator.Scheduler health-monitor:Orchestrator.HealthMonitor)
forward_port=5672

# RabbitMQ's own user guest is for loopback only, and all-powerful: the lab has a virtual host and a user of its own, under one name.
rabbit_name() { echo "orch-lab-$lab"; }

# rabbit ARGUMENTS...: rabbitmqctl on this machine's broker, whatever it calls itself.
rabbit() {
  local input name error=
  input=$(cat)
  for name in ${RABBITMQ_NODENAME:-rabbit@localhost "rabbit@$(hostname -s)"}; do
    error=$(RABBITMQ_NODENAME=$name rabbitmqctl -q "$@" <<<"$input" 2>&1) && return 0
  done
  say "rabbitmqctl $1: $(grep -m 1 . <<<"$error")"
  return 1
}

own_bus() {
  local name password
  name=$(rabbit_name)
  command -v rabbitmqctl >/dev/null && listens 127.0.0.1 5672 || die "no RabbitMQ on 127.0.0.1:5672: start one (Debian: apt install rabbitmq-server), or set ORCH_BUS=amqp://user:password@host:port/vhost"
  password=$(random)
  remove_own_bus 2>/dev/null || true
  touch "$cluster/own-bus"
  rabbit add_vhost "$name" </dev/null && rabbit add_user "$name" <<<"$password" && rabbit set_permissions -p "$name" "$name" '.*' '.*' '.*' </dev/null \
    || die "the broker gives the lab no virtual host: set ORCH_BUS=amqp://user:password@host:port/vhost"
  echo "amqp://$name:$password@127.0.0.1:5672/$name"
}

remove_own_bus() {
  rabbit delete_vhost "$(rabbit_name)" </dev/null
  rabbit delete_user "$(rabbit_name)" </dev/null
}

random() { head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

listens() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

own_database() {
  listens 127.0.0.1 27017 || die "no MongoDB on 127.0.0.1:27017: start one, or set ORCH_MONGO=mongodb://user:password@host:port/database"
  echo "mongodb://127.0.0.1:27017/orch-lab-$lab-$(cut -c 1-8 "$cluster/id")"
}

# What the processes are told, in files that only root may read; the same at each start of a node.
cluster_settings() {
  local bus mongo prefix
  mkdir -p -m 700 "$cluster"
  [ ! -s "$cluster/bus" ] || return 0
  random >"$cluster/id"
  bus=${ORCH_BUS:-}
  [ -n "$bus" ] || bus=$(own_bus)
  [[ $bus =~ ^(amqp|rabbitmq)://(.*@)?([^:/@]+)(:([0-9]+))?(/.*)?$ ]] || die "ORCH_BUS: give amqp://user:password@host:port/vhost; the lab takes no TLS"
  prefix=$(cat "$dir/subnet")
  echo "${BASH_REMATCH[3]}:${BASH_REMATCH[5]:-5672}" >"$cluster/broker"
  echo "${BASH_REMATCH[1]}://${BASH_REMATCH[2]}$prefix.1:$forward_port${BASH_REMATCH[6]}" >"$cluster/node-bus"
  mongo=${ORCH_MONGO:-}
  [ -n "$mongo" ] || mongo=$(own_database)
  echo "$mongo" >"$cluster/mongo"
  echo "$bus" >"$cluster/bus"
}

# run_control NAME COMMAND...: in the background, unless it runs.
run_control() {
  local name=$1
  shift
  ! control_pid "$name" >/dev/null || return 0
  (join control/system && exec setsid "$@") >>"$cluster/$name.log" 2>&1 </dev/null &
  echo $! >"$cluster/$name.pid"
}

control_pid() { process_in control/system "$cluster/$1.pid"; }

start_control_plane() {
  local service name project program at=$port prefix
  prefix=$(cat "$dir/subnet")
  install_packages socat=socat
  run_control broker socat "TCP-LISTEN:$forward_port,bind=$prefix.1,fork,reuseaddr" "TCP:$(cat "$cluster/broker")"
  for service in "${control_plane[@]}"; do
    name=${service%%:*} project=${service#*:}
    program=$(build "services/$name/$project" "$project")
    ORCH_BUS=$(cat "$cluster/bus") ORCH_MONGO=$(cat "$cluster/mongo") ORCH_CLUSTER_ID=$(cat "$cluster/id") Api__TokenFile=$cluster/token ORCH_LISTEN=http://127.0.0.1:$at \
      run_control "$name" dotnet "$program"
    at=$((at + 1))
  done
  at=$port
  for service in "${control_plane[@]}"; do
    wait_ready "${service%%:*}" "http://127.0.0.1:$at/healthz/ready"
    at=$((at + 1))
  done
}

wait_ready() {
  local i
  for i in $(seq 240); do
    control_pid "$1" >/dev/null || die "the $1 ended: $(grep -m 1 -E '"@l":"(Error|Fatal)"' "$cluster/$1.log" || tail -n 1 "$cluster/$1.log")"
    ! curl_free_get "$2" >/dev/null 2>&1 || return 0
    sleep 0.25
  done
  die "the $1 does not get ready: see $cluster/$1.log"
}

# agent I ARGUMENTS...: the agent's program in node I.
agent() {
  local i=$1
  shift
  ORCH_BUS=$(cat "$cluster/node-bus") ORCH_CLUSTER_ID=$(cat "$cluster/id") NodeAgent__NodeId=node$i NodeAgent__StateFolder=$dir/node$i/agent NodeAgent__Address=$(cat "$dir/subnet").$((10 + i)) \
    enter "$i" setsid dotnet "$repo/artifacts/bin/Orchestrator.NodeAgent/release/Orchestrator.NodeAgent.dll" "$@"
}

# start_agent I: as the node's init system would; nothing where no cluster is up.
start_agent() {
  local i=$1
  [ -s "$cluster/bus" ] && ! process_in "node$i/system" "$dir/node$i/agent.pid" >/dev/null || return 0
  agent "$i" >>"$dir/node$i/agent.log" 2>&1 </dev/null &
  echo $! >"$dir/node$i/agent.pid"
}

# orch ARGUMENTS...: the command line against this cluster.
orch() { ORCH_API=http://127.0.0.1:$port ORCH_STATE=$cluster "$repo/infra/orch" "$@"; }

cluster_up() {
  local i
  need_dotnet
  up "$@" >/dev/null
  cluster_settings
  build services/node-agent/Orchestrator.NodeAgent Orchestrator.NodeAgent >/dev/null
  start_control_plane
  for i in $(nodes); do start_agent "$i"; done
  for i in $(seq 120); do
    [ "$(orch node ls --json | grep -o '"liveness": *"Ready"' | wc -l)" -lt "$1" ] || break
    [ "$i" -lt 120 ] || die "not all nodes are ready: see $dir/node*/agent.log"
    sleep 0.5
  done
  orch node ls
  say "export ORCH_API=http://127.0.0.1:$port ORCH_STATE=$cluster"
}

stop_agent() {
  local pid
  rm -f "$dir/node$1/agent.log"
  ! pid=$(process_in "node$1/system" "$dir/node$1/agent.pid") || kill -9 "$pid" 2>/dev/null || true
  rm -f "$dir/node$1/agent.pid"
  engine_answers "$1" || return 0
  local containers networks
  containers=$(docker -H "$(node_engine "$1")" ps -aq --filter label=orchestrator.cluster="$(cat "$cluster/id")")
  [ -z "$containers" ] || docker -H "$(node_engine "$1")" rm -f $containers >/dev/null
  networks=$(docker -H "$(node_engine "$1")" network ls -q --filter label=orchestrator.cluster="$(cat "$cluster/id")")
  [ -z "$networks" ] || docker -H "$(node_engine "$1")" network rm $networks >/dev/null
  (agent "$1" uninstall </dev/null >/dev/null 2>&1) || say "node$1: the cluster's network is still on it"
  rm -rf "$dir/node$1/agent"
}

# The nodes stay. What is the user's stays too: a broker or database that ORCH_BUS or ORCH_MONGO named.
cluster_down() {
  local i
  [ -d "$cluster" ] || { say "the lab $lab has no cluster"; return 0; }
  kill_group control
  for i in $(nodes); do frozen "node$i" || stop_agent "$i"; done
  forget_cluster
  say "the cluster on the lab $lab is gone"
}

forget_cluster() {
  [ ! -e "$cluster/own-bus" ] || remove_own_bus || say "the broker still has the virtual host and the user $(rabbit_name)"
  [ ! -s "$cluster/mongo" ] || say "its database is kept: $(sed 's|//.*@|//|' "$cluster/mongo")"
  rm -rf "$cluster"
}
