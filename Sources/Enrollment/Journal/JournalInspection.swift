// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import GRDB

/// Looks whether a journal is sound without touching it: a copy is what is opened, because even a reader leaves files
/// beside a database with a write-ahead log, and opening for work would put a damaged file aside.
public enum JournalInspection {
    /// What there is.
    public struct Report: Sendable, Equatable {
        /// How many requests the journal holds.
        public let requests: Int
        /// The CAs that have issued for them, DER, by the name of the CA's profile.
        public let issuers: [String: [[UInt8]]]
    }

    /// Inspects the journal of a folder.
    ///
    /// - Returns: `nil` when there is none yet.
    /// - Throws: `corrupt` when it is damaged, `tooNew`, `failed` when it cannot be read. Nothing is put aside.
    public static func inspect(folder: URL) throws(JournalError) -> Report? {
        let file = folder.appending(path: "journal.sqlite")
        let path = file.path(percentEncoded: false)
        let files = FileManager.default
        guard files.fileExists(atPath: path) else { return nil }
        let copy = files.temporaryDirectory.appending(path: "isignum-journal-\(UUID().uuidString)")
        defer { try? files.removeItem(at: copy) }
        do {
            // It holds what proves requests to be ours.
            try files.createDirectory(
                at: copy,
                withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700]
            )
            for suffix in ["", "-wal"] where files.fileExists(atPath: path + suffix) {
                try files.copyItem(
                    atPath: path + suffix,
                    toPath: copy.appending(path: "journal.sqlite\(suffix)").path(percentEncoded: false)
                )
            }
        } catch {
            throw JournalError(.failed, path: path, detail: error.localizedDescription)
        }
        do {
            let database = try DatabaseQueue(path: copy.appending(path: "journal.sqlite").path(percentEncoded: false))
            // A process that was killed in its first moment leaves an empty file, which the next run begins anew.
            guard try database.read({ try $0.tableExists("request") }) else { return Report(requests: 0, issuers: [:]) }
            let verdict = try database.read { try String.fetchOne($0, sql: "PRAGMA integrity_check(1)") }
            guard verdict == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
            if try database.read(Journal.migrations.hasBeenSuperseded) { throw JournalError(.tooNew, path: path) }
            let entries = try database.read { try JournalRow.fetchAll($0).map { try $0.entry() } }
            return Report(requests: entries.count, issuers: entries.issuers)
        } catch {
            // Without the file: it must stay where it is.
            let reason = Journal.explain(error)
            throw JournalError(reason.code, path: path, detail: reason.detail)
        }
    }
}
