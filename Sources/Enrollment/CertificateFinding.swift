// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import Foundation
public import OpenSSLKit

/// One reason not to let an issued certificate near the device: without appeal, whoever asks for it.
public enum CertificateFinding: Sendable, Equatable {
    /// What came cannot be read as a certificate.
    case malformed
    /// It certifies another key.
    case keyDiffers
    /// It does not lead to a trust anchor of the CA's profile.
    case chainRefused(ChainError)
    /// The certificate of an issuer above it is missing: whose, as foreign text, and where the certificate says that it is.
    case issuerMissing(name: String, addresses: [String])
    /// Its time is over, by our clock.
    case expired(Date)
    /// Its time has not begun, by our clock. `skew` is how far our clock is behind the server's, in seconds, when the
    /// server's would do.
    case notYetValid(Date, skew: TimeInterval?)
    /// Its signature or key is too weak: the words say which.
    case weak(String)
    /// Its CA has revoked it.
    case revoked
    /// It would make its holder a certification authority.
    case isAuthority
    /// Its key may sign certificates or revocation lists.
    case signsForAuthority([CertificateUsage.KeyUsage])
    /// Its key may sign nothing: what it may do instead.
    case cannotSign([CertificateUsage.KeyUsage])
    /// It is for a service and for no person or seal, or for answers in the CA's name: the purposes, dotted.
    case purposeForeign([String])
    /// One of its extensions makes it unusable.
    case extensionFault(ExtensionFault)
    /// The marker that was asked for is missing.
    case markerMissing(Marker)
    /// What it says of being qualified cannot be read.
    case statementsMalformed
    /// It is of the other family.
    case typeDiffers(CertificateType?)
    /// It calls itself a seal where a person's was asked for, or the other way round: what it says.
    case kindDiffers(Holder)

    /// A stable name for scripts.
    public var code: String {
        switch self {
        case .malformed: "certificate_malformed"
        case .keyDiffers: "certificate_key_differs"
        case .chainRefused: "certificate_chain_refused"
        case .issuerMissing: "certificate_issuer_missing"
        case .expired: "certificate_expired"
        case .notYetValid: "certificate_not_yet_valid"
        case .weak: "certificate_weak"
        case .revoked: "certificate_revoked"
        case .isAuthority: "certificate_is_authority"
        case .signsForAuthority: "certificate_signs_for_authority"
        case .cannotSign: "certificate_cannot_sign"
        case .purposeForeign: "certificate_purpose_foreign"
        case .extensionFault(.unknown): "certificate_extension_unknown"
        case .extensionFault(.malformed): "certificate_extension_malformed"
        case .extensionFault(.twice): "certificate_extension_twice"
        case .markerMissing: "certificate_marker_missing"
        case .statementsMalformed: "certificate_statements_malformed"
        case .typeDiffers: "certificate_type_differs"
        case .kindDiffers: "certificate_holder_kind_differs"
        }
    }

    /// Whether the certificate may be a good one: what is wrong is the way from it to an anchor, so the CA's own chain or
    /// our configuration.
    public var isAboutChainAlone: Bool {
        switch self {
        case .chainRefused(let error): !error.isAboutLeaf
        case .issuerMissing: true
        default: false
        }
    }

    /// Whether the certificate signed for itself and is no anchor.
    var isSelfMade: Bool {
        guard case .chainRefused(let error) = self else { return false }
        return error.reason == .rootNotTrusted && error.isAboutLeaf
    }

    /// Whether it is about what only a CA's certificate may do.
    var isAboutAuthority: Bool {
        switch self {
        case .isAuthority, .signsForAuthority: true
        default: false
        }
    }
}

extension [CertificateFinding] {
    /// Whether nothing speaks against the certificate but that the way to its anchor is not whole.
    public var isMissingIssuer: Bool {
        if case .issuerMissing? = first { return count == 1 }
        return false
    }
}
