// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A request as the CA remembers it.
struct RequestRecord: Codable, Sendable {
    var id: String
    var submission: Wire.Submission
    var state: Wire.State
    var accessToken: String
    var marked: Bool
    var publicKeyHash: String
    var created: Date
    var updated: Date
    var reason: String?
    /// The holder's name as it was certified.
    var holder: String?
    /// DER of the issued certificate.
    var certificate: Data?
    /// The certificate's serial number, hexadecimal.
    var serialNumber: String?
    var subject: String?
    var notAfter: Date?
    var revoked: Date?
    var revocationReason: Wire.Reason?
    /// The order of a renewal.
    var order: Wire.RenewalOrder?
    /// The request whose certificate a renewal replaces.
    var replaced: String?
}

/// A device and whom it belongs to. A seal's applicant is not named in its request, so that an organisation is bound
/// beside the person.
struct BindingRecord: Codable, Sendable {
    var id: String
    var deviceSerial: String
    var model: String
    var person: String?
    var organisation: String?
    var since: Date
    var releasedAt: Date?

    func name(of holder: Profile.HolderKind) -> String? { holder == .person ? person : organisation }

    func isOf(_ record: RequestRecord) -> Bool { name(of: record.submission.holder) == record.holderName }
}

/// What the operator says of a person beside the name.
struct PersonRecord: Codable, Sendable {
    var employeeNumber: String?
    var organisation: String?
}

/// A voucher, and the request that it was used for.
struct VoucherRecord: Codable, Sendable { var request: String? }
