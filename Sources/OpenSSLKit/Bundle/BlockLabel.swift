// SPDX-License-Identifier: Apache-2.0

/// What a block of text says that it holds (RFC 7468, sections 5 to 13, with the older spellings that programs write).
enum BlockLabel {
    /// Certificates, or a message that carries them: which of both, the content tells.
    case certificates
    /// A certificate with what OpenSSL appends to it.
    case trustedCertificate
    /// Anything else.
    case other(BundlePart)

    init(_ label: String) {
        switch label {
        case "CERTIFICATE", "X509 CERTIFICATE", "X.509 CERTIFICATE", "PKCS7", "PKCS #7 SIGNED DATA", "CMS":
            self = .certificates
        case "TRUSTED CERTIFICATE": self = .trustedCertificate
        case "CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST": self = .other(.request)
        case "X509 CRL", "CRL": self = .other(.revocationList)
        case "PUBLIC KEY": self = .other(.publicKey)
        case "ATTRIBUTE CERTIFICATE": self = .other(.attributeCertificate)
        case "PKCS12": self = .other(.keyFile)
        case _ where label.hasSuffix("PRIVATE KEY"): self = .other(.privateKey)
        case _ where label.hasSuffix("PUBLIC KEY"): self = .other(.publicKey)
        case _ where label.hasSuffix(" PARAMETERS"): self = .other(.parameters)
        default: self = .other(.block(label))
        }
    }

    /// Whether a block may begin with the one label and end with the other: some programs write both spellings.
    static func areAlike(_ first: String, _ second: String) -> Bool {
        switch (BlockLabel(first), BlockLabel(second)) {
        case (.other(.block(let one)), .other(.block(let other))): one == other
        case (.other(let one), .other(let other)): one == other
        case (.other, _), (_, .other): false
        default: true
        }
    }
}
