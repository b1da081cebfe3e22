#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: tpm2-pkcs11 1.9.0-0.1+deb12u1 on swtpm 0.7.1-1.3 (Debian 12); both know TPM2_ECC_NIST_P521.
# Expected: CK_MECHANISM_INFO tells the sizes that a mechanism takes (PKCS #11 2.40 base, section 3.5): CKM_ECDSA
#   "keySize={192,638}" covers P-521, and a key that C_GenerateKeyPair made with CKA_SIGN signs.
# Seen: the pair is generated, CKA_SIGN and ECDSA among its mechanisms; each C_SignInit then fails with
#   CKR_HOST_MEMORY ("d2i_ASN1_OCTET_STRING: … too long"). A P-384 key beside it signs.
# Why it matters: neither the mechanism list nor a successful generation proves that a key signs. It is tried, with a
#   request's self-check, before a CA hears of it; and CKR_HOST_MEMORY is no reason to advise closing programs.
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
need 'python3 --version' python3

# Debian's packages and all they need but the C library are unpacked here; nothing is installed.
mkdir -p archives/partial && : > status && apt-get update -qq
apt-get -qqy --no-install-recommends --download-only -o Dir::State::status="$lab/status" \
    -o Dir::Cache::archives="$lab/archives" -o APT::Sandbox::User=root install \
    swtpm=0.7.1-1.3 libtpm2-pkcs11-1=1.9.0-0.1+deb12u1 tpm2-tools=5.4-1 \
    libtss2-tcti-swtpm0=3.2.1-3 opensc=0.23.0-0.3+deb12u2 > /dev/null ||
    unavailable 'packages of these versions'
rm -f archives/libc6_*
for package in archives/*.deb; do dpkg -x "$package" .; done
libraries=$(echo "$lab"/usr/lib/*-linux-gnu)
export PATH=$lab/usr/bin:$PATH LD_LIBRARY_PATH=$libraries

export LD_LIBRARY_PATH=$libraries:$libraries/swtpm
mkdir state store
# The libraries expect swtpm's control channel on the port behind that of the commands.
port=$(python3 -c 'import socket
for port in range(23210, 24000, 2):
    pair = [socket.socket(), socket.socket()]
    try: [s.bind(("127.0.0.1", port + i)) for i, s in enumerate(pair)]
    except OSError: continue
    print(port); break')
swtpm socket --tpm2 --tpmstate dir="$lab/state" --server type=tcp,port="$port",bindaddr=127.0.0.1 \
    --ctrl type=tcp,port=$((port + 1)),bindaddr=127.0.0.1 --flags not-need-init,startup-clear > swtpm.log 2>&1 &
server=$!
export TPM2_PKCS11_TCTI=swtpm:host=127.0.0.1,port=$port TPM2TOOLS_TCTI=swtpm:host=127.0.0.1,port=$port
export TPM2_PKCS11_STORE=$lab/store HOME=$lab
for _ in {1..50}; do ! tpm2_getcap properties-fixed > /dev/null 2>&1 || break; sleep 0.2; done
kill -0 "$server" 2> /dev/null || unavailable "$(cat swtpm.log)"

p11() { # there is no resource manager: each call begins with an empty TPM
    for kind in -t -l -s; do tpm2_flushcontext $kind; done
    pkcs11-tool --module "$libraries/libtpm2_pkcs11.so.1" "$@" > said 2>&1
}
p11 --slot-index 0 --init-token --label lab --so-pin 12345678 || unavailable "$(cat said)"
p11 --token-label lab --login --login-type so --so-pin 12345678 --init-pin --new-pin 123456 || unavailable "$(cat said)"
p11 --token-label lab --list-mechanisms
grep -qx '  ECDSA, keySize={192,638}, hw, sign, verify' said || changed "$(grep ECDSA said)"
head -c 48 /dev/zero > digest
for curve in secp384r1 secp521r1; do
    p11 --token-label lab --login --pin 123456 --keypairgen --key-type EC:$curve --id "${curve:4:2}" --label $curve ||
        changed "$curve is not generated: $(cat said)"
done
sign() {
    p11 --token-label lab --login --pin 123456 --sign --mechanism ECDSA --id "$1" --input-file digest \
        --output-file signature
}
sign 38 || changed "P-384: $(cat said)"
! sign 52 || changed 'P-521 signs'
grep -q 'C_SignInit failed: rv = CKR_HOST_MEMORY' said || changed "P-521: $(cat said)"
echo 'as described: P-384 signs; P-521 is announced and generated, and C_SignInit is CKR_HOST_MEMORY'
