// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// What an issuer says of one of its certificates.
public enum RevocationAnswer: Sendable, Equatable {
    /// It is not revoked.
    case good
    /// It is revoked.
    case revoked(at: Date, reason: RevocationReason?)
    /// The responder does not know it.
    case unknown
}

/// Why a certificate is no longer good (RFC 5280, section 5.3.1), by the names and numbers given there.
public enum RevocationReason: Int, Sendable, Codable, CaseIterable {
    /// Nothing is said.
    case unspecified = 0
    /// Somebody else may have the key.
    case keyCompromise = 1
    /// The issuer's key is not safe.
    case cACompromise = 2
    /// The holder's name or organisation has changed.
    case affiliationChanged = 3
    /// Another certificate took its place.
    case superseded = 4
    /// It is not needed any more.
    case cessationOfOperation = 5
    /// It is put aside for a while.
    case certificateHold = 6
    /// It is no longer put aside.
    case removeFromCRL = 8
    /// A right that it states was taken away.
    case privilegeWithdrawn = 9
    /// The key of an attribute authority is not safe.
    case aACompromise = 10

    /// The name in RFC 5280, as documents have it.
    public var name: String { "\(self)" }

    /// The reasons that a holder can know.
    public static let ofHolders: [RevocationReason] = [
        .unspecified, .keyCompromise, .affiliationChanged, .superseded, .cessationOfOperation,
    ]
}

/// Why an answer about revocation is not believed. Equal by code alone.
public struct RevocationDoubt: Error, Equatable, Sendable {
    /// The kinds of doubt.
    public enum Code: String, Sendable {
        /// It cannot be read.
        case malformed
        /// The responder says that it does not answer: its word for why.
        case refused
        /// It is not signed by the issuer or by somebody whom the issuer charged with it (RFC 6960, section 4.2.2.2).
        case wrongSigner
        /// It is an answer to somebody else's question.
        case wrongNonce
        /// It says nothing of the certificate that was asked about.
        case otherCertificate
        /// It is from the past and stands no longer.
        case outdated
        /// It is from the future.
        case fromFuture
    }

    /// What kind of doubt it is.
    public let code: Code
    /// The library's own words, or the time in question.
    public let detail: String

    /// Doubts an answer.
    public init(code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Whether both are of the same kind.
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}
