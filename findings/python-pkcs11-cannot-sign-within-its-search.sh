#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: python-pkcs11 0.10.1 (PyPI) on SoftHSM 2.6.1-2.1 (Debian 12).
# Expected: an open search keeps another search from being started (PKCS #11 2.40 base, section 5.1.6,
#   CKR_OPERATION_ACTIVE); of signing it says nothing. The documentation of get_objects shows `for obj in
#   session.get_objects(…)` and names no limit.
# Seen: the loop signs with no key: OperationActive at its first sign(). The search is closed only after its last
#   object, and SoftHSM has one operation a session, of whatever kind. list(session.get_objects(…)) first, and each
#   key signs.
# Why it matters: modules differ in what goes together within one session. Whoever searches has to close the search
#   before anything else; a client that keeps it open works on one token and not on the next.
set -euo pipefail
lab=$(mktemp -d)
trap 'rm -rf "$lab"' EXIT
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
venv/bin/pip install -q python-pkcs11==0.10.1 || unavailable 'packages of these versions'

# Debian's packages and all they need but the C library are unpacked here; nothing is installed.
mkdir -p archives/partial && : > status && apt-get update -qq
apt-get -qqy --no-install-recommends --download-only -o Dir::State::status="$lab/status" \
    -o Dir::Cache::archives="$lab/archives" -o APT::Sandbox::User=root install \
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

for id in 01 02; do
    pkcs11-tool --module "$module" --token-label lab --login --pin 123456 --keypairgen --key-type EC:prime256v1 \
        --id $id --label key$id > /dev/null 2>&1
done
cat > loop.py << 'EOF'
import sys, pkcs11
from pkcs11 import Attribute, Mechanism, ObjectClass, exceptions

token = pkcs11.lib(sys.argv[1]).get_token(token_label="lab")
keys, digest = {Attribute.CLASS: ObjectClass.PRIVATE_KEY}, bytes(32)

with token.open(user_pin="123456") as session:
    lengths = [len(key.sign(digest, mechanism=Mechanism.ECDSA)) for key in list(session.get_objects(keys))]
    if lengths != [64, 64]: sys.exit(f"after the search: {lengths}")
with token.open(user_pin="123456") as session:
    try:
        for key in session.get_objects(keys): key.sign(digest, mechanism=Mechanism.ECDSA)
    except exceptions.OperationActive: sys.exit(0)
    sys.exit("a key signs within the search")
EOF
venv/bin/python loop.py "$module" > said 2>&1 || changed "$(cat said)"
echo 'as described: the keys sign after the search, and not within it (OperationActive)'
