// SPDX-License-Identifier: Apache-2.0

public import Foundation
internal import GRDB

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Looks whether a journal is sound without touching it: opening for work would put a damaged file aside. It is read
/// where it is; a copy would outlive a run that is killed, with all that proves requests to be ours.
public enum JournalInspection {
    /// What there is.
    public struct Report: Sendable, Equatable {
        /// How many requests the journal holds.
        public let requests: Int
        /// Those that cannot be read, among them.
        public let unreadable: [UnreadableEntry]
        /// The CAs that have issued for them, DER, by the name of the CA's profile.
        public let issuers: [String: [[UInt8]]]
    }

    /// Inspects the journal of a folder.
    ///
    /// - Returns: `nil` when there is none yet.
    /// - Throws: `corrupt` when it is damaged, `irregular`, `tooNew`, `failed` when it cannot be read. Nothing is put
    ///   aside.
    public static func inspect(folder: URL) throws(JournalError) -> Report? {
        let file = folder.appending(path: "journal.sqlite")
        let path = file.path(percentEncoded: false)
        guard JournalFiles.status(of: path) != nil else { return nil }
        try JournalFiles.requireOrdinary(path)
        guard unsafe access(path, R_OK) == 0 else {
            throw JournalError(.failed, path: path, detail: unsafe String(cString: strerror(errno)))
        }
        for _ in 0..<3 {
            let before = Stamp(path)
            do { return try look(at: file) } catch {
                // Another process may have written while it was read without a lock.
                guard before != Stamp(path) else { throw Journal.explain(error, file: file) }
            }
        }
        throw JournalError(.busy, path: path)
    }

    private static func look(at file: URL) throws -> Report {
        let path = file.path(percentEncoded: false)
        var configuration = Configuration()
        configuration.readonly = true
        configuration.busyMode = .timeout(10)
        // With a log it is read as every process does that works on it. Without one nothing is missing in the file, and
        // SQLite is told so: it would make a log, and leave it there.
        let log = JournalFiles.status(of: path + "-wal").map(\.st_size) ?? 0
        let place = log > 0 ? path : file.absoluteURL.absoluteString + "?immutable=1"
        let database = try DatabaseQueue(path: place, configuration: configuration)
        return try database.read { database in
            // A process that was killed in its first moment leaves an empty file, which the next run begins anew.
            guard try database.tableExists("request") else { return Report(requests: 0, unreadable: [], issuers: [:]) }
            let verdict = try String.fetchOne(database, sql: "PRAGMA integrity_check(1)")
            guard verdict == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
            if try Journal.migrations.hasBeenSuperseded(database) { throw JournalError(.tooNew, path: path) }
            let reading = try JournalReading(database)
            return Report(
                requests: reading.entries.count + reading.unreadable.count,
                unreadable: reading.unreadable,
                issuers: reading.entries.issuers
            )
        }
    }

    /// What differs once somebody has written.
    private struct Stamp: Equatable {
        private let values: [Int]

        init(_ path: String) {
            values = [path, path + "-wal"].flatMap { one in
                JournalFiles.status(of: one).map { status in
                    [Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
                } ?? []
            }
        }
    }
}
