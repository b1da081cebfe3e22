// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Files that a command makes for its user: whole or not at all, readable by the user alone, and never over another
/// file unless that was asked for.
enum NewFile {
    /// Asks early, so that nothing is fetched for a file that could not be written.
    static func requireFree(_ path: String, force: Bool) throws(CommandError) {
        guard unsafe force || access(path, F_OK) != 0 else { throw CommandError(.fileExists, [path]) }
    }

    /// Writes a file beside its final name and then moves it there.
    static func write(_ bytes: [UInt8], to path: String, force: Bool) throws(CommandError) {
        let draft = "\(path).\(UUID().uuidString.prefix(8)).part"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CommandError(.cannotWrite, [path]) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(bytes))
            try handle.synchronize()
            try handle.close()
        } catch {
            unsafe unlink(draft)
            throw CommandError(.cannotWrite, [path])
        }
        // Linking fails where the name is taken, whoever took it since we looked.
        let moved = unsafe force ? rename(draft, path) == 0 : link(draft, path) == 0
        let cause = errno
        if !force || !moved { unsafe unlink(draft) }
        guard moved else { throw CommandError(cause == EEXIST ? .fileExists : .cannotWrite, [path]) }
    }
}
