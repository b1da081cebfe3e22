#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: certtool of GnuTLS 3.7.9-2+deb12u7 (Debian 12); files written and read back by openssl 3.0.22-1~deb12u2.
# Expected: a SafeContents is SEQUENCE OF SafeBag, without an upper bound (RFC 7292 section 4.2).
# Seen: of a file with 40 certificates `certtool --p12-info` prints 32, exit code 0, not a word on standard error;
#   openssl reads 40.
# Why it matters: what is left out may be the holder's certificate or the issuer that completes the chain, and nothing
#   says so. When a PKCS#12 is judged by its count of certificates, GnuTLS is no second opinion.
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
    gnutls-bin=3.7.9-2+deb12u7 openssl=3.0.22-1~deb12u2 > /dev/null ||
    unavailable 'packages of these versions'
rm -f archives/libc6_*
for package in archives/*.deb; do dpkg -x "$package" .; done
libraries=$(echo "$lab"/usr/lib/*-linux-gnu)
export PATH=$lab/usr/bin:$PATH LD_LIBRARY_PATH=$libraries

openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
for number in {1..40}; do
    openssl req -x509 -new -key key.pem -config /dev/null -subj "/CN=certificate $number" -days 30 >> all.pem
    [ "$number" != 32 ] || cp all.pem first.pem
done
export PASSWORD=password
certtool() { "$lab/usr/bin/certtool" --inder --p12-info --password "$PASSWORD" > out 2> err; }

for count in 32 40; do
    source=$([ $count = 32 ] && echo first.pem || echo all.pem)
    openssl pkcs12 -export -inkey key.pem -in "$source" -passout env:PASSWORD -out $count.p12
    read=$(openssl pkcs12 -in $count.p12 -nokeys -passin env:PASSWORD | grep -c 'BEGIN CERTIFICATE')
    [ "$read" = $count ] || changed "openssl reads $read of $count"
    certtool < $count.p12 || changed "certtool fails on $count: $(cat err)"
    shown=$(grep -c 'BEGIN CERTIFICATE' out)
    [ "$shown" = 32 ] || changed "certtool shows $shown of $count"
    [ ! -s err ] || changed "certtool says: $(cat err)"
done
echo 'as described: certtool shows 32 of 40 certificates and says nothing'
