// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation

/// A request as `--json` shows it. The access token is never part of it.
struct RequestDocument: Encodable {
    /// The CA's identification; absent before the CA has given one.
    let id: String?
    /// The journal's own number.
    let number: Int64
    /// How far it has come: `planned`, `key-generated`, `csr-signed`, `submitted`, `pending`, `issued`, `accepted`,
    /// `installed`, `rejected`, `expired`, `withdrawn` or `revoked`.
    let status: String
    /// What the CA said last.
    let caStatus: String?
    let type: String
    let holder: String
    let name: String?
    let email: String?
    let phone: String?
    /// The marker that the request asks for.
    let markers: [String]
    /// Why it asks for none, as a stable code.
    let markerRefusal: String?
    let token: TokenName
    let keyAlgorithm: String
    /// Of the SubjectPublicKeyInfo, lower-case hexadecimal.
    let publicKeySHA256: String?
    let authority: String
    let created: Date
    let updated: Date
    /// Before this the CA does not want to be asked again.
    let askAgainAfter: Date?
    /// The holder's latest word on the certificate, `accepted` or `rejected`, which the CA may have heard; absent before
    /// there is one.
    let decision: String?
    /// The CA's words on a refusal or a revocation, or the holder's.
    let reason: String?
    /// The CA's code for it, as `voucher_invalid`; `other` for one that this version does not know.
    let reasonCode: String?
    let certificate: CertificateDocument?
    /// The backup of its key; absent where there is none.
    let backup: BackupDocument?
    /// What of the certificate was compared and found right: `key`, `chain`, `validity`, `strength`, `usage`, `type`,
    /// `marker`, `name`, `organisation`, `email`; absent before it came and after it was rejected.
    let checked: [String]?
    /// How its holder differs from what was asked for; absent when nothing does.
    let differences: [DifferenceDocument]?
    /// What it replaces, and how; absent for a first request.
    let renewal: RenewalDocument?
    /// The request itself as PEM, where it was asked for.
    let csr: String?

    init(_ entry: JournalEntry, withRequest: Bool = false, now: Date = Date()) {
        id = entry.requestID?.text
        number = entry.id
        status = entry.state.rawValue
        caStatus = entry.remoteState?.rawValue
        type = entry.plan.type.rawValue
        holder = entry.plan.holder.rawValue
        name = entry.plan.contact.name
        email = entry.plan.contact.email
        phone = entry.plan.contact.phone
        markers = entry.marker.map { [$0.rawValue] } ?? []
        markerRefusal = entry.markerRefusal
        token = TokenName(entry.token)
        keyAlgorithm = entry.plan.algorithm.rawValue
        publicKeySHA256 = entry.publicKeySHA256
        authority = entry.authority
        created = entry.created
        updated = entry.updated
        askAgainAfter = entry.state == .pending ? entry.nextPoll : nil
        decision = entry.wordMayBeKnown.map { $0 == .accepted ? "accepted" : "rejected" }
        reason = entry.reason
        reasonCode = entry.refusal?.rawValue
        certificate = entry.chain.first.flatMap { CertificateDocument(der: $0, now: now) }
        backup = BackupDocument(entry)
        let isChecked = [.issued, .accepted, .installed].contains(entry.state)
        let comparison = isChecked ? entry.comparison : nil
        checked = comparison.map { entry.facts($0).map(\.rawValue) }
        differences = comparison.flatMap { $0.differences.isEmpty ? nil : $0.differences.map(DifferenceDocument.init) }
        renewal = entry.renewal.map { RenewalDocument($0, now: now) }
        csr = withRequest ? entry.request?.pem : nil
    }
}

/// The backup of a key that was written.
struct BackupDocument: Encodable {
    let file: String
    /// `key`, or `key-and-certificate`: what NSS and others need to restore it.
    let content: String
    /// The command that writes the certificate into it, once that is installed; absent when it is whole.
    let completeWith: String?

    init?(_ entry: JournalEntry) {
        guard let file = entry.plan.backupFile, entry.request != nil else { return nil }
        self.file = file
        content = entry.hasBareBackup ? "key" : "key-and-certificate"
        completeWith =
            entry.hasBareBackup && entry.state == .installed ? "isignum resume \(entry.argument)" : nil
    }
}

/// What a renewal replaces, and how. The voucher's code is as good as money and is not shown.
struct RenewalDocument: Encodable {
    /// `one-year` or `multi-year`.
    let term: String
    /// Whether a voucher pays for it.
    let voucher: Bool
    let replaces: CertificateDocument?

    init(_ renewal: Renewal, now: Date) {
        term = renewal.term.rawValue
        voucher = renewal.voucher != nil
        replaces = CertificateDocument(der: renewal.certificate, now: now)
    }
}

/// What a token calls itself.
struct TokenName: Encodable {
    let label: String
    let serial: String
    let manufacturer: String
    let model: String

    init(_ identity: TokenIdentity) {
        label = identity.label
        serial = identity.serial
        manufacturer = identity.manufacturer
        model = identity.model
    }
}

/// Several requests.
struct RequestsDocument: Encodable {
    /// A row of the journal that cannot be read.
    struct Unreadable: Encodable {
        /// The journal's own number.
        let number: Int64
        let id: String?
        let authority: String?
        /// The column that cannot be read.
        let column: String?
    }

    let requests: [RequestDocument]
    /// Absent where everything can be read.
    var unreadable: [Unreadable]?
}

extension RequestsDocument {
    init(_ journal: JournalReading) {
        requests = journal.entries.map { RequestDocument($0) }
        let rows = journal.unreadable.map { row in
            Unreadable(number: row.id, id: row.requestID?.text, authority: row.authority, column: row.column)
        }
        unreadable = rows.isEmpty ? nil : rows
    }
}
