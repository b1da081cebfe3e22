// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// Why a chain is not believed. Equal by code alone.
public struct ChainError: Error, Equatable, Sendable {
    /// The kinds of failure.
    public enum Code: String, Sendable, CaseIterable {
        /// No way leads to a trust anchor.
        case untrusted
        /// A certificate of the chain has expired.
        case expired
        /// A certificate of the chain is not yet valid.
        case notYetValid
        /// A signature in the chain is wrong.
        case badSignature
        /// A key or a signature in the chain is too weak.
        case weak
        /// An issuer is none, or not for this.
        case invalidIssuer
        /// A certificate cannot be read, or anything else.
        case malformed
    }

    /// What exactly it is.
    public let reason: Reason
    /// The subject of the certificate that it is about, as text; for `issuerMissing` the name of the issuer that is
    /// missing. Foreign: not yet safe for a terminal. `nil` where nobody knows.
    public let subject: String?
    /// Whether it is about the certificate that was asked about, and not about one above it.
    public let isAboutLeaf: Bool
    /// The library's own words.
    public let detail: String

    /// What kind of failure it is.
    public var code: Code { reason.code }

    /// Makes an error.
    public init(_ reason: Reason, subject: String? = nil, isAboutLeaf: Bool = false, detail: String = "") {
        self.reason = reason
        self.subject = subject
        self.isAboutLeaf = isAboutLeaf
        self.detail = detail
    }

    /// Whether both are of the same kind.
    public static func == (left: ChainError, right: ChainError) -> Bool { left.code == right.code }
}

extension ChainError {
    /// What exactly is wrong with a chain.
    public enum Reason: Sendable, Equatable {
        /// The certificate of an issuer is neither among those that came nor among the anchors.
        case issuerMissing
        /// It ends in a root that is no anchor.
        case rootNotTrusted
        /// A certificate has expired.
        case expired
        /// A certificate is not yet valid.
        case notYetValid
        /// A signature is wrong.
        case badSignature
        /// A key has less than 112 bits of security.
        case keyTooSmall
        /// A signature was made with a digest of less than 112 bits of security.
        case digestTooWeak
        /// A key of an elliptic curve brings a curve of its own (RFC 5480, section 2.1.1, forbids it).
        case explicitCurve
        /// An issuer is no certification authority by its basicConstraints (RFC 5280, section 6.1.4 (k)).
        case notAuthority
        /// The keyUsage of an issuer is not for signing certificates (likewise (n)).
        case keyUsageWithoutSigning
        /// There are more certificates below an issuer than it may have (likewise (m)).
        case pathTooLong
        /// A name is none of those that an issuer may use (section 4.2.1.10).
        case nameNotPermitted
        /// The constraints on names cannot be judged.
        case nameConstraintsUnsupported
        /// An extension makes a certificate unusable.
        case extensionFault(ExtensionFault)
        /// A certificate cannot be read.
        case unreadable
        /// Anything else: the number of the library.
        case other(Int)

        /// A stable name for scripts.
        public var name: String {
            switch self {
            case .issuerMissing: "issuer_missing"
            case .rootNotTrusted: "root_not_trusted"
            case .expired: "expired"
            case .notYetValid: "not_yet_valid"
            case .badSignature: "bad_signature"
            case .keyTooSmall: "key_too_small"
            case .digestTooWeak: "digest_too_weak"
            case .explicitCurve: "explicit_curve"
            case .notAuthority: "not_an_authority"
            case .keyUsageWithoutSigning: "key_usage_without_cert_sign"
            case .pathTooLong: "path_too_long"
            case .nameNotPermitted: "name_not_permitted"
            case .nameConstraintsUnsupported: "name_constraints_unsupported"
            case .extensionFault(.unknown): "critical_extension_unknown"
            case .extensionFault(.malformed): "extension_malformed"
            case .extensionFault(.twice): "extension_twice"
            case .unreadable: "unreadable"
            case .other: "other"
            }
        }

        var code: Code {
            switch self {
            case .issuerMissing, .rootNotTrusted: .untrusted
            case .expired: .expired
            case .notYetValid: .notYetValid
            case .badSignature: .badSignature
            case .keyTooSmall, .digestTooWeak: .weak
            case .notAuthority, .keyUsageWithoutSigning, .pathTooLong: .invalidIssuer
            case .explicitCurve, .nameNotPermitted, .nameConstraintsUnsupported, .extensionFault, .unreadable, .other:
                .malformed
            }
        }

        /// - Parameter number: of `X509_STORE_CTX_get_error`.
        init(_ number: Int32) {
            self =
                switch number {
                case X509_V_ERR_CERT_HAS_EXPIRED: .expired
                case X509_V_ERR_CERT_NOT_YET_VALID: .notYetValid
                case X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_UNABLE_TO_DECRYPT_CERT_SIGNATURE: .badSignature
                case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL: .keyTooSmall
                case X509_V_ERR_CA_MD_TOO_WEAK: .digestTooWeak
                case X509_V_ERR_EC_KEY_EXPLICIT_PARAMS: .explicitCurve
                case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
                    X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
                    .issuerMissing
                case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
                    X509_V_ERR_CERT_UNTRUSTED, X509_V_ERR_CERT_REJECTED:
                    .rootNotTrusted
                case X509_V_ERR_INVALID_CA, X509_V_ERR_INVALID_PURPOSE: .notAuthority
                case X509_V_ERR_KEYUSAGE_NO_CERTSIGN: .keyUsageWithoutSigning
                case X509_V_ERR_PATH_LENGTH_EXCEEDED: .pathTooLong
                case X509_V_ERR_PERMITTED_VIOLATION, X509_V_ERR_EXCLUDED_VIOLATION: .nameNotPermitted
                case X509_V_ERR_SUBTREE_MINMAX, X509_V_ERR_UNSUPPORTED_CONSTRAINT_TYPE,
                    X509_V_ERR_UNSUPPORTED_CONSTRAINT_SYNTAX, X509_V_ERR_UNSUPPORTED_NAME_SYNTAX:
                    .nameConstraintsUnsupported
                default: .other(Int(number))
                }
        }
    }
}
