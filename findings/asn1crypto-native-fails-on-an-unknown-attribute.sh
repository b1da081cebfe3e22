#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: asn1crypto 1.5.1 (PyPI), the parser beneath pyHanko and others; requests made by cryptography 50.0.2.
# Expected: the attributes of a request are an open set, each a type and a SET OF values of whatever kind (RFC 2986
#   section 4.1, RFC 5652 section 5.3 likewise); a reader passes by what it does not know. unstructuredName is as old
#   as PKCS #9 (RFC 2985 section 5.2).
# Seen: a request with an ordinary subject, key and subjectAltName and one attribute that the library does not list:
#   `.native` raises ValueError "Data for field 0 (…) does not match any of the field definitions", and so does
#   `.native` of all its attributes. Read one by one they give type and extensions. With challengePassword, which is
#   listed, all of it works.
# Why it matters: our requests carry extensionRequest alone, and this is a reason to leave it so. A desk that shows
#   requests with this library would call ours broken, though its signature and key are right.
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
venv/bin/pip install -q asn1crypto==1.5.1 cryptography==50.0.2 || unavailable 'packages of these versions'

cat > request.py << 'EOF'
import sys
from asn1crypto.csr import CertificationRequest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

key = ec.generate_private_key(ec.SECP256R1())
subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "holder")])

def parsed(oid=None):
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).add_extension(
        x509.SubjectAlternativeName([x509.RFC822Name("holder@example.org")]), False)
    if oid: request = request.add_attribute(x509.ObjectIdentifier(oid), b"anything")
    made = request.sign(key, hashes.SHA256())
    assert made.is_signature_valid and len(made.extensions) == 1
    return CertificationRequest.load(made.public_bytes(serialization.Encoding.DER))

for oid, count in ((None, 1), ("1.2.840.113549.1.9.7", 2)):  # none, challengePassword
    if len(parsed(oid).native["certification_request_info"]["attributes"]) != count: sys.exit(f"{oid}: not {count}")

for oid in ("1.2.840.113549.1.9.2", "1.2.3.4.5"):  # unstructuredName, nobody's
    request = parsed(oid)
    attributes = request["certification_request_info"]["attributes"]
    for whole in request, attributes:
        try: sys.exit(f"{oid} is read: {whole.native}")
        except ValueError as error:
            if "does not match any of the field definitions" not in str(error): sys.exit(f"{oid}: {error}")
    if sorted(a["type"].native for a in attributes) != sorted([oid, "extension_request"]): sys.exit("types")
    wanted = [a["values"].native for a in attributes if a["type"].native == "extension_request"]
    if len(wanted) != 1 or len(wanted[0][0]) != 1: sys.exit("extensions")
EOF
venv/bin/python request.py > said 2>&1 || changed "$(cat said)"
echo "as described: one attribute that asn1crypto does not list, and .native of the request raises"
