#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: pkcs11-tool of OpenSC 0.23.0-0.3+deb12u2, with SoftHSM 2.6.1 (Debian 12).
# Expected: `--label` is "the name of the object to operate on" (pkcs11-tool(1)); no such key: an error.
# Seen: `--sign --label NAME` does not look at NAME. With two keys it signs with the first that the module lists, and
#   with a name that no key has it signs too, exit code 0. Only `--id` selects. (OpenSC issue 3635 says the same of
#   later releases.)
# Why it matters: a check by hand or in a test that a certain key signs proves nothing when it names the key by its
#   label. Our tests and our guides give CKA_ID, and verify against the public key that is meant.
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
    opensc=0.23.0-0.3+deb12u2 softhsm2=2.6.1-2.1 openssl=3.0.22-1~deb12u2 > /dev/null ||
    unavailable 'packages of these versions'
rm -f archives/libc6_*
for package in archives/*.deb; do dpkg -x "$package" .; done
libraries=$(echo "$lab"/usr/lib/*-linux-gnu)
export PATH=$lab/usr/bin:$PATH LD_LIBRARY_PATH=$libraries

module=$lab/usr/lib/softhsm/libsofthsm2.so
mkdir tokens && printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\n' "$lab" > softhsm2.conf
export SOFTHSM2_CONF=$lab/softhsm2.conf HOME=$lab
softhsm2-util --module "$module" --init-token --free --label lab --so-pin 12345678 --pin 123456 > /dev/null

p11() { pkcs11-tool --module "$module" --token-label lab --login --pin 123456 "$@" 2> err; }
head -c 32 /dev/zero > digest
for key in 1 2; do
    p11 --keypairgen --key-type EC:prime256v1 --id 0$key --label key$key > /dev/null
    p11 --read-object --type pubkey --id 0$key --output-file $key.der > /dev/null
done
signer() { # prints which of the two keys made a signature with the options
    if ! p11 --sign --mechanism ECDSA --signature-format openssl --input-file digest --output-file signature \
        "$@" > /dev/null; then echo "none: $(cat err)"; return; fi
    for key in 1 2; do
        if openssl pkeyutl -verify -pubin -keyform DER -inkey $key.der -in digest -sigfile signature > /dev/null
        then echo $key; fi
    done
}
for key in 1 2; do
    [ "$(signer --id 0$key)" = $key ] || changed "--id 0$key: $(signer --id 0$key)"
done
one=$(signer --label key1) two=$(signer --label key2) none=$(signer --label 'no such key')
[[ $one =~ ^[12]$ ]] || changed "by label: $one"
[ "$one" = "$two" ] || changed "key1 was signed with by $one, key2 by $two"
[ "$none" = "$one" ] || changed "a name that no key has: $none"
echo "as described: key $one signs, whether --label says key1, key2 or 'no such key'"
