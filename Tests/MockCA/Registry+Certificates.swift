// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509

extension Registry {
    /// The request that a certificate was issued for: this very certificate, not one that looks like it.
    func record(of certificate: Certificate) throws -> RequestRecord {
        let bytes = Data(try certificate.der)
        guard let record = ledger.requests.values.first(where: { $0.certificate == bytes }) else {
            throw Problem(422, "certificate_unknown", "the signer's certificate was not issued here")
        }
        return record
    }

    /// The request whose certificate an order names.
    func record(of reference: Wire.CertificateReference) throws -> RequestRecord {
        guard let issuer = Data(base64Encoded: reference.issuer),
            reference.serial.wholeMatch(of: /[0-9A-Fa-f]{1,40}/) != nil
        else { throw Problem(422, "request_invalid", "issuer or serial number cannot be read") }
        let wanted = Self.plain(reference.serial)
        let found = try ledger.requests.values.first { record in
            guard let serial = record.serialNumber, Self.plain(serial) == wanted else { return false }
            return Data(try issuerName(of: record.submission.profile)) == issuer
        }
        guard let found else { throw Problem(422, "certificate_unknown", reference.serial) }
        return found
    }

    private static func plain(_ serial: String) -> Substring { serial.lowercased().drop { $0 == "0" } }

    private func issuerName(of kind: Profile.Kind) throws -> [UInt8] {
        let name = authority.issuer(of: kind).certificate.subject
        return try der { try $0.serialize(name) }
    }

    /// How an issued certificate is named in documents; `nil` when there is none.
    func boundCertificate(_ record: RequestRecord) throws -> Wire.BoundCertificate? {
        guard let serial = record.serialNumber, let subject = record.subject, let end = record.notAfter else {
            return nil
        }
        return Wire.BoundCertificate(
            issuer: Data(try issuerName(of: record.submission.profile)).base64EncodedString(),
            serial: serial,
            subject: subject,
            profile: record.submission.profile,
            notAfter: end,
            status: record.revoked != nil ? .revoked : end <= Date() ? .expired : .valid
        )
    }

    /// Revokes what an order names.
    func revoke(_ order: Wire.RevocationOrder, signedBy signer: Certificate) throws -> Wire.Revocation {
        let target = try record(of: order.certificate)
        let author = try record(of: signer)
        guard author.isOfSameHolder(as: target) else {
            throw Problem(422, "signature_invalid", "the signer is another holder")
        }
        // A certificate that is revoked may still repeat what it said, so that a lost answer can be asked for again.
        if author.id != target.id { try requireUsable(author) }
        if let revoked = target.revoked {
            guard target.revocationReason == order.reason else {
                throw Problem(409, "certificate_revoked", revoked.formatted(.iso8601))
            }
            return Wire.Revocation(
                issuer: order.issuer,
                serial: order.serial,
                reason: order.reason,
                revokedAt: revoked
            )
        }
        try requireUsable(target)
        let record = try revoke(target, reason: order.reason)
        return Wire.Revocation(
            issuer: order.issuer,
            serial: order.serial,
            reason: order.reason,
            revokedAt: record.revoked ?? Date()
        )
    }

    /// Revokes; lists and the responder tell at once.
    func revoke(_ record: RequestRecord, reason: Wire.Reason?) throws -> RequestRecord {
        try update(record.id) { record in
            record.revocationReason = record.revoked == nil ? reason : record.revocationReason
            record.revoked = record.revoked ?? Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
            record.state = .revoked
        }
    }
}

extension RequestRecord {
    /// The holder's name as the branch read it, or as the request states it.
    var holderName: String {
        holder ?? (try? ReadRequest(submission.csr))?.commonName ?? submission.contact?.name
            ?? Self.nameless(submission.holder)
    }

    static func nameless(_ holder: Profile.HolderKind) -> String {
        holder == .seal ? "Organizace Testovací" : "Osoba Testovací"
    }

    func isOfSameHolder(as other: RequestRecord) -> Bool {
        submission.holder == other.submission.holder && holderName == other.holderName
    }
}
