// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import Foundation
public import OpenSSLKit

/// One reason not to let an issued certificate near the device.
public enum CertificateFinding: Sendable, Equatable {
    /// What came cannot be read as a certificate.
    case malformed
    /// It certifies another key.
    case keyDiffers
    /// It does not lead to a trust anchor of the CA's profile.
    case chainRefused(ChainError.Code)
    /// The certificate of an issuer above it is missing: whose, as foreign text, and where the certificate says that it is.
    case issuerMissing(name: String, addresses: [String])
    /// Its time is over, by our clock.
    case expired(Date)
    /// Its time has not begun, by our clock. `skew` is how far our clock is behind the server's, in seconds, when the
    /// server's would do.
    case notYetValid(Date, skew: TimeInterval?)
    /// Its signature or key is too weak: the words say which.
    case weak(String)
    /// The marker that was asked for is missing.
    case markerMissing(Marker)
    /// What it says of being qualified cannot be read.
    case statementsMalformed
    /// It is of the other family.
    case typeDiffers(CertificateType?)
    /// It is for somebody else: what was asked for, and what came.
    case holderDiffers(requested: String, issued: String)

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
        case .markerMissing: "certificate_marker_missing"
        case .statementsMalformed: "certificate_statements_malformed"
        case .typeDiffers: "certificate_type_differs"
        case .holderDiffers: "certificate_holder_differs"
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
