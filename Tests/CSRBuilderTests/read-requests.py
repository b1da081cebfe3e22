# SPDX-License-Identifier: Apache-2.0
"""Prints what the `cryptography` package reads in certificate requests: a line of JSON for each file."""

import json
import sys

from cryptography import x509
from cryptography.x509.oid import ExtensionOID, ObjectIdentifier

for path in sys.argv[1:]:
    with open(path, "rb") as file:
        request = x509.load_pem_x509_csr(file.read())
    extensions = {extension.oid: extension.value for extension in request.extensions}
    statements = extensions.get(ObjectIdentifier("1.3.6.1.5.5.7.1.3"))
    names = extensions.get(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, [])
    print(
        json.dumps(
            {
                "verifies": request.is_signature_valid,
                "subject": [f"{part.oid.dotted_string}={part.value}" for part in request.subject],
                "policies": [
                    policy.policy_identifier.dotted_string
                    for policy in extensions[ExtensionOID.CERTIFICATE_POLICIES]
                ],
                "emails": [name.value for name in names],
                "statements": statements and statements.value.hex(),
            }
        )
    )
