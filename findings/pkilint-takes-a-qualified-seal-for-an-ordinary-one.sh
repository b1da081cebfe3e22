#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Version: pkilint 0.13.3 (PyPI), `lint_etsi_cert`; certificates made by cryptography 50.0.2.
# Expected: QCP-l-qscd, QCP-l and QCP-n are certificate policies of ETSI EN 319 411-2 (section 5.3) beside QCP-n-qscd,
#   with requirements on profiles of their own; the statements in the certificate (EN 319 412-5: QcCompliance, QcSSCD,
#   QcType eseal) and the policy say which.
# Seen: there is a type for QCP-n-qscd and none for the other three. `--detect` calls a seal on a device
#   NCP-LEGAL-PERSON-CERTIFICATE, a qualified certificate without device NCP-NATURAL-PERSON-CERTIFICATE, and lints
#   them as if they were not qualified.
# Why it matters: "no errors" about a qualified seal was said of an ordinary certificate. In our tests the type is
#   named, and where there is no type pkilint is not asked.
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
venv/bin/pip install -q pkilint==0.13.3 cryptography==50.0.2 || unavailable 'packages of these versions'

cat > certificates.py << 'EOF'
import datetime
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

O = x509.ObjectIdentifier
def tlv(tag, *parts): body = b"".join(parts); return bytes([tag, len(body)]) + body
def statement(oid, *info): return tlv(0x30, tlv(6, bytes.fromhex(oid)), *info)

key, ca = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
def name(*pairs): return x509.Name([x509.NameAttribute(O(oid), value) for oid, value in pairs])
issuer = name(("2.5.4.6", "CZ"), ("2.5.4.10", "Lab CA"), ("2.5.4.97", "NTRCZ-00000000"), ("2.5.4.3", "Lab CA"))
person = name(("2.5.4.6", "CZ"), ("2.5.4.42", "Jan"), ("2.5.4.4", "Example"), ("2.5.4.3", "Jan Example"),
              ("2.5.4.5", "1"))
body = name(("2.5.4.6", "CZ"), ("2.5.4.10", "Example"), ("2.5.4.97", "NTRCZ-00000000"), ("2.5.4.3", "Example"))

def certificate(file, subject, policy, kind, device):
    sort = tlv(0x30, tlv(6, bytes.fromhex("04008e4601060" + kind)))
    statements = [statement("04008e460101"), statement("04008e460106", sort)]
    location = tlv(0x30, tlv(0x16, b"https://ca.example.org/pds"), tlv(0x13, b"en"))
    statements.append(statement("04008e460105", tlv(0x30, location)))
    if device: statements.append(statement("04008e460104"))
    uri = x509.UniformResourceIdentifier("http://ca.example.org/")
    start = datetime.datetime(2026, 1, 1)
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(start).not_valid_after(start.replace(year=2027)))
    for extension, critical in (
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(ca.public_key()), False),
        (x509.KeyUsage(False, True, False, False, False, False, False, False, False), True),
        (x509.CertificatePolicies([x509.PolicyInformation(O("0.4.0.194112.1." + policy), None)]), False),
        (x509.CRLDistributionPoints([x509.DistributionPoint([uri], None, None, None)]), False),
        (x509.AuthorityInformationAccess([x509.AccessDescription(O("1.3.6.1.5.5.7.48.2"), uri)]), False),
        (x509.UnrecognizedExtension(O("1.3.6.1.5.5.7.1.3"), tlv(0x30, *statements)), False)):
        builder = builder.add_extension(extension, critical)
    with open(file, "wb") as out: out.write(builder.sign(ca, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

certificate("n-qscd.pem", person, "2", "1", True)
certificate("n.pem", person, "0", "1", False)
certificate("l-qscd.pem", body, "3", "2", True)
certificate("l.pem", body, "1", "2", False)
EOF
venv/bin/python certificates.py
detected() { # what the linter finds in the certificate is another matter: its exit code counts that
    if venv/bin/lint_etsi_cert lint --detect --output "$1.pem" 2>&1 > report | grep -- -CERTIFICATE; then :; fi
}
while read -r kind type; do
    [ "$(detected "$kind")" = "$type" ] || changed "QCP-$kind is $(detected "$kind")"
done << EOF
n-qscd QCP-N-QSCD-EIDAS-FINAL-CERTIFICATE
n NCP-NATURAL-PERSON-CERTIFICATE
l-qscd NCP-LEGAL-PERSON-CERTIFICATE
l NCP-LEGAL-PERSON-CERTIFICATE
EOF
! venv/bin/lint_etsi_cert lint --help | grep -qE 'QCP-(L|N-(EIDAS|FINAL))' || changed 'there are more qualified types'
echo 'as described: of the four qualified policies QCP-n-qscd alone is known, the others are linted as unqualified'
