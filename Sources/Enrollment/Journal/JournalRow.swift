// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Foundation
internal import GRDB

/// An entry as its table holds it.
struct JournalRow: Codable, FetchableRecord, MutablePersistableRecord {
    static let databaseTableName = "request"

    var id: Int64?
    var plan: EnrollmentPlan
    var authority: String
    var token: TokenIdentity
    var idempotencyKey: String
    var created: Date
    var state: String
    var keyIdentifier: Data
    var publicKey: Data?
    var publicKeySHA256: String?
    var claims: KeyClaims?
    var device: DeviceStatement?
    var marker: String?
    var markerRefusal: String?
    var request: Data?
    var requestID: String?
    var accessToken: String?
    var remoteState: String?
    var nextPoll: Date?
    var chain: [Data]
    var serverSkew: Double?
    var decision: HolderWord?
    var reason: String?
    var refusal: String?
    var renewal: Renewal?
    var renewalOrder: Data?
    var signedOrder: Data?
    var backup: BackupNote?
    var updated: Date

    init(_ entry: JournalEntry) {
        id = entry.id
        plan = entry.plan
        authority = entry.authority
        token = entry.token
        idempotencyKey = entry.idempotencyKey
        created = entry.created
        state = entry.state.rawValue
        keyIdentifier = Data(entry.keyIdentifier.bytes)
        publicKey = entry.publicKey.map { Data($0) }
        publicKeySHA256 = entry.publicKeySHA256
        claims = entry.claims
        device = entry.device
        marker = entry.marker?.rawValue
        markerRefusal = entry.markerRefusal
        request = entry.request.map { Data($0.der) }
        requestID = entry.requestID?.text
        accessToken = entry.accessToken
        remoteState = entry.remoteState?.rawValue
        nextPoll = entry.nextPoll
        chain = entry.chain.map { Data($0) }
        serverSkew = entry.serverSkew
        decision = entry.decision.map(HolderWord.init)
        reason = entry.reason
        refusal = entry.refusal?.rawValue
        renewal = entry.renewal
        renewalOrder = entry.renewalOrder.map { Data($0) }
        signedOrder = entry.signedOrder.map { Data($0) }
        backup = entry.backup
        updated = entry.updated
    }

    mutating func didInsert(_ inserted: InsertionSuccess) { id = inserted.rowID }

    /// The entry.
    ///
    /// - Throws: `unreadable` for a value that this version does not know: left out, it would be lost when the row is
    ///   written again, and a marker would no longer be wanted of the certificate.
    func entry() throws(JournalError) -> JournalEntry {
        let (marker, requestID) = (marker.map(Marker.init(rawValue:)), requestID.map { RequestID($0) })
        guard let id, let state = EnrollmentState(rawValue: state), marker != .some(nil), requestID != .some(nil)
        else { throw JournalError(.unreadable, entry: id) }
        return JournalEntry(
            id: id,
            plan: plan,
            authority: authority,
            token: token,
            idempotencyKey: idempotencyKey,
            created: created,
            state: state,
            keyIdentifier: KeyIdentifier(bytes: [UInt8](keyIdentifier)),
            publicKey: publicKey.map { [UInt8]($0) },
            publicKeySHA256: publicKeySHA256,
            claims: claims,
            device: device,
            marker: marker.flatMap(\.self),
            markerRefusal: markerRefusal,
            request: request.map { CertificateRequest(der: [UInt8]($0)) },
            requestID: requestID.flatMap(\.self),
            accessToken: accessToken,
            remoteState: remoteState.flatMap(RequestState.init(rawValue:)),
            nextPoll: nextPoll,
            chain: chain.map { [UInt8]($0) },
            serverSkew: serverSkew,
            decision: decision?.decision,
            reason: reason,
            refusal: refusal.map { CAError.Problem(rawValue: $0) ?? .other },
            renewal: renewal,
            renewalOrder: renewalOrder.map { [UInt8]($0) },
            signedOrder: signedOrder.map { [UInt8]($0) },
            backup: backup,
            updated: updated
        )
    }
}

/// The holder's word on a certificate as the journal keeps it.
struct HolderWord: Codable, Equatable {
    var accepted: Bool
    var reason: String?

    init(_ decision: Decision) {
        switch decision {
        case .accepted: accepted = true
        case .rejected(let reason): (accepted, self.reason) = (false, reason)
        }
    }

    var decision: Decision { accepted ? .accepted : .rejected(reason: reason ?? "") }
}
