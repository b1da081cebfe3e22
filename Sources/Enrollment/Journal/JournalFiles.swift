// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import GRDB

extension Journal {
    /// Makes the folder (0700) and the file (0600) before SQLite does: its companions copy the file's rights.
    static func prepare(folder: URL, file: URL) throws(JournalError) {
        let files = FileManager.default
        let path = file.path(percentEncoded: false)
        do {
            try files.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try files.setAttributes([.posixPermissions: 0o700], ofItemAtPath: folder.path(percentEncoded: false))
        } catch {
            throw JournalError(.cannotWrite, path: folder.path(percentEncoded: false), detail: reason(for: error))
        }
        if files.fileExists(atPath: path) {
            try? files.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        } else if !files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]) {
            throw JournalError(.cannotWrite, path: path)
        }
        guard files.isWritableFile(atPath: path), files.isWritableFile(atPath: folder.path(percentEncoded: false))
        else { throw JournalError(.cannotWrite, path: path) }
    }

    /// The system's own words; Foundation's name paths and codes that help nobody.
    private static func reason(for error: any Error) -> String? {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
        return (cause as? POSIXError).map { unsafe String(cString: strerror($0.code.rawValue)) }
    }

    /// Turns an error of the database into one of ours. A damaged file is put aside when it was being opened.
    static func explain(_ error: any Error, file: URL? = nil) -> JournalError {
        if let error = error as? JournalError { return error }
        let path = file?.path(percentEncoded: false)
        guard let error = error as? DatabaseError else {
            return JournalError(.failed, path: path, detail: "\(error)")
        }
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            return JournalError(.corrupt, path: file.flatMap(putAside) ?? path, detail: error.message)
        case .SQLITE_FULL, .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_PERM:
            return JournalError(.cannotWrite, path: path, detail: error.message)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return JournalError(.busy, path: path, detail: error.message)
        default:
            return JournalError(.failed, path: path, detail: error.message)
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
