// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The journal's folder and files before SQLite sees them. Nothing that is no ordinary file is followed, opened or
/// changed: SQLite would go through a link and make a database of whatever is behind it.
enum JournalFiles {
    /// SQLite's files beside the database.
    static let companions = ["-wal", "-shm", "-journal"]

    /// Makes the folder (0700) and the file (0600): SQLite's companions copy the file's rights.
    ///
    /// - Throws: `irregular`, `cannotWrite`.
    static func prepare(folder: URL, file: URL) throws(JournalError) {
        let place = folder.path(percentEncoded: false).trimmingSlash
        let path = file.path(percentEncoded: false)
        try prepare(folder: folder, at: place)
        try requireOrdinary(path)
        if let status = status(of: path) {
            // Whoever may not change the rights may not write either, and hears that below.
            if status.st_mode & 0o777 != 0o600 { _ = unsafe chmod(path, 0o600) }
        } else {
            let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw cannotWrite(path) }
            fchmod(descriptor, 0o600)
            close(descriptor)
        }
        for one in [path, place] where unsafe access(one, W_OK) != 0 { throw cannotWrite(path) }
    }

    /// That neither the file nor what SQLite keeps beside it is a link, a device, a folder or the like.
    ///
    /// - Throws: `irregular`.
    static func requireOrdinary(_ path: String) throws(JournalError) {
        for one in [path] + companions.map({ path + $0 }) {
            if let status = status(of: one), status.st_mode & S_IFMT != S_IFREG {
                throw JournalError(.irregular, path: one)
            }
        }
    }

    /// An error of the system, said of a file.
    static func cannotWrite(_ path: String, _ number: Int32 = errno) -> JournalError {
        var error = JournalError(.cannotWrite, path: path, detail: unsafe String(cString: strerror(number)))
        error.obstacle = obstacle(number)
        return error
    }

    /// What an error number of the system tells of the obstacle.
    static func obstacle(_ number: Int32) -> JournalError.Obstacle? {
        switch number {
        case ENOSPC, EDQUOT, EFBIG: .full
        case EROFS: .readOnly
        case EACCES, EPERM: .rights
        default: nil
        }
    }

    /// What stands in the way of writing a file where SQLite does not tell the system's reason.
    static func obstacle(at path: String) -> JournalError.Obstacle? {
        var volume = statvfs()
        if unsafe statvfs(path, &volume) == 0 {
            if volume.f_flag & UInt(ST_RDONLY) != 0 { return .readOnly }
            if volume.f_bavail == 0 || volume.f_files > 0 && volume.f_favail == 0 { return .full }
        }
        return unsafe access(path, W_OK) == 0 ? nil : obstacle(errno)
    }

    /// What a path names, a link itself and not what is behind it; `nil` when there is nothing.
    static func status(of path: String) -> stat? {
        var status = stat()
        return unsafe lstat(path, &status) == 0 ? status : nil
    }

    /// A folder that is a link is what people make who keep their state elsewhere. Its target is taken as it is, if it is
    /// theirs and nobody else can write there; the rights of a folder of our own are set.
    private static func prepare(folder: URL, at place: String) throws(JournalError) {
        guard let status = status(of: place) else {
            do {
                try FileManager.default.createDirectory(
                    at: folder,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch {
                let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? any Error
                guard let cause = cause as? POSIXError else { throw JournalError(.cannotWrite, path: place) }
                throw cannotWrite(place, cause.code.rawValue)
            }
            _ = unsafe chmod(place, 0o700)
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR:
            guard status.st_mode & 0o777 != 0o700 else { return }
            guard unsafe chmod(place, 0o700) == 0 else { throw cannotWrite(place) }
        case S_IFLNK:
            var target = stat()
            guard unsafe stat(place, &target) == 0, target.st_mode & S_IFMT == S_IFDIR else {
                throw JournalError(.irregular, path: place)
            }
            guard target.st_uid == geteuid(), target.st_mode & 0o022 == 0 else { throw cannotWrite(place, EACCES) }
        default: throw JournalError(.irregular, path: place)
        }
    }
}

extension String {
    /// A path without a slash at its end, which would make the system follow a link.
    fileprivate var trimmingSlash: String {
        var text = self
        while text.count > 1, text.hasSuffix("/") { text.removeLast() }
        return text
    }
}
