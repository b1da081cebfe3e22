#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: libp11 0.4.12-0.1 (OpenSSL's engine), on SoftHSM 2.6.1 (Debian 12); GnuTLS 3.7.9-2+deb12u7 beside it.
# Expected: the `pin-value` of a PKCS#11 URI is the PIN that the key needs (RFC 7512 section 2.4); a key with
#   CKA_ALWAYS_AUTHENTICATE wants it once more, by C_Login with CKU_CONTEXT_SPECIFIC (PKCS #11 2.40 base, section
#   4.9).
# Seen: the URI's PIN logs in, but for the second login libp11 asks on the terminal, "Enter PKCS#11 key PIN for …".
#   Without a terminal: "UI_process:processing error", no signature. A key without that attribute signs. GnuTLS gives
#   the PIN that it has been given to both logins.
# Why it matters: what signs unattended with an ordinary key stands still with a qualified one, and the reason is not
#   in the error. It is one of the reasons why the client calls PKCS#11 itself.
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
    libengine-pkcs11-openssl=0.4.12-0.1 openssl=3.0.22-1~deb12u2 gnutls-bin=3.7.9-2+deb12u7 \
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

for key in plain always; do
    [ $key = plain ] && option=() || option=(--always-auth)
    pkcs11-tool --module "$module" --token-label lab --login --pin 123456 --keypairgen --key-type rsa:2048 \
        --id "$([ $key = plain ] && echo 01 || echo 02)" --label $key "${option[@]}" > /dev/null 2>&1
done
echo data > data
printf '%s\n' cn=holder signing_key > template
printf '%s\n' openssl_conf=all '[all]' engines=list '[list]' pkcs11=p11 '[p11]' engine_id=pkcs11 \
    "dynamic_path=$libraries/engines-3/pkcs11.so" "MODULE_PATH=$module" init=0 > openssl.cnf

engine() { # setsid: there is no terminal to ask on
    OPENSSL_CONF=openssl.cnf setsid -w openssl dgst -sha256 -engine pkcs11 -keyform engine -out signature \
        -sign "pkcs11:token=lab;object=$1;type=private?pin-value=123456" data < /dev/null > said 2>&1
}
gnutls() {
    certtool --provider "$module" --generate-request --template template --outfile request.pem \
        --load-privkey "pkcs11:token=lab;object=$1;type=private?pin-value=123456" \
        --load-pubkey "pkcs11:token=lab;object=$1;type=public" < /dev/null > said 2>&1
}
for key in plain always; do gnutls $key || changed "GnuTLS, $key: $(cat said)"; done
engine plain || changed "libp11, plain: $(cat said)"
! engine always || changed "libp11 signs with the key that always authenticates"
grep -q 'Enter PKCS#11 key PIN for always' said || changed "libp11: $(cat said)"
echo 'as described: libp11 asks for the PIN of an always-authenticate key that the URI has given; GnuTLS does not'
