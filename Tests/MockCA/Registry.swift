// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509

/// The CA's memory and its one hand: every change goes through here and is on the disk before anybody hears of it.
actor Registry {
    let authority: Authority
    let devices: [CertifiedModel]
    let rules: Rules
    private let file: URL
    private(set) var ledger: Ledger
    /// Where lists and answers are served without TLS, as certificates name it.
    private var statusAddress = URL(string: "http://mock-ca.example.com/")

    /// What the operator decided beforehand.
    struct Rules: Sendable {
        /// Seconds after which a request is issued; `nil` for never.
        var autoApprove: Double?
        /// Whether renewals wait for the operator, who is not asked otherwise.
        var renewalsWait = false
        /// The days before its end in which a certificate can be renewed; `nil` for all.
        var renewalWindow: Int?
    }

    init(authority: Authority, directory: URL, rules: Rules, devices: [CertifiedModel]) throws {
        self.authority = authority
        self.rules = rules
        self.devices = devices
        file = directory.appending(path: "ledger.json")
        ledger = try Ledger.load(from: file)
    }

    /// Names the address in the certificates that are issued from now on.
    func serveStatus(at url: URL?) { statusAddress = url ?? statusAddress }

    // MARK: Requests

    func submit(_ submission: Wire.Submission, idempotencyKey: String) throws -> RequestRecord {
        if let id = ledger.submissions[idempotencyKey], let record = ledger.requests[id] {
            guard record.submission == submission else {
                throw Problem(422, "idempotency_key_reused", "the key was used with another request")
            }
            return record
        }
        let record = try newRecord(for: submission, holder: nil)
        try change { ledger in
            ledger.requests[record.id] = record
            ledger.submissions[idempotencyKey] = record.id
        }
        return record
    }

    /// A request that may come in, not yet written down.
    ///
    /// - Parameter holder: the name of a holder who is known.
    func newRecord(for submission: Wire.Submission, holder: String?) throws -> RequestRecord {
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
            updated: now,
            holder: holder ?? boundHolder(of: submission, named: request.commonName)
        )
        try requireNoConflict(submission, holder: record.holderName)
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
        guard [.received, .approved].contains(record.state), let patience = patience(with: record),
            Date().timeIntervalSince(record.created) >= patience
        else { return record }
        do {
            return try approve(id, name: nil)
        } catch let problem as Problem where problem.code == "binding_conflict" {
            return try reject(record, reason: "\(problem.title): \(problem.detail)")
        }
    }

    private func patience(with record: RequestRecord) -> Double? {
        guard record.order != nil else { return rules.autoApprove }
        return rules.renewalsWait ? nil : rules.autoApprove ?? 0
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

    /// Issues the certificate of a request.
    ///
    /// - Parameter daysLeft: dates it back so far that so many days are left.
    func approve(_ id: String, name: String?, daysLeft: Int? = nil) throws -> RequestRecord {
        guard let record = ledger.requests[id] else { throw Problem(404, "request_unknown", id) }
        guard [.received, .verifying, .approved].contains(record.state) else {
            throw Problem(409, "too_early", "the request is \(record.state.rawValue)")
        }
        var issued = record
        issued.holder = name ?? record.holderName
        try requireNoConflict(record.submission, holder: issued.holderName)
        let certificate = try issue(for: issued, variation: nil, daysLeft: daysLeft)
        issued.state = .issued
        issued.certificate = Data(try certificate.der)
        issued.serialNumber = hexadecimal(certificate.serialNumber.bytes)
        issued.subject = certificate.subject.description
        issued.notAfter = certificate.notValidAfter
        issued.updated = Date()
        let binding = binding(after: issued)
        try change { ledger in
            ledger.requests[id] = issued
            if let binding { ledger.bindings[binding.deviceSerial] = binding }
        }
        return issued
    }

    func reject(_ id: String, reason: String) throws -> RequestRecord {
        let record = try request(id)
        guard [.received, .verifying, .approved].contains(record.state) else {
            throw Problem(409, "too_early", "the request is \(record.state.rawValue)")
        }
        return try reject(record, reason: reason)
    }

    private func reject(_ record: RequestRecord, reason: String) throws -> RequestRecord {
        // A voucher that bought nothing is good again.
        if let code = record.order?.voucher { try change { $0.vouchers[code] = VoucherRecord(request: nil) } }
        return try update(record.id) { record in
            record.state = .rejected
            record.reason = reason
        }
    }

    func revoke(serialNumber: String, reason: Wire.Reason?) throws -> RequestRecord {
        let wanted = serialNumber.lowercased()
        guard let record = ledger.requests.values.first(where: { $0.serialNumber == wanted }) else {
            throw Problem(404, "request_unknown", serialNumber)
        }
        return try revoke(record, reason: reason)
    }

    // MARK: Certificates

    /// Issues for a request; a variation makes the certificate wrong in one way, on order.
    func issue(for record: RequestRecord, variation: Fault.Variation?, daysLeft: Int? = nil) throws -> Certificate {
        let submission = record.submission
        let request = try ReadRequest(submission.csr)
        let holder = variation == .otherHolder ? "Jiný Člověk" : record.holderName
        let subject = try submission.holder == .seal ? Subject.seal(holder) : Subject.person(holder)
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
        let days = Profile.days(record.order?.term ?? .oneYear)
        let left = variation == .expired ? days - 400 : daysLeft ?? days
        let begin = now + TimeInterval((left - days) * 86_400) + (variation == .notYetValid ? 7_200 : 0)
        let extensions = try profile.extensions(
            for: key,
            by: issuer,
            email: request.email,
            status: statusAddress
        )
        return try issuer.issue(
            to: variation?.subject(subject) ?? subject,
            key: key,
            from: begin,
            to: begin + TimeInterval(days * 86_400),
            extensions: variation?.extensions(extensions) ?? extensions
        )
    }

    /// The revoked certificates of an issuer, by serial number.
    func revoked(by kind: Profile.Kind) -> [RevokedCertificate] {
        ledger.requests.values.compactMap { record in
            guard record.submission.profile == kind, let at = record.revoked, let data = record.certificate,
                let certificate = try? Certificate(derEncoded: [UInt8](data))
            else { return nil }
            return RevokedCertificate(
                serial: Array(certificate.serialNumber.bytes),
                date: at,
                reason: record.revocationReason
            )
        }
    }

    /// Whether an issuer knows a serial number, and when and why it revoked it.
    func standing(of serial: [UInt8], by kind: Profile.Kind) -> (isKnown: Bool, revoked: RevokedCertificate?) {
        let text = hexadecimal(serial)
        let record = ledger.requests.values.first { $0.serialNumber == text && $0.submission.profile == kind }
        let revoked = record?.revoked.map {
            RevokedCertificate(serial: serial, date: $0, reason: record?.revocationReason)
        }
        return (record != nil, revoked)
    }

    func nextListNumber() throws -> Int {
        try change { $0.listNumber += 1 }
        return ledger.listNumber
    }

    func update(_ id: String, _ body: (inout RequestRecord) throws -> Void) throws -> RequestRecord {
        guard var record = ledger.requests[id] else { throw Problem(404, "request_unknown", id) }
        try body(&record)
        record.updated = Date()
        try change { $0.requests[id] = record }
        return record
    }

    func change(_ body: (inout Ledger) -> Void) throws {
        var next = ledger
        body(&next)
        try next.save(to: file)
        ledger = next
    }
}
