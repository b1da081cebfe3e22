// SPDX-License-Identifier: Apache-2.0

internal import CAClient
public import Credentials
public import Foundation
internal import GRDB
internal import Synchronization

/// What survives being killed: every request of this user, each step written before or after its side effect.
///
/// SQLite with a write-ahead log, every commit on the disk before it is believed. Two processes may use it at once;
/// two that want the same request meet at `lock`. Next hop: `JournalEntry`.
public final class Journal: Sendable {
    private let database: DatabaseQueue
    private let folder: URL
    private let file: URL
    private let isAtWork = Atomic(false)

    /// Opens the journal of a folder, or begins one.
    ///
    /// - Parameter folder: made with rights for its owner alone when it is missing.
    /// - Throws: `corrupt` after a damaged file was put aside; the next call begins a new one. `irregular` when a link or
    ///   a device is in its place, which is not touched.
    public init(folder: URL) throws(JournalError) {
        self.folder = folder
        file = folder.appending(path: "journal.sqlite")
        do {
            try JournalFiles.prepare(folder: folder, file: file)
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
        } catch {
            throw Self.explain(error, file: file, isOpening: true).beforeAnything
        }
    }

    /// Whether a request was begun, or taken up again, since this was opened: what breaks off then can be gone on with.
    public var isWorkedOn: Bool { isAtWork.load(ordering: .relaxed) }

    /// Begins an entry: the intent to make a request, written before anything happens.
    public func begin(
        _ plan: EnrollmentPlan,
        renewing renewal: Renewal? = nil,
        authority: String,
        token: TokenIdentity
    ) throws(JournalError) -> JournalEntry {
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
        let intent = row
        do {
            let entry = try write { database in
                var row = intent
                try row.insert(database)
                try Self.note(row, in: database)
                // Read back: the database keeps times to the millisecond, and `record` compares them.
                guard let kept = try JournalRow.fetchOne(database, key: row.id) else { throw JournalError(.failed) }
                return try kept.entry()
            }
            isAtWork.store(true, ordering: .relaxed)
            return entry
        } catch {
            throw error.beforeAnything
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
        isAtWork.store(false, ordering: .relaxed)
    }

    /// Keeps other processes from working on an entry for as long as the lock lives.
    ///
    /// - Throws: `busy` when another process holds it.
    public func lock(_ entry: JournalEntry) throws(JournalError) -> EntryLock {
        let lock = try EntryLock(folder: folder, entry: entry.id)
        isAtWork.store(true, ordering: .relaxed)
        return lock
    }

    private static func note(_ row: JournalRow, in database: Database) throws {
        let sql = "INSERT INTO step (request, state, at) VALUES (?, ?, ?)"
        try database.execute(sql: sql, arguments: [row.id, row.state, row.updated])
    }

    func read<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try database.read(body) } catch { throw Self.explain(error, file: file) }
    }

    func write<Value>(_ body: (Database) throws -> Value) throws(JournalError) -> Value {
        do { return try database.write(body) } catch { throw Self.explain(error, file: file) }
    }
}
