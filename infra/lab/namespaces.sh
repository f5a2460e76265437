# Sourced by infra/lab/lab: control groups, the switch that joins the nodes, and the nodes themselves.
# Everything of a lab is a process in its control group /orch-lab/NAME, or hangs on one: namespaces and mounts are never pinned,
# so that killing the group takes all of it away. What a node keeps on disk is in $dir/nodeI.

root_group=orch-lab
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  hierarchies=(/sys/fs/cgroup)
else
  # Version 1: the freezer holds the node together; the others let it be measured.
  hierarchies=()
  for hierarchy in freezer memory cpuacct; do [ ! -d "/sys/fs/cgroup/$hierarchy" ] || hierarchies+=("/sys/fs/cgroup/$hierarchy"); done
fi
freezer=${hierarchies[0]:-}

# --- control groups; GROUP is relative to the lab's

# join GROUP: moves the calling (sub)shell into it.
join() {
  local hierarchy
  for hierarchy in "${hierarchies[@]}"; do
    mkdir -p "$hierarchy/$root_group/$lab/$1"
    echo "$BASHPID" >"$hierarchy/$root_group/$lab/$1/cgroup.procs"
  done
}

# A group may go while it is read.
members() { { find "$freezer/$root_group/$lab/$1" -name cgroup.procs -exec cat {} + 2>/dev/null || true; } | sort -u; }

frozen() {
  local group=$freezer/$root_group/$lab/$1
  [ "$(cat "$group/freezer.state" 2>/dev/null)" = FROZEN ] || grep -qx 'frozen 1' "$group/cgroup.events" 2>/dev/null
}

# freeze GROUP: returns when it stands still, or after 5 s with what the kernel could not stop still running.
freeze() {
  local group=$freezer/$root_group/$lab/$1 i
  if [ -e "$group/freezer.state" ]; then echo FROZEN >"$group/freezer.state"; else echo 1 >"$group/cgroup.freeze"; fi
  for i in $(seq 500); do ! frozen "$1" || return 0; sleep 0.01; done
  return 1
}

thaw() {
  local group=$freezer/$root_group/$lab/$1
  if [ -e "$group/freezer.state" ]; then echo THAWED >"$group/freezer.state"; else echo 0 >"$group/cgroup.freeze"; fi
}

# kill_group GROUP: all its processes die at one moment; none can fork or notice the end of another, since they stand still when the signal comes.
kill_group() {
  local group=$freezer/$root_group/$lab/$1 pids i state
  [ -d "$group" ] || return 0
  for i in $(seq 200); do
    pids=$(members "$1")
    [ -n "$pids" ] || break
    freeze "$1" || true
    pids=$(members "$1")
    [ -z "$pids" ] || kill -9 $pids 2>/dev/null || true
    # Version 1: containers that were paused on their own would sleep on, the signal unseen.
    for state in $(find "$group" -mindepth 2 -depth -name freezer.state); do echo THAWED >"$state" 2>/dev/null || true; done
    thaw "$1"
    sleep 0.02
  done
  [ -z "$(members "$1")" ] || die "these processes of $lab/$1 do not die: $(members "$1" | tr '\n' ' ')"
  remove_group "$1"
}

# The engine makes groups in hierarchies that we do not use; a group can be busy for a moment after its last process.
remove_group() {
  local group i left
  for i in $(seq 100); do
    left=
    for group in {/sys/fs/cgroup,/sys/fs/cgroup/*}/"$root_group/$lab${1:+/$1}"; do
      [ -d "$group" ] || continue
      find "$group" -depth -type d -exec rmdir {} + 2>/dev/null || left=$group
    done
    [ -n "$left" ] || return 0
    sleep 0.05
  done
  die "the control group $left is busy"
}

# --- the switch: a bridge in a network namespace of its own, because the host's engine may drop what is forwarded, bridged packets included

# process_in GROUP FILE: the process whose number stands in the file, if it lives; another's that has the number by now is not in the group.
process_in() {
  local pid
  pid=$(cat "$2" 2>/dev/null) && [ -n "$pid" ] && grep -qx "$pid" "$freezer/$root_group/$lab/$1/cgroup.procs" 2>/dev/null && echo "$pid"
}

pid_in() { process_in "$1/system" "$dir/$1/pid"; }

on_switch() { nsenter -t "$(pid_in switch)" -n "$@"; }

# start_inside GROUP NAMESPACES SCRIPT-ARGUMENTS...: runs infra/lab/inside in new namespaces; returns when these are set up.
start_inside() {
  local name=$1 namespaces=$2 i
  shift 2
  mkdir -p "$dir/$name"
  rm -f "$dir/$name/pid"
  # No file but its log may stay open: it outlives us, and our caller may wait for the end of its output.
  (join "$name/system" && exec setsid unshare $namespaces bash "$here/inside" "$dir/$name" "$@") >"$dir/$name/log" 2>&1 </dev/null 9>&- &
  for i in $(seq 500); do
    [ ! -s "$dir/$name/pid" ] || return 0
    kill -0 $! 2>/dev/null || break
    sleep 0.02
  done
  die "$name of the lab $lab did not start: $(tail -n 1 "$dir/$name/log")"
}

number() { local IFS=.; set -- $1; echo $((($1 << 24) + ($2 << 16) + ($3 << 8) + $4)); }

# colliding_route A.B.C: the host's route that a subnet A.B.C.0/24 would hide or be hidden by; fails when there is none.
colliding_route() {
  local net other length route
  net=$(number "$1.0")
  while read -r route _; do
    [[ $route =~ ^[0-9]+\.[0-9.]+(/[0-9]+)?$ ]] || continue
    length=${route#*/}
    [ "$length" != "$route" ] || length=32
    # Halves of the whole address space are a VPN's default route.
    [ "$length" -ge 8 ] || continue
    [ "$length" -le 24 ] || length=24
    other=$(number "${route%/*}")
    if (((net ^ other) >> (32 - length) == 0)); then echo "$route"; return 0; fi
  done < <(ip -4 route show)
  return 1
}

choose_subnet() {
  local i route prefix=${ORCH_LAB_SUBNET:-}
  if [ -n "$prefix" ]; then
    prefix=${prefix%.0/24}
    ! route=$(colliding_route "$prefix") || die "ORCH_LAB_SUBNET=$ORCH_LAB_SUBNET collides with this machine's route $route: choose another"
    echo "$prefix"
    return
  fi
  for i in $(seq 0 255); do
    colliding_route "10.77.$i" >/dev/null || { echo "10.77.$i"; return; }
  done
  die "every subnet of 10.77.0.0/16 collides with a route of this machine: set ORCH_LAB_SUBNET=A.B.C.0/24"
}

# Nodes reach the host, and what it serves to them, at .1; node I is at .(10+I).
need_switch() {
  local prefix i
  [ -z "$(pid_in switch)" ] || return 0
  # Without it no node has a link any more: they start again with it.
  kill_group ""
  ip link del "$host_link" 2>/dev/null || true
  # Two labs must not choose the same subnet.
  exec 9</run
  flock 9
  prefix=$(cat "$dir/subnet" 2>/dev/null || true)
  [ -n "$prefix" ] && ! colliding_route "$prefix" >/dev/null || prefix=$(choose_subnet)
  echo "$prefix" >"$dir/subnet"
  { cat /etc/hosts; echo "$prefix.1 host"; for i in $(seq "$most"); do echo "$prefix.$((10 + i)) node$i"; done; } >"$dir/hosts"
  start_inside switch "--net --mount" switch "$host_link" $$
  ip addr add "$prefix.1/24" dev "$host_link"
  ip link set "$host_link" up
  exec 9<&-
}

# --- nodes

node_engine() { echo "unix://$dir/node$1/docker.sock"; }

engine_answers() { timeout 3 docker -H "$(node_engine "$1")" version >/dev/null 2>&1; }

# enter I COMMAND...: becomes it, in the node's namespaces and control group, so that it dies and freezes with the node.
enter() {
  local i=$1 pid
  shift
  pid=$(pid_in "node$i") || die "node$i is dead: infra/lab/lab start $i"
  ! frozen "node$i" || die "node$i is paused: infra/lab/lab resume $i"
  join "node$i/system"
  exec nsenter -t "$pid" -m -n -u -- env DOCKER_HOST="$(node_engine "$i")" sh -c 'cd "$0" 2>/dev/null; exec "$@"' "$PWD" "$@"
}

start_node() {
  local i=$1 node=$dir/node$1 prefix
  prefix=$(cat "$dir/subnet")
  if ! pid_in "node$i" >/dev/null; then
    kill_node "$i"
    start_inside "node$i" "--net --mount --uts" node "$i" "$(pid_in switch)" "$prefix" "$dir/hosts"
  fi
  engine_answers "$i" || start_engine "$i"
  start_agent "$i"
}

# What was killed leaves its number in a file, and the next does not start as long as a process has that: a dead one too, until its parent has taken note.
forget_killed() {
  (enter "$1" sh -c 'for file in /run/docker.pid /run/docker/containerd/containerd.pid; do
    [ ! -e "$file" ] || grep -q "^State:.*[RSDTt] (" "/proc/$(cat "$file")/status" 2>/dev/null || rm -f "$file"
  done')
}

start_engine() {
  local i=$1 node=$dir/node$1 attempt
  rm -f "$node/docker.sock"
  forget_killed "$i"
  # An empty configuration: the host's would give it the host's folders. Not the host's own containerd either: /run is the node's.
  echo '{}' >"$node/daemon.json"
  enter "$i" setsid dockerd --config-file "$node/daemon.json" -H "$(node_engine "$i")" --data-root "$node/data" --exec-root /run/docker --pidfile /run/docker.pid \
    --cgroup-parent "/$root_group/$lab/node$i/containers" --exec-opt native.cgroupdriver=cgroupfs --storage-driver "$(cat "$dir/storage")" \
    --bip "172.16.$i.1/24" --default-address-pool "base=172.$((16 + i)).0.0/16,size=24" >"$node/engine.log" 2>&1 </dev/null 9>&- &
  for attempt in $(seq 600); do
    [ ! -S "$node/docker.sock" ] || ! engine_answers "$i" || return 0
    kill -0 $! 2>/dev/null || break
    sleep 0.05
  done
  die "the engine of node$i did not start: $(tail -n 1 "$node/engine.log")"
}

# A power failure: nobody hears a last word from it.
kill_node() {
  if [ -n "$(pid_in switch)" ]; then
    on_switch ip link set "node$1" down 2>/dev/null || true
  fi
  kill_group "node$1"
  [ -z "$(pid_in switch)" ] || on_switch ip link del "node$1" 2>/dev/null || true
}
