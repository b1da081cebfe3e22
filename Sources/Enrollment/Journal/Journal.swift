// SPDX-License-Identifier: Apache-2.0

internal import CAClient
public import Credentials
public import Foundation
internal import GRDB

/// What survives being killed: every request of this user, each step written before or after its side effect.
///
/// SQLite with a write-ahead log, every commit on the disk before it is believed. Two processes may use it at once;
/// two that want the same request meet at `lock`. Next hop: `JournalEntry`.
public final class Journal: Sendable {
    private let database: DatabaseQueue
    private let folder: URL

    /// Opens the journal of a folder, or begins one.
    ///
    /// - Parameter folder: made with rights for its owner alone when it is missing.
    /// - Throws: `corrupt` after a damaged file was put aside; the next call begins a new one.
    public init(folder: URL) throws(JournalError) {
        self.folder = folder
        let file = folder.appending(path: "journal.sqlite")
        try Self.prepare(folder: folder, file: file)
        do {
            var configuration = Configuration()
            configuration.journalMode = .wal
            configuration.busyMode = .timeout(10)
            let database = try DatabaseQueue(path: file.path(percentEncoded: false), configuration: configuration)
            // Not before: GRDB contents itself with less when it turns the write-ahead log on.
            try database.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            let verdict = try database.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
            guard verdict == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
            if try database.read(Self.migrations.hasBeenSuperseded) {
                throw JournalError(.tooNew, path: file.path(percentEncoded: false))
            }
            try Self.migrations.migrate(database)
            self.database = database
        } catch let error as JournalError {
            throw error
        } catch {
            throw Self.explain(error, file: file)
        }
    }

    /// Begins an entry: the intent to make a request, written before anything happens.
    public func begin(
        _ plan: EnrollmentPlan,
        renewing renewal: Renewal? = nil,
        authority: String,
        token: TokenIdentity
    ) throws(JournalError) -> JournalEntry {
        try write { database in
            let now = Date()
            var row = JournalRow(
                JournalEntry(
                    id: 0,
                    plan: plan,
                    authority: authority,
                    token: token,
                    idempotencyKey: Self.newIdempotencyKey(),
                    created: now,
                    state: .planned,
                    keyIdentifier: .random(),
                    chain: [],
                    renewal: renewal,
                    updated: now
                )
            )
            row.id = nil
            try row.insert(database)
            try Self.note(row, in: database)
            // Read back: the database keeps times to the millisecond, and `record` compares them.
            guard let kept = try JournalRow.fetchOne(database, key: row.id) else { throw JournalError(.failed) }
            return try kept.entry()
        }
    }

    /// What makes the CA know a message that it has met before.
    static func newIdempotencyKey() -> String { UUID().uuidString.lowercased() }

    /// Writes a step down. When the entry has come further in the meantime, nothing is written.
    ///
    /// - Throws: `busy` when another process changed the entry since it was read.
    public func record(_ entry: inout JournalEntry, as state: EnrollmentState? = nil) throws(JournalError) {
        var next = entry
        next.state = state ?? entry.state
        next.updated = Date()
        let row = JournalRow(next)
        let known = JournalRow(entry).updated
        try write { database in
            guard let id = row.id, let held = try JournalRow.fetchOne(database, key: id) else {
                throw JournalError(.notFound)
            }
            guard held.updated == known else { throw JournalError(.busy) }
            try row.update(database)
            if held.state != row.state { try Self.note(row, in: database) }
        }
        entry = try self.entry(numbered: next.id)
    }

    /// Forgets an entry whose intent came to nothing: no key was made for it, nobody has heard of it.
    ///
    /// - Throws: `busy` when it has come further in the meantime.
    public func discard(_ entry: JournalEntry) throws(JournalError) {
        try write { database in
            guard let held = try JournalRow.fetchOne(database, key: entry.id),
                held.state == EnrollmentState.planned.rawValue, held.publicKey == nil
            else { throw JournalError(.busy) }
            try database.execute(sql: "DELETE FROM step WHERE request = ?", arguments: [entry.id])
            try held.delete(database)
        }
    }

    /// All entries, the latest first.
    public func entries() throws(JournalError) -> [JournalEntry] {
        try read { try JournalRow.order(sql: "id DESC").fetchAll($0).map { try $0.entry() } }
    }

    /// The entry with the journal's own number.
    public func entry(numbered id: Int64) throws(JournalError) -> JournalEntry {
        try read { database in
            guard let row = try JournalRow.fetchOne(database, key: id) else { throw JournalError(.notFound) }
            return try row.entry()
        }
    }

    /// The entry that the CA knows under an ID.
    public func entry(for requestID: RequestID) throws(JournalError) -> JournalEntry {
        try read { database in
            let sql = "SELECT * FROM request WHERE requestID = ?"
            guard let row = try JournalRow.fetchOne(database, sql: sql, arguments: [requestID.text]) else {
                throw JournalError(.notFound)
            }
            return try row.entry()
        }
    }

    /// When an entry came to each of its states, the oldest first.
    public func history(of entry: JournalEntry) throws(JournalError) -> [(state: EnrollmentState, at: Date)] {
        try read { database in
            let sql = "SELECT state, at FROM step WHERE request = ? ORDER BY id"
            return try Row.fetchAll(database, sql: sql, arguments: [entry.id]).compactMap { row in
                EnrollmentState(rawValue: row["state"]).map { ($0, row["at"]) }
            }
        }
    }

    /// Keeps other processes from working on an entry for as long as the lock lives.
    ///
    /// - Throws: `busy` when another process holds it.
    public func lock(_ entry: JournalEntry) throws(JournalError) -> EntryLock {
        try EntryLock(folder: folder, entry: entry.id)
    }

    private static func note(_ row: JournalRow, in database: Database) throws {
        let sql = "INSERT INTO step (request, state, at) VALUES (?, ?, ?)"
        try database.execute(sql: sql, arguments: [row.id, row.state, row.updated])
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try database.read(body) } catch { throw Self.explain(error) }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try database.write(body) } catch { throw Self.explain(error) }
    }
}
