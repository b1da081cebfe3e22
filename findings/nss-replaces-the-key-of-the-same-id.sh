#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: softoken of NSS 2:3.87.1-1+deb12u4 (Debian 12), called through PKCS#11.
# Expected: C_GenerateKeyPair makes new objects (PKCS #11 2.40 base, section 5.13.2); CKA_ID is there to distinguish
#   several keys, uniqueness is the application's affair and nothing says that an older key goes.
# Seen: a second pair under a CKA_ID in use is CKR_OK, and the first private key is gone: one object is left, with the
#   label and the public point of the second.
# Why it matters: a certificate that was ordered with the first key is then without one, and no error told. CKA_ID
#   must be fresh for each key (ours is random and written down before), and "a key of this ID is there" does not mean
#   the same key.
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
need 'python3 --version' python3

# Debian's packages and all they need but the C library are unpacked here; nothing is installed.
mkdir -p archives/partial && : > status && apt-get update -qq
apt-get -qqy --no-install-recommends --download-only -o Dir::State::status="$lab/status" \
    -o Dir::Cache::archives="$lab/archives" -o APT::Sandbox::User=root install \
    libnss3=2:3.87.1-1+deb12u4 libnss3-tools=2:3.87.1-1+deb12u4 > /dev/null ||
    unavailable 'packages of these versions'
rm -f archives/libc6_*
for package in archives/*.deb; do dpkg -x "$package" .; done
libraries=$(echo "$lab"/usr/lib/*-linux-gnu)
export PATH=$lab/usr/bin:$PATH LD_LIBRARY_PATH=$libraries

mkdir db && echo password > password && certutil -N -d sql:db -f password
cat > generate.py << 'EOF'
import ctypes, sys
from ctypes import byref, c_char_p, c_ulong, c_void_p

class Initialize(ctypes.Structure):
    _fields_ = [("mutexes", c_void_p * 4), ("flags", c_ulong), ("parameters", c_char_p), ("reserved", c_void_p)]
class Attribute(ctypes.Structure):
    _fields_ = [("type", c_ulong), ("value", c_void_p), ("length", c_ulong)]
class Mechanism(ctypes.Structure):
    _fields_ = [("type", c_ulong), ("parameter", c_void_p), ("length", c_ulong)]

CLASS, LABEL, ID, SIGN, VERIFY, EC_PARAMS, EC_POINT = 0, 3, 0x102, 0x108, 0x10A, 0x180, 0x181
TOKEN, PRIVATE, SENSITIVE, YES = 1, 2, 0x103, b"\x01"
library = ctypes.CDLL(sys.argv[1])
table = c_void_p()
library.C_GetFunctionList(byref(table))
entries = ctypes.cast(table.value + 8, ctypes.POINTER(c_void_p))  # behind CK_VERSION and its padding

def call(index, *arguments):
    code = ctypes.CFUNCTYPE(c_ulong)(entries[index])(*arguments)
    if code: sys.exit(f"function {index}: CKR 0x{code:x}")

def template(pairs):
    buffers = [ctypes.create_string_buffer(value, len(value)) for _, value in pairs]
    rows = [Attribute(t, ctypes.cast(b, c_void_p), len(b)) for (t, _), b in zip(pairs, buffers)]
    return (Attribute * len(rows))(*rows), buffers

session, password = c_ulong(), b"password"
settings = "configdir='sql:db' certPrefix='' keyPrefix='' secmod='secmod.db' flags=''".encode()
call(0, byref(Initialize(flags=2, parameters=settings)))
call(12, c_ulong(2), c_ulong(6), None, None, byref(session))
call(18, session, c_ulong(1), password, c_ulong(len(password)))

def generate(identifier, label):
    p256 = bytes.fromhex("06082a8648ce3d030107")
    public, keep = template([(TOKEN, YES), (VERIFY, YES), (ID, identifier), (LABEL, label), (EC_PARAMS, p256)])
    private, kept = template([(TOKEN, YES), (PRIVATE, YES), (SENSITIVE, YES), (SIGN, YES), (ID, identifier),
                              (LABEL, label)])
    handles = c_ulong(), c_ulong()
    call(59, session, byref(Mechanism(0x1040, None, 0)), public, c_ulong(len(public)), private, c_ulong(len(private)),
         byref(handles[0]), byref(handles[1]))

def objects(kind, attribute):
    wanted, keep = template([(CLASS, kind.to_bytes(8, "little"))])
    found, count = (c_ulong * 100)(), c_ulong()
    call(26, session, wanted, c_ulong(1))
    call(27, session, found, c_ulong(100), byref(count))
    call(28, session)
    values = []
    for handle in found[: count.value]:
        row, buffers = template([(attribute, bytes(200))])
        call(24, session, c_ulong(handle), row, c_ulong(1))
        values.append(buffers[0].raw[: row[0].length])
    return values

generate(b"\x01\x02", b"first")
generate(b"\x03", b"other")
before = objects(2, EC_POINT)
print("before", sorted(v.decode() for v in objects(3, LABEL)))
generate(b"\x01\x02", b"second")
print("after", sorted(v.decode() for v in objects(3, LABEL)))
print("points that stayed", len(set(before) & set(objects(2, EC_POINT))))
EOF
python3 generate.py "$(find "$libraries" -name libsoftokn3.so)" > said 2>&1 || changed "$(cat said)"
expected="before ['first', 'other']
after ['other', 'second']
points that stayed 1"
[ "$(cat said)" = "$expected" ] || changed "$(cat said)"
echo 'as described: the second pair under a CKA_ID replaces the first, and CKR_OK is all that is said'
