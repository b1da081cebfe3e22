// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import Foundation
internal import GRDB

/// All that a journal holds, the latest first.
public struct JournalReading: Sendable {
    /// The requests.
    public let entries: [JournalEntry]
    /// The rows that cannot be read.
    public let unreadable: [UnreadableEntry]

    init(_ database: Database) throws {
        var (entries, unreadable): ([JournalEntry], [UnreadableEntry]) = ([], [])
        for row in try Row.fetchAll(database, sql: "SELECT * FROM request ORDER BY id DESC") {
            if let entry = try? JournalRow(row: row).entry() {
                entries.append(entry)
            } else {
                unreadable.append(UnreadableEntry(row))
            }
        }
        self.entries = entries
        self.unreadable = unreadable
    }
}

extension Journal {
    /// Everything, with the rows that cannot be read.
    public func reading() throws(JournalError) -> JournalReading { try read { try JournalReading($0) } }

    /// All entries that can be read, the latest first.
    public func entries() throws(JournalError) -> [JournalEntry] { try reading().entries }

    /// The entry with the journal's own number.
    ///
    /// - Throws: `notFound`, `unreadable`.
    public func entry(numbered id: Int64) throws(JournalError) -> JournalEntry {
        try read { database in
            let sql = "SELECT * FROM request WHERE id = ?"
            guard let row = try Row.fetchOne(database, sql: sql, arguments: [id]) else { throw JournalError(.notFound) }
            return try Self.entry(row)
        }
    }

    /// The entries that CAs know under an ID: one for each CA.
    ///
    /// - Throws: `unreadable` when one of them cannot be read.
    public func entries(for requestID: RequestID) throws(JournalError) -> [JournalEntry] {
        try read { database in
            let sql = "SELECT * FROM request WHERE requestID = ? ORDER BY id"
            return try Row.fetchAll(database, sql: sql, arguments: [requestID.text]).map { try Self.entry($0) }
        }
    }

    /// When an entry came to each of its states, the oldest first.
    public func history(of entry: JournalEntry) throws(JournalError) -> [(state: EnrollmentState, at: Date)] {
        try read { database in
            let sql = "SELECT state, at FROM step WHERE request = ? ORDER BY id"
            return try Row.fetchAll(database, sql: sql, arguments: [entry.id]).compactMap { row in
                guard let state = String.fromDatabaseValue(row["state"]).flatMap(EnrollmentState.init(rawValue:)),
                    let moment = Date.fromDatabaseValue(row["at"])
                else { return nil }
                return (state, moment)
            }
        }
    }

    private static func entry(_ row: Row) throws -> JournalEntry {
        do { return try JournalRow(row: row).entry() } catch { throw UnreadableEntry(row).error }
    }
}
