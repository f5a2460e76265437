#!/usr/bin/env bash
# Stands before the official image's entry point: renders users and permissions from the environment (see render.sh), then starts the broker.
# Mount this folder at /etc/orchestrator-rabbitmq and rabbitmq.conf at /etc/rabbitmq/conf.d/20-orchestrator.conf.
# With certificates of infra/certs.sh mounted at /etc/orchestrator-certs the broker also listens with TLS on 5671.
# ORCH_BROKER_LISTEN: the address at which that port is published; beyond loopback the passwords of .env.example are refused.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
state=/var/lib/rabbitmq
certs=/etc/orchestrator-certs
definitions=$state/orchestrator-definitions.json
give() { [ "$(id -u)" != 0 ] || chown rabbitmq:rabbitmq "$@"; }

if [[ ${ORCH_BROKER_LISTEN:-127.0.0.1} != 127.* && "${ORCH_BROKER_PASSWORD:-} ${ORCH_BROKER_ADMIN_PASSWORD:-} ${ORCH_NODE_PASSWORD:-}" == *example-* ]]; then
  echo "entrypoint.sh: ORCH_BROKER_LISTEN opens the broker to other machines: change the example passwords in .env first" >&2
  exit 1
fi

mkdir -p "$state"
bash "$here/render.sh" "$definitions"
give "$definitions"

tls=/etc/rabbitmq/conf.d/30-orchestrator-tls.conf
rm -f "$tls"
if [ -f "$certs/server.pem" ]; then
  # The key may be read by its owner only, who is somebody else outside.
  install -m 0600 "$certs/server.key" "$state/server.key"
  install -m 0644 "$certs/server.pem" "$state/server.pem"
  install -m 0644 "$certs/ca.pem" "$state/ca.pem"
  give "$state/server.key" "$state/server.pem" "$state/ca.pem"
  printf '%s\n' "listeners.ssl.default = 5671" "ssl_options.cacertfile = $state/ca.pem" "ssl_options.certfile = $state/server.pem" \
    "ssl_options.keyfile = $state/server.key" "ssl_options.verify = verify_none" "ssl_options.fail_if_no_peer_cert = false" >"$tls"
fi

# The broker tells of connections that close, so that a node's crash is suspected at once. Both or neither: without the plug-in the setting is an error.
events=/etc/rabbitmq/conf.d/40-orchestrator-events.conf
plugins=${RABBITMQ_ENABLED_PLUGINS_FILE:-/etc/rabbitmq/enabled_plugins}
rm -f "$events"
if [ -w "$plugins" ] && { compgen -G '/opt/rabbitmq/plugins/rabbitmq_event_exchange-*' || compgen -G '/usr/lib/rabbitmq/lib/*/plugins/rabbitmq_event_exchange-*'; } >/dev/null; then
  grep -q rabbitmq_event_exchange "$plugins" || sed -i 's/^\[\(..*\)\]\.$/[\1,rabbitmq_event_exchange]./' "$plugins"
  ! grep -q rabbitmq_event_exchange "$plugins" || printf 'event_exchange.vhost = %s\n' "${ORCH_BROKER_VHOST:-orchestrator}" >"$events"
fi

# The image's own; elsewhere the server itself.
if command -v docker-entrypoint.sh >/dev/null; then exec docker-entrypoint.sh "${@:-rabbitmq-server}"; fi
exec "${@:-rabbitmq-server}"
