#!/usr/bin/env bash
# A single node with a sample application, from nothing but the .NET SDK.
#   infra/quickstart.sh [up]     set up, start, deploy the sample; a second time changes nothing
#   infra/quickstart.sh down     stop the node and remove its containers; what is deployed stays known and comes back with up
#   infra/quickstart.sh status   what runs
# ORCH_STATE (state folder), ORCH_PORT (7080), SHOP_PORT (8080), ORCH_BUS (rabbitmq://…; default: in memory): so that two checkouts do not collide.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export ORCH_STATE=$state ORCH_PORT=$port SHOP_PORT=${SHOP_PORT:-8080}
pid_file=$state/single-node.pid
log=$state/single-node.log

orch() { "$repo/infra/orch" "$@"; }
answers() { curl_free_get "http://127.0.0.1:$port/healthz/ready"; }

running_pid() {
  [ -f "$pid_file" ] || return 1
  local pid
  pid=$(cat "$pid_file")
  # The number may be somebody else's by now.
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "Orchestrator.SingleNode.dll" && tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx "ORCH_STATE=$state" && echo "$pid"
}

sample_images() {
  local version context
  for version in 1 2; do
    docker image inspect "orch-sample-shop:$version" >/dev/null 2>&1 && continue
    need_static_busybox
    say "building image orch-sample-shop:$version"
    context=$(mktemp -d)
    cp "$repo"/infra/samples/shop/web/* /bin/busybox "$context"
    DOCKER_BUILDKIT=0 docker build -q --build-arg "VERSION=$version" -t "orch-sample-shop:$version" "$context" >/dev/null 2>"$context.log" || { cat "$context.log" >&2; die "building the sample's image failed"; }
    rm -rf "$context" "$context.log"
  done
}

start_node() {
  local program i
  if ! running_pid >/dev/null; then
    program=$(build services/single-node/Orchestrator.SingleNode Orchestrator.SingleNode)
    mkdir -p "$state"
    chmod 700 "$state"
    say "starting the node on port $port"
    setsid nohup dotnet "$program" >>"$log" 2>&1 </dev/null &
    echo $! >"$pid_file"
  fi
  for i in $(seq 120); do
    # By its number alone: right after its start it does not bear the program's name yet.
    kill -0 "$(cat "$pid_file")" 2>/dev/null || { tail -n 3 "$log" >&2; rm -f "$pid_file"; die "the node did not start: see $log"; }
    answers >/dev/null 2>&1 && return 0
    sleep 0.25
  done
  die "the node does not get ready: see $log"
}

up() {
  need_dotnet
  need_engine
  sample_images
  start_node
  orch deploy -f "$repo/infra/samples/shop/compose.yaml" --wait --timeout 90s
  local answer
  answer=$(curl_free_get "http://127.0.0.1:$SHOP_PORT/") || die "the shop does not answer on port $SHOP_PORT: see infra/orch ps"
  echo "http://127.0.0.1:$SHOP_PORT answers: $answer"
  orch ps
}

down() {
  local pid i cluster
  if pid=$(running_pid); then
    kill "$pid"
    for i in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -9 "$pid" 2>/dev/null || true
    say "the node is stopped"
  else
    say "no node runs on $state"
  fi
  rm -f "$pid_file"
  [ -f "$state/cluster-id" ] || return 0
  cluster=$(cat "$state/cluster-id")
  local containers networks
  containers=$(docker ps -aq --filter "label=orchestrator.cluster=$cluster")
  [ -z "$containers" ] || docker rm -f $containers >/dev/null
  networks=$(docker network ls -q --filter "label=orchestrator.cluster=$cluster")
  [ -z "$networks" ] || docker network rm $networks >/dev/null
  say "its containers are removed; what is deployed is kept in $state"
}

status() {
  local pid
  pid=$(running_pid) || { say "the node is not running; start it with infra/quickstart.sh up"; exit 1; }
  answers >/dev/null 2>&1 || { say "the node runs (pid $pid) but is not ready: see $log"; exit 1; }
  echo "the node runs (pid $pid, port $port, state $state)"
  orch status
  orch ps
}

case ${1:-up} in
  up) up ;;
  down) down ;;
  status) status ;;
  *) say "usage: infra/quickstart.sh [up|down|status]"; exit 2 ;;
esac
