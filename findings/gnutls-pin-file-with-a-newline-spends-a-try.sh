#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: p11tool of GnuTLS 3.7.9-2+deb12u7 over p11-kit 0.24.1, on SoftHSM 2.6.1 (Debian 12).
# Expected: RFC 7512 section 2.4 calls what `pin-source` names "an object containing the PIN", and no more. A text
#   file ends with a newline (POSIX XBD 3.403), and secrets from files are ordinarily read up to it: openssl's
#   `-passin file:`, certutil `-f`, gpg `--passphrase-file`.
# Seen: every byte of the file is sent, the newline too: "Error in provided PIN", and the token notes a wrong try
#   (CKF_USER_PIN_COUNT_LOW). The same digits without the newline log in.
# Why it matters: `echo PIN > file` costs a card one of three tries at each run. What reads a secret from a file has
#   to take the newline off, as `--pin-from file:` does, and never tries again by itself.
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
    gnutls-bin=3.7.9-2+deb12u7 softhsm2=2.6.1-2.1 opensc=0.23.0-0.3+deb12u2 > /dev/null ||
    unavailable 'packages of these versions'
rm -f archives/libc6_*
for package in archives/*.deb; do dpkg -x "$package" .; done
libraries=$(echo "$lab"/usr/lib/*-linux-gnu)
export PATH=$lab/usr/bin:$PATH LD_LIBRARY_PATH=$libraries

module=$lab/usr/lib/softhsm/libsofthsm2.so
mkdir tokens && printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\n' "$lab" > softhsm2.conf
export SOFTHSM2_CONF=$lab/softhsm2.conf HOME=$lab
softhsm2-util --module "$module" --init-token --free --label lab --so-pin 12345678 --pin 123456 > /dev/null

p11() { pkcs11-tool --module "$module" --token-label lab "$@" 2> /dev/null; }
p11 --login --pin 123456 --keypairgen --key-type EC:prime256v1 --id 01 --label key > /dev/null
printf 123456 > bare
printf '123456\n' > text

list() { # FILE: lists the private keys with the PIN that it holds
    p11tool --provider "$module" --login --list-privkeys "pkcs11:token=lab?pin-source=$lab/$1" < /dev/null > said 2>&1
}
low() { p11 --list-slots | grep -c 'user PIN count low' || return 0; }

list bare || changed "the PIN alone: $(cat said)"
grep -q 'object=key;type=private' said || changed "$(cat said)"
[ "$(low)" = 0 ] || changed 'the right PIN spent a try'
! list text || changed 'a file that ends with a newline is taken'
grep -q 'Error in provided PIN' said || changed "$(cat said)"
[ "$(low)" = 1 ] || changed 'no try was spent'
echo 'as described: a PIN file that ends with a newline is a wrong PIN to GnuTLS, and spends a try'
