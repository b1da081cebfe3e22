// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The bodies of `docs/enrollment-api.yaml`.
enum Wire {
    struct Submission: Codable, Sendable, Equatable {
        var profile: Profile.Kind
        var holder: Profile.HolderKind
        var csr: String
        var contact: Contact?
        var device: Device?
        var locale: String?
    }

    struct Contact: Codable, Sendable, Equatable {
        var name: String?
        var email: String?
        var phone: String?
    }

    struct Device: Codable, Sendable, Equatable {
        var model: String
        var serial: String
        var firmware: String?
        var keyClaims: Claims
    }

    struct Claims: Codable, Sendable, Equatable {
        enum Claim: String, Codable, Sendable { case yes, no, unreported }
        var local: Claim
        var sensitive: Claim
        var neverExtractable: Claim
        var alwaysAuthenticate: Claim
    }

    struct Receipt: Codable, Sendable {
        var id: String
        var status: State
        var accessToken: String
        var retryAfter: Int
    }

    enum State: String, Codable, Sendable {
        case received, verifying, approved, issued, accepted, installed, rejected, expired, withdrawn, revoked
    }

    struct Status: Codable, Sendable {
        var id: String
        var status: State
        var profile: Profile.Kind?
        var updatedAt: Date?
        var retryAfter: Int?
        var reason: String?
        var subject: String?
        var serialNumber: String?
        var notAfter: Date?
    }

    struct StatusQuery: Codable, Sendable { var ids: [String] }

    struct StatusAnswer: Codable, Sendable {
        struct Entry: Codable, Sendable {
            var id: String
            var status: String
            var profile: Profile.Kind?
            var updatedAt: Date?
        }
        var requests: [Entry]
    }

    struct Decision: Codable, Sendable {
        var accepted: Bool
        var reason: String?
    }

    struct DeviceList: Codable, Sendable {
        struct Device: Codable, Sendable {
            var model: String
            var manufacturer: String?
            var name: String
            var certifiedUntil: String?
            var source: String
        }
        var devices: [Device]
    }

    struct Information: Codable, Sendable {
        struct Offer: Codable, Sendable {
            var profile: Profile.Kind
            var holder: Profile.HolderKind
        }
        var name: String
        var versions: [String]
        var profiles: [Offer]
        var keyAlgorithms: [String]
        var terms: String
        var services: [Service]
    }
}
