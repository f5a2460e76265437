#!/usr/bin/env bash
# The node agent of this machine, as a process.
#   infra/agent.sh up --broker amqps://HOST:5671/orchestrator --token TOKEN [--insecure] [--name NAME] [--label KEY=VALUE]... [--address ADDRESS]
#                          join the cluster with a token of 'orch node join-command', and start; once joined, `up` alone starts it again
#   infra/agent.sh down    stop it; its containers run on, and the machine stays a node
#   infra/agent.sh status  what runs
# ORCH_STATE: where the machine keeps who it is (default ~/.local/share/orchestrator-agent); ORCH_AGENT_PORT: health and metrics (7083).
# --insecure: a broker without TLS that is not on this machine.
: "${ORCH_STATE:=${XDG_DATA_HOME:-$HOME/.local/share}/orchestrator-agent}"
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
export ORCH_STATE
agent_port=${ORCH_AGENT_PORT:-7083}
pid_file=$state/agent.pid
log=$state/agent.log
settings=$state/agent.env

running_pid() {
  [ -f "$pid_file" ] || return 1
  local pid
  pid=$(cat "$pid_file")
  # The number may be somebody else's by now.
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -q "Orchestrator.NodeAgent.dll" && tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null | grep -qx "ORCH_STATE=$state" && echo "$pid"
}

ready() { (exec 3<>"/dev/tcp/127.0.0.1/$agent_port" && printf 'GET /healthz/ready HTTP/1.0\r\n\r\n' >&3 && IFS= read -r -t 5 line <&3 && [[ $line == *" 200"* ]]) 2>/dev/null; }

up() {
  local join=() lines=() program i
  while [ $# -gt 0 ]; do
    case $1 in
      --insecure) join+=("$1"); shift; continue ;;
    esac
    [ $# -ge 2 ] || { say "$1: its value is missing"; exit 2; }
    case $1 in
      --broker | --token) join+=("$1" "$2") ;;
      --name) lines+=("NodeAgent__NodeName=$2") ;;
      --address) lines+=("NodeAgent__Address=$2") ;;
      --label) [[ $2 == *=* ]] || { say "--label '$2': write KEY=VALUE"; exit 2; }; lines+=("NodeAgent__Labels__${2%%=*}=${2#*=}") ;;
      *) say "'$1' is no option; see the head of infra/agent.sh"; exit 2 ;;
    esac
    shift 2
  done
  need_dotnet
  need_engine
  program=$(build services/node-agent/Orchestrator.NodeAgent Orchestrator.NodeAgent)
  (umask 077 && mkdir -p "$state")
  if [ ! -f "$state/node.json" ]; then
    [ ${#join[@]} -gt 0 ] || die "this machine has not joined: give --broker and --token as 'orch node join-command' prints them"
    dotnet "$program" join "${join[@]}" || exit $?
  fi
  [ ${#lines[@]} -eq 0 ] || printf '%s\n' "${lines[@]}" >"$settings"
  if ! running_pid >/dev/null; then
    local given=()
    [ ! -f "$settings" ] || mapfile -t given <"$settings"
    say "starting the agent"
    env "${given[@]}" ORCH_LISTEN="http://127.0.0.1:$agent_port" setsid nohup dotnet "$program" >>"$log" 2>&1 </dev/null &
    echo $! >"$pid_file"
  fi
  for i in $(seq 120); do
    running_pid >/dev/null || { tail -n 3 "$log" >&2; rm -f "$pid_file"; die "the agent did not start: see $log"; }
    ready && { say "the agent runs (pid $(cat "$pid_file"))"; return 0; }
    sleep 0.5
  done
  die "the agent is not connected yet and tries on: see $log"
}

down() {
  local pid i
  pid=$(running_pid) || { say "no agent runs on $state"; rm -f "$pid_file"; return 0; }
  kill "$pid"
  for i in $(seq 150); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null || true
  rm -f "$pid_file"
  say "the agent is stopped; its containers run on"
}

status() {
  local pid
  pid=$(running_pid) || { say "the agent is not running; start it with infra/agent.sh up"; exit 1; }
  ready || { say "the agent runs (pid $pid) but is not connected: see $log"; exit 1; }
  echo "the agent runs (pid $pid, state $state)"
}

case ${1:-} in
  up) shift; up "$@" ;;
  down) down ;;
  status) status ;;
  *) say "usage: infra/agent.sh up|down|status; see its head"; exit 2 ;;
esac
