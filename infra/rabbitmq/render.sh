#!/usr/bin/env bash
# Writes the broker's definitions with users and permissions in them, for `load_definitions`.
#   render.sh FILE     bash and coreutils are enough; FILE is readable by its owner only
# From the environment:
#   ORCH_BROKER_PASSWORD (ORCH_BROKER_USER, default orchestrator)         the control plane: api, scheduler, health monitor
#   ORCH_BROKER_ADMIN_PASSWORD (ORCH_BROKER_ADMIN_USER, default admin)    people, and the API when it lets machines join
#   ORCH_NODE_ID and ORCH_NODE_PASSWORD                                   the local node agent, user node.ID; may be left out
#   ORCH_BROKER_VHOST                                                     default orchestrator
#   ORCH_QUORUM_QUEUES                                                    true: quorum queues; then the services need it too
# The broker makes no default user when it loads definitions. Users that are not named here (machines that joined) stay as they are.
set -euo pipefail

die() { echo "render.sh: $*" >&2; exit 1; }
out=${1:-}
[ -n "$out" ] || die "usage: render.sh FILE"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vhost=${ORCH_BROKER_VHOST:-orchestrator}
user=${ORCH_BROKER_USER:-orchestrator}
admin=${ORCH_BROKER_ADMIN_USER:-admin}
[ -n "${ORCH_BROKER_PASSWORD:-}" ] || die "ORCH_BROKER_PASSWORD is not set: the password of the control plane's user"
[ -n "${ORCH_BROKER_ADMIN_PASSWORD:-}" ] || die "ORCH_BROKER_ADMIN_PASSWORD is not set: the password of the broker's administrator"
[ -z "${ORCH_NODE_ID:-}" ] || [ -n "${ORCH_NODE_PASSWORD:-}" ] || die "ORCH_NODE_PASSWORD is not set: the password of user node.$ORCH_NODE_ID"
quorum=()
case ${ORCH_QUORUM_QUEUES:-false} in
  true) quorum=(-e '/"queues"/,/]/s/"arguments": {/&"x-queue-type": "quorum", /' -e '/"queues"/,/]/s/"quorum", }/"quorum"}/') ;;
  false) ;;
  *) die "ORCH_QUORUM_QUEUES '$ORCH_QUORUM_QUEUES': write true or false" ;;
esac
for name in "$vhost" "$user" "$admin"; do
  [[ $name =~ ^[A-Za-z0-9._-]+$ ]] || die "'$name': letters, digits, '.', '_' and '-' only"
done
[[ -z ${ORCH_NODE_ID:-} || $ORCH_NODE_ID =~ ^[a-z0-9][a-z0-9-]{0,63}$ ]] || die "ORCH_NODE_ID '$ORCH_NODE_ID': small letters, digits and '-' only"

from_hex() { local hex=$1; printf "$(sed 's/../\\x&/g' <<<"$hex")"; }

# rabbit_password_hashing_sha256: base64(salt + sha256(salt + password)), with 4 bytes of salt.
hash() {
  local salt digest
  salt=$(od -An -N4 -tx1 /dev/urandom | tr -d ' \n')
  digest=$({ from_hex "$salt"; printf '%s' "$1"; } | sha256sum | cut -d' ' -f1)
  from_hex "$salt$digest" | base64 -w0
}

user() { printf '    {"name": "%s", "password_hash": "%s", "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": "%s"}' "$1" "$(hash "$2")" "$3"; }

# In JSON a backslash is written twice.
permission() { printf '    {"user": "%s", "vhost": "%s", "configure": "%s", "write": "%s", "read": "%s"}' "$1" "$vhost" "${2//\\/\\\\}" "${3//\\/\\\\}" "${4//\\/\\\\}"; }

# impersonator: a message moved to an error queue keeps the name of who sent it.
users=$(user "$admin" "$ORCH_BROKER_ADMIN_PASSWORD" administrator)
users+=$',\n'$(user "$user" "$ORCH_BROKER_PASSWORD" impersonator)
permissions=$(permission "$admin" '.*' '.*' '.*')
permissions+=$',\n'$(permission "$user" '^orchestrator\.' '^orchestrator\.' '^(orchestrator\.|amq\.rabbitmq\.event$)')
if [ -n "${ORCH_NODE_ID:-}" ]; then
  queue="orchestrator\\.node\\.$ORCH_NODE_ID"
  users+=$',\n'$(user "node.$ORCH_NODE_ID" "$ORCH_NODE_PASSWORD" "")
  permissions+=$',\n'$(permission "node.$ORCH_NODE_ID" "^$queue\$" "^($queue|orchestrator\\.reports\\..+)\$" "^$queue\$")
fi

umask 077
draft=$(mktemp "$out.XXXXXX")
trap 'rm -f "$draft"' EXIT
{
  printf '{\n  "users": [\n%s\n  ],\n  "permissions": [\n%s\n  ],\n' "$users" "$permissions"
  sed -e '1d' "${quorum[@]}" -e "s/\"vhost\": \"orchestrator\"/\"vhost\": \"$vhost\"/" -e "/\"vhosts\"/,/]/s/\"name\": \"orchestrator\"/\"name\": \"$vhost\"/" "$here/definitions.json"
} >"$draft"
mv "$draft" "$out"
