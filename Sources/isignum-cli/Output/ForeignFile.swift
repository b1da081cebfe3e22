// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Files that a person names: regular ones, and never more of them than could be meant.
enum ForeignFile {
    /// Reads a whole file.
    ///
    /// - Parameter limit: in bytes; a file that is larger is refused before any of it is read.
    /// - Throws: `fileUnreadable`, `fileTooLarge`.
    static func read(_ path: String, atMost limit: Int) throws(CommandError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
        guard descriptor >= 0 else { throw CommandError(.fileUnreadable, [path]) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw CommandError(.fileUnreadable, [path])
        }
        guard status.st_size <= limit else { throw CommandError(.fileTooLarge, [path]) }
        do {
            let data = try handle.read(upToCount: limit + 1) ?? Data()
            guard data.count <= limit else { throw CommandError(.fileTooLarge, [path]) }
            return [UInt8](data)
        } catch let error as CommandError {
            throw error
        } catch {
            throw CommandError(.fileUnreadable, [path])
        }
    }
}
