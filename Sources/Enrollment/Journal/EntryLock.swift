// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A lock on one request that ends with its process, however that ends.
public final class EntryLock: Sendable {
    private let descriptor: Int32

    init(folder: URL, entry: Int64) throws(JournalError) {
        let path = folder.appending(path: "request-\(entry).lock").path(percentEncoded: false)
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else {
            throw [ELOOP, EISDIR, ENXIO].contains(errno)
                ? JournalError(.irregular, path: path) : JournalFiles.cannotWrite(path)
        }
        // The umask may have taken too much for the next run to open it.
        _ = fchmod(descriptor, 0o600)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw JournalError(.busy, path: path)
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
