#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: cryptography 50.0.2 (PyPI), with its own OpenSSL 4.0.3.
# Expected: ML-DSA keys have a PKCS #8 form and certificates (RFC 9881 sections 4 and 6), and a PKCS#12 carries any
#   PKCS #8 key (RFC 7292 section 4.2.1).
# Seen: key, certificate, request and PKCS #8 of ML-DSA-65 are made and verified, but serialize_key_and_certificates
#   raises TypeError "Key must be RSA, DSA, EllipticCurve, ED25519, or ED448 private key, or None", with the
#   encryptions as without. An Ed25519 key goes in. A PKCS#7 signature (RFC 9882) is refused too: "Only RSA & EC keys
#   are supported at this time."
# Why it matters: "pyca supports ML-DSA" is true for requests and certificates only. Test files of PKCS#12 and CMS
#   with ML-DSA cannot come from here.
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
venv/bin/pip install -q cryptography==50.0.2 || unavailable 'packages of these versions'

cat > mldsa.py << 'EOF'
import datetime, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa
from cryptography.hazmat.primitives.serialization import pkcs7, pkcs12

name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "holder")])

def certificate(key):
    start = datetime.datetime(2026, 1, 1)
    return (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
            .serial_number(1).not_valid_before(start).not_valid_after(start.replace(year=2036)).sign(key, None))

def pack(key, encryption):
    return pkcs12.serialize_key_and_certificates(b"key", key, certificate(key), None, encryption)

def refused(what, make, words):
    try: make()
    except TypeError as error:
        if words not in str(error): sys.exit(f"{what}: {error}")
    else: sys.exit(f"{what} is made")

key = mldsa.MLDSA65PrivateKey.generate()
made = certificate(key)
made.verify_directly_issued_by(made)
request = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, None)
if not request.is_signature_valid: sys.exit("request")
der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
serialization.load_der_private_key(der, None)

locked = serialization.BestAvailableEncryption(b"password")
pack(ed25519.Ed25519PrivateKey.generate(), locked)
for encryption in locked, serialization.NoEncryption():
    refused("PKCS#12", lambda: pack(key, encryption), "Key must be RSA, DSA, EllipticCurve, ED25519")
signer = pkcs7.PKCS7SignatureBuilder().set_data(b"data")
refused("PKCS#7", lambda: signer.add_signer(made, key, hashes.SHA512()), "Only RSA & EC keys are supported")
EOF
venv/bin/python mldsa.py > said 2>&1 || changed "$(cat said)"
echo 'as described: ML-DSA has certificates, requests and PKCS #8, but neither PKCS#12 nor PKCS#7'
