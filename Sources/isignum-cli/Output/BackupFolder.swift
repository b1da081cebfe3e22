// SPDX-License-Identifier: Apache-2.0

internal import Enrollment
internal import Foundation
internal import OpenSSLKit

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The files of backups on the disk.
struct BackupFolder: BackupFiles {
    func exists(_ file: String) -> Bool { NewFile.isTaken(file) }

    func isPossible(_ file: String) -> Bool { NewFile.isPossible(file) }

    func content(of file: String) -> [UInt8]? {
        var status = stat()
        // A link is no backup: what it leads to may be another file tomorrow.
        guard unsafe lstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return try? ForeignFile.read(file, atMost: PKCS12.largestFile)
    }

    func write(_ bytes: [UInt8], to file: String) throws(EnrollmentError) {
        try put(bytes, file, force: false)
    }

    func replace(_ old: [UInt8], with new: [UInt8], in file: String) throws(EnrollmentError) {
        guard content(of: file) == old else { throw .tokenWork(.fileExists(file)) }
        if new != old { try put(new, file, force: true) }
    }

    private func put(_ bytes: [UInt8], _ file: String, force: Bool) throws(EnrollmentError) {
        do throws(CommandError) {
            try NewFile.write(bytes, to: file, force: force)
        } catch {
            throw .tokenWork(error.code == .cannotWrite ? .cannotWrite(file) : .fileExists(file))
        }
    }
}
