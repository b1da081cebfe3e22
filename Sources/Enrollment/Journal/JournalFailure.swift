// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB

extension Journal {
    /// Turns an error of the database into one of ours. GRDB's own descriptions quote rows, which hold access tokens:
    /// they are never passed on.
    ///
    /// - Parameters:
    ///   - file: the journal.
    ///   - isOpening: a damaged file is put aside when it was being opened, and left where it is otherwise.
    static func explain(_ error: any Error, file: URL, isOpening: Bool = false) -> JournalError {
        if let error = error as? JournalError { return error }
        let path = file.path(percentEncoded: false)
        guard let error = error as? DatabaseError else {
            let isRow = error is RowDecodingError || error is DecodingError
            return JournalError(isRow ? .unreadable : .failed, path: path, detail: isRow ? nil : "\(type(of: error))")
        }
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            let aside = isOpening ? putAside(file) : nil
            var damage = JournalError(.corrupt, path: aside ?? path, detail: error.message)
            damage.isPutAside = aside != nil
            return damage
        case .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_PERM:
            var failure = JournalError(.cannotWrite, path: path, detail: error.message)
            failure.obstacle = error.resultCode == .SQLITE_FULL ? .full : JournalFiles.obstacle(at: path)
            return failure
        case .SQLITE_BUSY, .SQLITE_LOCKED: return JournalError(.busy, path: path, detail: error.message)
        case .SQLITE_CONSTRAINT where error.message?.contains("request.requestID") == true:
            return JournalError(.idTaken, path: path)
        default: return JournalError(.failed, path: path, detail: error.message)
        }
    }

    /// Renames the file and its companions; the name tells when.
    private static func putAside(_ file: URL) -> String? {
        let stamp = Date().formatted(.iso8601.dateSeparator(.omitted).timeSeparator(.omitted))
        let aside = file.deletingLastPathComponent().appending(path: "journal-damaged-\(stamp).sqlite")
        for suffix in ["-wal", "-shm", ""] {
            let from = file.path(percentEncoded: false) + suffix
            let to = aside.path(percentEncoded: false) + suffix
            guard FileManager.default.fileExists(atPath: from) else { continue }
            do { try FileManager.default.moveItem(atPath: from, toPath: to) } catch { return nil }
        }
        return aside.path(percentEncoded: false)
    }
}
