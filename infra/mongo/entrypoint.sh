#!/usr/bin/env bash
# Stands before the official image's entry point. With authentication the members of a replica set know each other by a key; this one is
# alone, so a new key at each start will do.
set -euo pipefail

key=/data/configdb/keyfile
head -c 48 /dev/urandom | base64 -w0 >"$key"
chmod 400 "$key"
[ "$(id -u)" != 0 ] || chown mongodb:mongodb "$key"
exec docker-entrypoint.sh mongod --replSet rs0 --keyFile "$key" --bind_ip_all "$@"
