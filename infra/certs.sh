#!/usr/bin/env bash
# Makes an authority of your own and the broker's certificate, signed by it.
#   infra/certs.sh FOLDER NAME...     NAME: a host name or an IP address by which the broker is reached; localhost and 127.0.0.1 are always in it
# A second time it keeps the authority, and renews the broker's certificate only when a name is new or it ends within 30 days.
# FOLDER: ca.pem (give it to services: ORCH_BUS_CA; and to the API: Api__Join__CaFile), ca.key (keep it offline), server.pem, server.key.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ca_days=3650 server_days=397 renew_seconds=$((30 * 24 * 3600))
[ $# -ge 1 ] || { say "usage: infra/certs.sh FOLDER NAME..."; exit 2; }
folder=$1
shift
install_packages openssl=openssl
umask 077
mkdir -p "$folder"
cd "$folder"

names=()
for name in localhost 127.0.0.1 "$@"; do
  [[ $name =~ ^[A-Za-z0-9.:-]+$ ]] || die "'$name' is no host name and no address"
  if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then names+=("IP:$name"); else names+=("DNS:$name"); fi
done
alt=$(printf '%s\n' "${names[@]}" | sort -u | paste -sd,)

if [ ! -f ca.pem ] || [ ! -f ca.key ]; then
  say "making an authority"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -sha256 -days "$ca_days" -keyout ca.key -out ca.pem \
    -subj "/CN=orchestrator authority" -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null || die "openssl cannot make an authority"
  rm -f server.pem
fi

# Services run as users of their own, also in containers that the folder is mounted in; keys stay the owner's.
let_read() { chmod 755 . && chmod 644 ca.pem server.pem; }

if [ -f server.pem ] && [ "$(cat server.names 2>/dev/null)" = "$alt" ] && openssl x509 -checkend "$renew_seconds" -noout -in server.pem >/dev/null && openssl verify -CAfile ca.pem server.pem >/dev/null 2>&1; then
  say "the broker's certificate is good: $alt"
  let_read
  exit 0
fi

say "making the broker's certificate: $alt"
draft=$(mktemp -d)
trap 'rm -rf "$draft"' EXIT
openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$draft/server.key" -out "$draft/server.csr" -subj "/CN=orchestrator broker" 2>/dev/null || die "openssl cannot make a key"
printf '%s\n' "subjectAltName=$alt" "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" "extendedKeyUsage=serverAuth" >"$draft/extensions"
openssl x509 -req -in "$draft/server.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "$server_days" -sha256 -extfile "$draft/extensions" -out "$draft/server.pem" 2>/dev/null || die "openssl cannot sign the certificate"
# The authority goes along with it: who knows only the authority's hash finds it there.
cat ca.pem >>"$draft/server.pem"
mv "$draft/server.key" server.key
mv "$draft/server.pem" server.pem
echo "$alt" >server.names
let_read
