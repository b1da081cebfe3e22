// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509

/// The CA's memory and its one hand: every change goes through here and is on the disk before anybody hears of it.
actor Registry {
    let authority: Authority
    let devices: [CertifiedModel]
    private let autoApprove: Double?
    private let file: URL
    private var ledger: Ledger

    init(authority: Authority, directory: URL, autoApprove: Double?, devices: [CertifiedModel]) throws {
        self.authority = authority
        self.autoApprove = autoApprove
        self.devices = devices
        file = directory.appending(path: "ledger.json")
        ledger = try Ledger.load(from: file)
    }

    // MARK: Requests

    func submit(_ submission: Wire.Submission, idempotencyKey: String) throws -> RequestRecord {
        if let id = ledger.submissions[idempotencyKey], let record = ledger.requests[id] {
            guard record.submission == submission else {
                throw Problem(422, "idempotency_key_reused", "the key was used with another request")
            }
            return record
        }
        let request = try ReadRequest(submission.csr)
        let marked = try submission.grantsMarker(request, devices: devices, now: Date())
        let publicKeyHash = try request.publicKeyHash
        guard !ledger.requests.values.contains(where: { $0.publicKeyHash == publicKeyHash }) else {
            throw Problem(422, "key_reused", "the key belongs to another request")
        }
        let now = Date()
        let record = RequestRecord(
            id: newIdentifier(for: submission),
            submission: submission,
            state: .received,
            accessToken: SymmetricKey(size: .bits256).withUnsafeBytes { Data($0).base64EncodedString() }
                .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
                .replacingOccurrences(of: "=", with: ""),
            marked: marked,
            publicKeyHash: publicKeyHash,
            created: now,
            updated: now
        )
        try change { ledger in
            ledger.requests[record.id] = record
            ledger.submissions[idempotencyKey] = record.id
        }
        return record
    }

    /// Random, so that nobody can guess a neighbour's.
    private func newIdentifier(for submission: Wire.Submission) -> String {
        let prefix = submission.device == nil ? "" : submission.profile == .qualified ? "BP" : "KC"
        while true {
            let id = prefix + (0..<10).map { _ in String(Int.random(in: 0...9)) }.joined()
            if ledger.requests[id] == nil { return id }
        }
    }

    /// A request as it stands now: one that waits for nobody is issued when its time has come.
    func request(_ id: String) throws -> RequestRecord {
        guard let record = ledger.requests[id] else { throw Problem(404, "request_unknown", id) }
        if record.state == .received, let autoApprove, Date().timeIntervalSince(record.created) >= autoApprove {
            return try approve(id, name: nil)
        }
        return record
    }

    func find(_ id: String) -> RequestRecord? { try? request(id) }

    var all: [RequestRecord] { ledger.requests.values.sorted { $0.created < $1.created } }

    func decide(_ decision: Wire.Decision, on id: String) throws -> RequestRecord {
        let record = try request(id)
        let wanted: Wire.State = decision.accepted ? .accepted : .rejected
        if record.state == wanted { return record }
        guard record.state == .issued else {
            throw Problem(409, "too_early", "the request is \(record.state.rawValue)")
        }
        return try update(id) { record in
            record.state = wanted
            record.reason = decision.reason
            if !decision.accepted { record.revoked = Date() }
        }
    }

    // MARK: The operator

    func approve(_ id: String, name: String?) throws -> RequestRecord {
        guard let record = ledger.requests[id] else { throw Problem(404, "request_unknown", id) }
        guard [.received, .verifying, .approved].contains(record.state) else {
            throw Problem(409, "too_early", "the request is \(record.state.rawValue)")
        }
        let certificate = try issue(for: record, name: name, variation: nil)
        return try update(id) { record in
            record.state = .issued
            record.certificate = Data(try certificate.der)
            record.serialNumber = hexadecimal(certificate.serialNumber.bytes)
            record.subject = certificate.subject.description
            record.notAfter = certificate.notValidAfter
        }
    }

    func reject(_ id: String, reason: String) throws -> RequestRecord {
        let record = try request(id)
        guard [.received, .verifying, .approved].contains(record.state) else {
            throw Problem(409, "too_early", "the request is \(record.state.rawValue)")
        }
        return try update(id) { record in
            record.state = .rejected
            record.reason = reason
        }
    }

    func revoke(serialNumber: String) throws -> RequestRecord {
        let wanted = serialNumber.lowercased()
        guard let record = ledger.requests.values.first(where: { $0.serialNumber == wanted }) else {
            throw Problem(404, "request_unknown", serialNumber)
        }
        return try update(record.id) { record in
            record.revoked = record.revoked ?? Date()
            record.state = .revoked
        }
    }

    // MARK: Certificates

    /// Issues for a request; a variation makes the certificate wrong in one way, on order.
    func issue(for record: RequestRecord, name: String?, variation: Fault.Variation?) throws -> Certificate {
        let submission = record.submission
        let request = try ReadRequest(submission.csr)
        let holder = variation == .otherHolder ? "Jiný Člověk" : name ?? request.commonName ?? submission.contact?.name
        let number = String(Int.random(in: 100_000...999_999))
        let subject =
            submission.holder == .seal
            ? try Subject.seal(holder ?? "Organizace Testovací", number: number)
            : try Subject.person(holder ?? "Osoba Testovací", number: number)
        let profile = Profile(
            kind: submission.profile,
            holder: submission.holder,
            marked: record.marked && variation != .missingMarker
        )
        let issuer =
            variation == .wrongChain
            ? try authority.impostor(of: submission.profile) : authority.issuer(of: submission.profile)
        let key =
            variation == .otherKey ? Certificate.PublicKey(P256.Signing.PrivateKey().publicKey) : request.publicKey
        let now = Date(timeIntervalSince1970: Date().timeIntervalSince1970.rounded(.down))
        let begin = variation == .expired ? now - 400 * 86_400 : variation == .notYetValid ? now + 7_200 : now
        return try issuer.issue(
            to: subject,
            key: key,
            from: begin,
            to: begin + TimeInterval(Profile.days * 86_400),
            extensions: profile.extensions(for: key, by: issuer, email: request.email)
        )
    }

    /// The revoked certificates of an issuer, by serial number.
    func revoked(by kind: Profile.Kind) -> [(serial: [UInt8], at: Date)] {
        ledger.requests.values.compactMap { record in
            guard record.submission.profile == kind, let at = record.revoked, let data = record.certificate,
                let certificate = try? Certificate(derEncoded: [UInt8](data))
            else { return nil }
            return (Array(certificate.serialNumber.bytes), at)
        }
    }

    /// Whether an issuer knows a serial number, and when it revoked it.
    func standing(of serial: [UInt8], by kind: Profile.Kind) -> (isKnown: Bool, revoked: Date?) {
        let text = hexadecimal(serial)
        let record = ledger.requests.values.first { $0.serialNumber == text && $0.submission.profile == kind }
        return (record != nil, record?.revoked)
    }

    func nextListNumber() throws -> Int {
        try change { $0.listNumber += 1 }
        return ledger.listNumber
    }

    private func update(_ id: String, _ body: (inout RequestRecord) throws -> Void) throws -> RequestRecord {
        guard var record = ledger.requests[id] else { throw Problem(404, "request_unknown", id) }
        try body(&record)
        record.updated = Date()
        try change { $0.requests[id] = record }
        return record
    }

    private func change(_ body: (inout Ledger) -> Void) throws {
        var next = ledger
        body(&next)
        try next.save(to: file)
        ledger = next
    }
}
