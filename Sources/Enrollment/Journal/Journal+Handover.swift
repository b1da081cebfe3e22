// SPDX-License-Identifier: Apache-2.0

public import Credentials
internal import Foundation
internal import GRDB

/// A signed order that left, or was about to: sent again after an interruption as it is, without another signature.
struct HandoverOrder: Codable, FetchableRecord, MutablePersistableRecord, Sendable {
    static let databaseTableName = "handoverOrder"

    enum Kind: String, Codable, Sendable { case revocation, release }

    var id: Int64?
    var kind: Kind
    /// The SHA-256 of the certificate, or the device and its binding.
    var subject: String
    /// The name of the CA's profile.
    var authority: String
    /// The reason of a revocation.
    var reason: String?
    /// The signed message, DER.
    var message: Data
    var begun: Date
    /// When the CA said that it is done.
    var done: Date?

    mutating func didInsert(_ inserted: InsertionSuccess) { id = inserted.rowID }
}

extension Journal {
    /// The order about a subject that is not known to have failed.
    func handoverOrder(
        _ kind: HandoverOrder.Kind,
        _ subject: String,
        authority: String
    ) throws(JournalError) -> HandoverOrder? {
        try read { database in
            let sql = "SELECT * FROM handoverOrder WHERE kind = ? AND subject = ? AND authority = ? ORDER BY id DESC"
            let arguments: StatementArguments = [kind.rawValue, subject, authority]
            return try HandoverOrder.fetchOne(database, sql: sql, arguments: arguments)
        }
    }

    /// The SHA-256 of every certificate that a CA has revoked on our order, lower-case hexadecimal.
    public func revokedCertificates() throws(JournalError) -> Set<String> { Set(try revocations().keys) }

    /// Likewise, with the name of the reason that was given; empty where it is not known.
    public func revocations() throws(JournalError) -> [String: String] {
        try read { database in
            let sql = "SELECT * FROM handoverOrder WHERE kind = ? AND done IS NOT NULL"
            return try Row.fetchAll(database, sql: sql, arguments: [HandoverOrder.Kind.revocation.rawValue])
                .compactMap { try? HandoverOrder(row: $0) }.reduce(into: [:]) { $0[$1.subject] = $1.reason ?? "" }
        }
    }

    /// The certificates that came for requests or were removed from tokens, DER, each once, the latest first: they stay
    /// good until they are revoked, whether or not anybody has them still.
    public func keptCertificates() throws(JournalError) -> [[UInt8]] {
        let removed = try removals().compactMap(\.certificate)
        var seen: Set<[UInt8]> = []
        return try (entries().compactMap(\.chain.first) + removed).filter { seen.insert($0).inserted }
    }

    /// Whether a CA binds a device to its holder, as far as is known here: it issued a certificate for a key on this
    /// qualified device, and the device was not released since.
    public func mayBeBound(_ token: TokenIdentity) throws(JournalError) -> Bool {
        let released = try read { database in
            let sql = "SELECT MAX(done) FROM handoverOrder WHERE kind = ? AND subject LIKE ? ESCAPE '\\'"
            let serial = token.serial.replacing(#/[\\%_]/#) { "\\" + $0.output }
            return try Date.fetchOne(
                database,
                sql: sql,
                arguments: [HandoverOrder.Kind.release.rawValue, serial + "/%"]
            )
        }
        return try entries().contains { entry in
            entry.token == token && entry.device != nil && !entry.chain.isEmpty
                && entry.created > released ?? .distantPast
        }
    }

    /// Writes an order down before it leaves.
    func begin(_ order: inout HandoverOrder) throws(JournalError) {
        var written = order
        try write { try written.insert($0) }
        order = written
    }

    /// Writes down that the CA did it.
    func finish(_ order: HandoverOrder, at moment: Date) throws(JournalError) {
        var finished = order
        finished.done = moment
        let row = finished
        try write { try row.update($0) }
    }

    /// Writes down that a CA had revoked a certificate already, as it told when it refused our order.
    ///
    /// - Parameter reason: the name of the reason; `nil` where it is not known.
    func noteRevoked(_ refused: HandoverOrder, reason: String?, at moment: Date) throws(JournalError) {
        var order = refused
        (order.id, order.reason, order.done) = (nil, reason, moment)
        try begin(&order)
    }

    /// Forgets an order that the CA refused.
    func forget(_ order: HandoverOrder) throws(JournalError) {
        try write { database in _ = try order.delete(database) }
    }
}
