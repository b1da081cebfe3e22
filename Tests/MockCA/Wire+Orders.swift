// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The documents of renewals, revocations and bindings.
extension Wire {
    struct CertificateReference: Codable, Sendable, Equatable {
        /// DER of the issuer's name, base64.
        var issuer: String
        /// Hexadecimal.
        var serial: String
    }

    enum Term: String, Codable, Sendable {
        case oneYear = "one-year"
        case multiYear = "multi-year"
    }

    struct RenewalOrder: Codable, Sendable, Equatable {
        var csr: String
        var replaces: CertificateReference
        var term: Term
        var voucher: String?
        var device: Device?
        var contact: Contact?
        var locale: String?
    }

    enum Reason: String, Codable, Sendable {
        case unspecified, keyCompromise, affiliationChanged, superseded, cessationOfOperation

        /// The number of the reason (RFC 5280, section 5.3.1).
        var number: UInt8 {
            switch self {
            case .unspecified: 0
            case .keyCompromise: 1
            case .affiliationChanged: 3
            case .superseded: 4
            case .cessationOfOperation: 5
            }
        }
    }

    struct RevocationOrder: Codable, Sendable {
        var issuer: String
        var serial: String
        var reason: Reason

        var certificate: CertificateReference { CertificateReference(issuer: issuer, serial: serial) }
    }

    struct Revocation: Codable, Sendable {
        var issuer: String
        var serial: String
        var reason: Reason
        var revokedAt: Date
    }

    struct ReleaseOrder: Codable, Sendable {
        var deviceSerial: String
        var binding: String
    }

    struct Binding: Codable, Sendable {
        enum State: String, Codable, Sendable { case free, bound }
        struct Holder: Codable, Sendable {
            var name: String
            var employeeNumber: String?
            var organisation: String?
        }
        var deviceSerial: String
        var state: State
        var id: String?
        var since: Date?
        var releasedAt: Date?
        var model: String?
        var holder: Holder?
        var certificates: [BoundCertificate]?
        var releasable: Bool?
    }

    struct BoundCertificate: Codable, Sendable {
        enum Status: String, Codable, Sendable { case valid, revoked, expired }
        var issuer: String
        var serial: String
        var subject: String
        var profile: Profile.Kind
        var notAfter: Date
        var status: Status
    }

    struct BindingList: Codable, Sendable { var bindings: [Binding] }
}
