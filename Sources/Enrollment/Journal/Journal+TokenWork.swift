// SPDX-License-Identifier: Apache-2.0

public import Credentials
internal import Foundation
internal import GRDB

/// A removal as its table holds it.
private struct RemovalRow: Codable, FetchableRecord, MutablePersistableRecord {
    static let databaseTableName = "removal"

    var id: Int64?
    var token: TokenIdentity
    var area: String
    var keyIdentifier: Data
    var label: String
    var publicKey: Data?
    var certificate: Data?
    var request: Int64?
    var begun: Date
    var state: String
    var reason: String?
    var ended: Date?

    init(_ removal: Removal) {
        id = removal.id == 0 ? nil : removal.id
        token = removal.token
        area = removal.area.rawValue
        keyIdentifier = Data(removal.identifier.bytes)
        label = removal.label
        publicKey = removal.publicKey.map { Data($0) }
        certificate = removal.certificate.map { Data($0) }
        request = removal.request
        begun = removal.begun
        state = removal.state.rawValue
        reason = removal.reason
        ended = removal.ended
    }

    mutating func didInsert(_ inserted: InsertionSuccess) { id = inserted.rowID }

    func removal() throws -> Removal {
        guard let id, let state = RemovalState(rawValue: state), let area = KeyArea(rawValue: area) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "removal \(self.id ?? 0)")
        }
        return Removal(
            id: id,
            token: token,
            area: area,
            identifier: KeyIdentifier(bytes: [UInt8](keyIdentifier)),
            label: label,
            publicKey: publicKey.map { [UInt8]($0) },
            certificate: certificate.map { [UInt8]($0) },
            request: request,
            begun: begun,
            state: state,
            reason: reason,
            ended: ended
        )
    }
}

extension Journal {
    /// Writes the intent to remove something.
    func begin(_ removal: Removal) throws(JournalError) -> Removal {
        try write { database in
            var row = RemovalRow(removal)
            try row.insert(database)
            return try row.removal()
        }
    }

    /// Writes down how a removal ended.
    func record(_ removal: Removal) throws(JournalError) {
        try write { try RemovalRow(removal).update($0) }
    }

    /// Takes an open request back of which nothing has left yet, because its key goes: it must not be sent for a key
    /// that nobody has any more. One that may have left stays open, whatever becomes of it at the CA.
    ///
    /// - Throws: `busy` when another process works on it.
    func withdrawUnsent(_ entry: JournalEntry) throws(JournalError) {
        var held = try self.entry(numbered: entry.id)
        if held.state.isUnsent { try record(&held, as: .withdrawn) }
    }

    /// Takes all requests back whose keys were on a device that was emptied, and of which nothing has left yet.
    ///
    /// - Throws: `busy` when another process works on one of them.
    public func withdrawUnsent(on token: TokenIdentity) throws(JournalError) {
        for entry in try entries() where entry.token == token && entry.state.isUnsent {
            let lock = try lock(entry)
            defer { withExtendedLifetime(lock) {} }
            try withdrawUnsent(entry)
        }
    }

    /// Writes down that a device was emptied: what has not left is taken back, and of every other open request the key
    /// is known to be gone. Those the CA has, and only it can end them.
    ///
    /// - Throws: `busy` when another process works on one of them.
    public func noteReset(of token: TokenIdentity) throws(JournalError) {
        try withdrawUnsent(on: token)
        let known = try requestsWithoutKey()
        let moment = Date()
        for entry in try entries() where entry.token == token && entry.state.isOpen && !known.contains(entry.id) {
            let removal = Removal(
                id: 0,
                token: token,
                area: entry.plan.type.area,
                identifier: entry.keyIdentifier,
                label: "",
                publicKey: entry.publicKey,
                certificate: nil,
                request: entry.id,
                begun: moment,
                state: .removed,
                reason: nil,
                ended: moment
            )
            _ = try begin(removal)
        }
    }

    /// The journal's numbers of the requests whose keys were removed from their devices.
    public func requestsWithoutKey() throws(JournalError) -> Set<Int64> {
        Set(try removals().filter { $0.state == .removed && $0.certificate == nil }.compactMap(\.request))
    }

    /// All removals, the latest first.
    public func removals() throws(JournalError) -> [Removal] {
        // A row that cannot be read costs that row: what it is about is on the token still, or is not.
        try read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM removal ORDER BY id DESC")
                .compactMap { try? RemovalRow(row: $0).removal() }
        }
    }

    /// Writes the intent to bring a key from a file onto a token. From then on no request with this key asks for a
    /// marker, whether or not it came to be written.
    ///
    /// - Parameter publicKeySHA256: the fingerprint of its SubjectPublicKeyInfo, lower-case hexadecimal.
    func noteImport(
        _ publicKeySHA256: String,
        under identifier: KeyIdentifier,
        onto token: TokenIdentity,
        at moment: Date
    ) throws(JournalError) {
        try write { database in
            try database.execute(
                sql: """
                    INSERT INTO importedKey (publicKeySHA256, keyIdentifier, tokenLabel, tokenSerial, at)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [publicKeySHA256, Data(identifier.bytes), token.label, token.serial, moment]
            )
        }
    }

    /// The fingerprints of all keys that were ever brought from outside.
    public func importedKeys() throws(JournalError) -> Set<String> {
        try read { Set(try String.fetchAll($0, sql: "SELECT DISTINCT publicKeySHA256 FROM importedKey")) }
    }
}
