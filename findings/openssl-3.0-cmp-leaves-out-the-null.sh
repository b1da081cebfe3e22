#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: openssl 3.0.22-1~deb12u2 (Debian 12), `openssl cmp` as client.
# Expected: the parameters of sha256WithRSAEncryption MUST be NULL in what is written; readers take them absent too
#   (RFC 4055 section 5). RFC 9810 section 5.1.1 makes protectionAlg an ordinary AlgorithmIdentifier.
# Seen: in the header of a signed kur protectionAlg is the OID alone, while the proof of possession in the same
#   message, by the same program and of the same algorithm, has NULL. (openssl issue 21837; later releases write it.)
# Why it matters: servers that take RFC 4055 at its word answer badDataFormat to renewal and revocation with an RSA
#   key, and to nothing else. A client on libcrypto 3.0 has to know that the key, not the request, is the reason.
set -euo pipefail
lab=$(mktemp -d)
trap 'rm -rf "$lab"' EXIT
cd "$lab"
# Exit codes: 0 as described, 1 no longer so, 2 could not be tried.
unavailable() { echo "could not be tried: $*" >&2; exit 2; }
changed() { echo "no longer as described: $*" >&2; exit 1; }

# Debian's packages and all they need but the C library are unpacked here; nothing is installed.
mkdir -p archives/partial && : > status && apt-get update -qq
apt-get -qqy --no-install-recommends --download-only -o Dir::State::status="$lab/status" \
    -o Dir::Cache::archives="$lab/archives" -o APT::Sandbox::User=root install \
    openssl=3.0.22-1~deb12u2 > /dev/null ||
    unavailable 'packages of these versions'
rm -f archives/libc6_*
for package in archives/*.deb; do dpkg -x "$package" .; done
libraries=$(echo "$lab"/usr/lib/*-linux-gnu)
export PATH=$lab/usr/bin:$PATH LD_LIBRARY_PATH=$libraries

openssl req -x509 -newkey rsa:2048 -nodes -config /dev/null -subj /CN=holder -days 30 -keyout old.key \
    -out old.pem 2> /dev/null
openssl genpkey -algorithm RSA -out new.key 2> /dev/null
# Nobody listens on the discard port: what counts is the message that would have been sent.
if openssl cmp -config '' -cmd kur -server 127.0.0.1:9 -msg_timeout 1 -cert old.pem -key old.key \
    -oldcert old.pem -newkey new.key -srvcert old.pem -reqout request.der -certout new.pem > said 2>&1; then
    changed 'somebody answered'
fi
[ -s request.der ] || changed "$(cat said)"
# DER: SEQUENCE { OID 1.2.840.113549.1.1.11, NULL? }
hex=$(od -An -v -tx1 request.der | tr -d ' \n')
oid=06092a864886f70d01010b
[[ $hex == *"a10d300b$oid"* ]] || changed 'protectionAlg has its NULL'
[[ $hex == *"300d${oid}0500"* ]] || changed 'nor has the proof of possession'
echo 'as described: protectionAlg lacks the NULL that the proof of possession beside it has'
