#!/usr/bin/env bash
# Health check of a service's container: does it say that it is ready? The images have neither curl nor wget.
port=${ORCH_LISTEN##*:}
exec 3<>"/dev/tcp/127.0.0.1/${port%/}" || exit 1
printf 'GET /healthz/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
IFS= read -r -t 3 status <&3 || { echo "no answer within 3 s"; exit 1; }
[[ $status == *" 200"* ]] && exit 0
# What is missing, for `docker inspect`.
cat <&3 | tail -n 1
exit 1
