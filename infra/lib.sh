# Shared by the scripts: sourced, never run. Installs what is missing, starts an engine where no init system does.
set -euo pipefail

repo=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
state=${ORCH_STATE:-${XDG_DATA_HOME:-$HOME/.local/share}/orchestrator}
port=${ORCH_PORT:-7080}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { echo "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }
as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else die "'$*' needs root: run this as root, or install sudo"; fi; }

# A build ends before what the runtime finds out about it could pay: without looking it takes half as long. Our programs say it themselves.
export DOTNET_TieredPGO=0

need_dotnet() {
  command -v dotnet >/dev/null || die "there is no .NET SDK: install version 10 (https://dotnet.microsoft.com/download), then run this again"
  dotnet --list-sdks | grep -q '^1[0-9]\.' || die "the .NET SDK is older than 10: install version 10, then run this again"
}

# install_packages COMMAND-OR-FILE=PACKAGE...: installs the packages whose command or file is missing.
install_packages() {
  local missing=() pair what
  for pair in "$@"; do
    what=${pair%%=*}
    case $what in
      /*) [ -e "$what" ] || missing+=("${pair#*=}") ;;
      *) command -v "$what" >/dev/null || missing+=("${pair#*=}") ;;
    esac
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  command -v apt-get >/dev/null || die "missing: ${missing[*]}: install them with your distribution's package manager, then run this again"
  say "installing ${missing[*]}"
  # A fresh machine often updates itself at first: wait for its lock.
  as_root env DEBIAN_FRONTEND=noninteractive sh -c "apt-get -o DPkg::Lock::Timeout=120 update -q && apt-get -o DPkg::Lock::Timeout=120 install -y -q --no-install-recommends ${missing[*]}" >/tmp/orchestrator-apt.$$.log 2>&1 \
    || { tail -n 5 "/tmp/orchestrator-apt.$$.log" >&2; die "installing ${missing[*]} failed: see /tmp/orchestrator-apt.$$.log"; }
  rm -f "/tmp/orchestrator-apt.$$.log"
}

# curl_free_get URL: curl may not be there: bash speaks enough HTTP for a health check.
curl_free_get() {
  local host path line
  host=${1#http://}; path=/${host#*/}; host=${host%%/*}
  { exec 3<>"/dev/tcp/${host%:*}/${host#*:}"; } 2>/dev/null || return 1
  printf 'GET %s HTTP/1.0\r\nHost: %s\r\n\r\n' "$path" "$host" >&3
  IFS= read -r -t 5 line <&3 || { exec 3>&-; return 1; }
  [[ $line == *" 200"* ]] || { exec 3>&-; return 1; }
  sed '1,/^\r$/d' <&3
  exec 3>&-
}

# Starts Docker Engine unless one answers. Prints nothing when there is nothing to do.
need_engine() {
  docker info >/dev/null 2>&1 && return 0
  install_packages dockerd=docker.io iptables=iptables
  docker info >/dev/null 2>&1 && return 0
  if [ -d /run/systemd/system ]; then
    as_root systemctl start docker
  else
    say "starting Docker Engine"
    as_root sh -c 'setsid nohup dockerd >/var/log/dockerd.log 2>&1 </dev/null &'
  fi
  local i
  for i in $(seq 60); do
    docker info >/dev/null 2>&1 && return 0
    sleep 0.5
  done
  [ -S /var/run/docker.sock ] && [ ! -w /var/run/docker.sock ] && die "you may not use Docker: run this as root, or add yourself to the group docker"
  die "Docker Engine does not answer: see /var/log/dockerd.log"
}

# The sample's images hold nothing but busybox, so it must be the static one.
need_static_busybox() {
  local libraries
  libraries=$(ldd /bin/busybox 2>&1 || true)
  [[ -x /bin/busybox && ($libraries == *"not a dynamic"* || $libraries == *statically*) ]] || install_packages /nonexistent/static-busybox=busybox-static
}

# build PROJECT NAME: builds when a source is newer than the last build; prints the path of the program.
build() {
  local project=$1 name=$2 out=$repo/artifacts/bin/$(basename "$1")/release
  if [ ! -e "$out/$name.dll" ] || [ -n "$(find "$repo/services" "$repo/shared" "$repo"/Directory.*.props \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' \) -newer "$out/.built" -print -quit 2>/dev/null || echo new)" ]; then
    mkdir -p "$out"
    touch "$out/.building"
    say "building $name"
    # Who runs it is not who reviews it: without analyzers it takes half the time. tests/run.sh builds with them.
    (cd "$repo" && dotnet build -c Release -v q -p:RunAnalyzers=false "$project" >"$out/.log" 2>&1) || { grep -E 'error|warn' "$out/.log" | sort -u | head -n 20 >&2; die "building $project failed"; }
    mv "$out/.building" "$out/.built"
  fi
  echo "$out/$name.dll"
}
