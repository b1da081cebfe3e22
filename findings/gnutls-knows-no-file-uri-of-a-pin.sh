#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: p11tool of GnuTLS 3.7.9-2+deb12u7 over p11-kit 0.24.1, on SoftHSM 2.6.1 (Debian 12).
# Expected: a `pin-source` that is a URI "SHOULD be treated as an object containing the PIN"; `file:` is the first
#   kind that RFC 7512 section 2.4 names, and that of its examples (section 3).
# Seen: `pin-source=file:/path` is not understood: the person is asked, or without a terminal "No PIN given". The same
#   file as `pin-source=/path`, which is no URI, is read. libp11 0.4.12 reads both.
# Why it matters: one PKCS#11 URI does not serve both libraries unless it names the bare path; the form of the
#   standard is the one that fails. URIs that we write carry neither pin-source nor pin-value.
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
    gnutls-bin=3.7.9-2+deb12u7 libengine-pkcs11-openssl=0.4.12-0.1 openssl=3.0.22-1~deb12u2 \
    softhsm2=2.6.1-2.1 opensc=0.23.0-0.3+deb12u2 > /dev/null ||
    unavailable 'packages of these versions'
rm -f archives/libc6_*
for package in archives/*.deb; do dpkg -x "$package" .; done
libraries=$(echo "$lab"/usr/lib/*-linux-gnu)
export PATH=$lab/usr/bin:$PATH LD_LIBRARY_PATH=$libraries

module=$lab/usr/lib/softhsm/libsofthsm2.so
mkdir tokens && printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\n' "$lab" > softhsm2.conf
export SOFTHSM2_CONF=$lab/softhsm2.conf HOME=$lab
softhsm2-util --module "$module" --init-token --free --label lab --so-pin 12345678 --pin 123456 > /dev/null

pkcs11-tool --module "$module" --token-label lab --login --pin 123456 --keypairgen --key-type EC:prime256v1 --id 01 \
    --label key > /dev/null 2>&1
printf 123456 > pin
echo data > data
printf '%s\n' openssl_conf=all '[all]' engines=list '[list]' pkcs11=p11 '[p11]' engine_id=pkcs11 \
    "dynamic_path=$libraries/engines-3/pkcs11.so" "MODULE_PATH=$module" init=0 > openssl.cnf

gnutls() {
    p11tool --provider "$module" --login --list-privkeys "pkcs11:token=lab?pin-source=$1" < /dev/null > said 2>&1
}
engine() {
    OPENSSL_CONF=openssl.cnf openssl dgst -sha256 -engine pkcs11 -keyform engine -out signature \
        -sign "pkcs11:token=lab;object=key;type=private?pin-source=$1" data < /dev/null > said 2>&1
}
engine "file:$lab/pin" || changed "libp11 with file: $(cat said)"
engine "$lab/pin" || changed "libp11 with a path: $(cat said)"
gnutls "$lab/pin" || changed "GnuTLS with a path: $(cat said)"
grep -q 'object=key;type=private' said || changed "$(cat said)"
! gnutls "file:$lab/pin" || changed "GnuTLS lists with file: $(cat said)"
grep -q 'No PIN given' said || changed "GnuTLS with file: $(cat said)"
echo 'as described: GnuTLS reads the PIN from /path and not from file:/path, libp11 from both'
