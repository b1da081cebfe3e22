// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials

/// What stands in a file beside certificates, or in their place.
public enum BundlePart: Hashable, Sendable {
    /// A request for a certificate (PKCS#10).
    case request
    /// A private key, encrypted or not.
    case privateKey
    /// A public key.
    case publicKey
    /// A revocation list.
    case revocationList
    /// Parameters of keys.
    case parameters
    /// An attribute certificate (RFC 5755): it has no key.
    case attributeCertificate
    /// A PKCS#12 file.
    case keyFile
    /// A key store of Java's own kind.
    case javaKeyStore
    /// A message (PKCS#7, CMS) without certificates.
    case message
    /// A certificate that the file itself marks as not to be trusted.
    case distrustedCertificate
    /// HTML or XML.
    case page
    /// A PDF document.
    case document
    /// A ZIP archive.
    case archive
    /// A block of text with an unknown label: foreign text, not yet safe for a terminal.
    case block(String)
    /// Anything else.
    case other

    /// A stable name for scripts.
    public var code: String {
        switch self {
        case .request: "request"
        case .privateKey: "private_key"
        case .publicKey: "public_key"
        case .revocationList: "crl"
        case .parameters: "parameters"
        case .attributeCertificate: "attribute_certificate"
        case .keyFile: "pkcs12"
        case .javaKeyStore: "java_key_store"
        case .message: "message"
        case .distrustedCertificate: "distrusted_certificate"
        case .page: "page"
        case .document: "pdf"
        case .archive: "zip"
        case .block: "unknown_block"
        case .other: "other"
        }
    }

    /// What DER, or a message of indefinite length, most likely is; it is not looked at further than that takes.
    init(der: [UInt8]) {
        guard der.first == 0x30, let content = DERElement.content(of: der) else {
            self = .other
            return
        }
        let next = DERElement.length(of: der, at: content).map { content + $0 }
        let tags = (der[content], next.flatMap { $0 < der.count ? der[$0] : nil })
        let version = tags.0 == 0x02 && content + 2 < der.count ? der[content + 2] : 0xFF
        switch tags {
        case (0x06, _): self = .message
        case (0x02, 0x30?) where version == 3: self = .keyFile
        // RFC 5208 and 5958, 8017 (appendix A.1.2) and 5915.
        case (0x02, 0x30?), (0x02, 0x02?), (0x02, 0x04?): self = .privateKey
        // RFC 5208, section 6: encrypted.
        case (0x30, 0x04?): self = .privateKey
        case (0x30, 0x03?): self = .publicKey
        default: self = Self.isRequest(der) ? .request : Self.isRevocationList(der) ? .revocationList : .other
        }
    }

    /// What a file without a block and without DER most likely is; `nil` for an empty one.
    init?(text: [UInt8]) {
        let start = text.drop(while: Base64Text.isWhitespace)
        let plain = start.drop(while: TextBlocks.isMarkOrBlank).drop(while: Base64Text.isWhitespace)
        guard !plain.isEmpty else { return nil }
        switch true {
        case plain.starts(with: "<".utf8): self = .page
        case start.starts(with: "%PDF".utf8): self = .document
        case start.starts(with: [0x50, 0x4B, 0x03, 0x04]): self = .archive
        case start.starts(with: [0xFE, 0xED, 0xFE, 0xED]), start.starts(with: [0xCE, 0xCE, 0xCE, 0xCE]):
            self = .javaKeyStore
        default: self = .other
        }
    }

    private static func isRequest(_ der: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        return der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let request = d2i_X509_REQ(nil, &cursor, buffer.count) else { return false }
            X509_REQ_free(request)
            return true
        }
    }

    private static func isRevocationList(_ der: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        return der.withUnsafeBufferPointer { buffer in
            var cursor = buffer.baseAddress
            guard let list = d2i_X509_CRL(nil, &cursor, buffer.count) else { return false }
            X509_CRL_free(list)
            return true
        }
    }
}
