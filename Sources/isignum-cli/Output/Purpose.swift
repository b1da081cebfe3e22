// SPDX-License-Identifier: Apache-2.0

/// Extended purposes of certificates by the names that their standards give them.
enum Purpose {
    private static let names = [
        "1.3.6.1.5.5.7.3.1": "serverAuth",
        "1.3.6.1.5.5.7.3.2": "clientAuth",
        "1.3.6.1.5.5.7.3.3": "codeSigning",
        "1.3.6.1.5.5.7.3.4": "emailProtection",
        "1.3.6.1.5.5.7.3.8": "timeStamping",
        "1.3.6.1.5.5.7.3.9": "OCSPSigning",
        "1.3.6.1.5.5.7.3.27": "cmcCA",
        "1.3.6.1.5.5.7.3.28": "cmcRA",
        "1.3.6.1.5.5.7.3.36": "documentSigning",
        "1.3.6.1.5.2.3.4": "pkinitClientAuth",
        "1.3.6.1.5.2.3.5": "pkinitKDC",
        "1.3.6.1.4.1.311.10.3.12": "msDocumentSigning",
        "1.3.6.1.4.1.311.20.2.1": "msEnrolmentAgent",
        "1.3.6.1.4.1.311.20.2.2": "msSmartcardLogin",
        "1.2.840.113583.1.1.5": "adobeAuthenticDocuments",
        "2.5.29.37.0": "anyExtendedKeyUsage",
        "0.4.0.1862.1.6.3": "qctWeb",
    ]

    /// The name of a dotted identifier, or itself.
    static func name(_ identifier: String) -> String { names[identifier] ?? identifier }

    /// The dotted identifier of a name.
    static func named(_ name: String) -> String { names.first { $0.value == name }?.key ?? name }

    /// Extensions by the names of RFC 5280.
    static func ofExtension(_ identifier: String) -> String {
        let names = [
            "2.5.29.14": "subjectKeyIdentifier", "2.5.29.15": "keyUsage", "2.5.29.17": "subjectAltName",
            "2.5.29.19": "basicConstraints", "2.5.29.30": "nameConstraints", "2.5.29.31": "cRLDistributionPoints",
            "2.5.29.32": "certificatePolicies", "2.5.29.35": "authorityKeyIdentifier", "2.5.29.36": "policyConstraints",
            "2.5.29.37": "extKeyUsage", "1.3.6.1.5.5.7.1.1": "authorityInfoAccess", "1.3.6.1.5.5.7.1.3": "qcStatements",
        ]
        return names[identifier].map { "\($0), \(identifier)" } ?? identifier
    }
}
