// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// An application that runs and has a database open: it keeps the list of modules in memory and may write it back.
struct ApplicationLock: Sendable {
    /// Its process, where the lock tells.
    let process: Int32?

    /// - Parameter file: a file that the application keeps locked (Firefox: `.parentlock`), or a link that names its
    ///   process (Firefox: `lock` → `127.0.1.1:+PID`; Chromium: `SingletonLock` → `host-PID`).
    /// - Returns: `nil` when nobody holds it. A link that a crash left behind names nobody who lives.
    init?(_ file: URL) {
        let path = file.path(percentEncoded: false)
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
            let digits = target.reversed().prefix { $0.isASCII && $0.isNumber }.reversed()
            guard let process = Int32(String(digits)), process > 0, kill(process, 0) == 0 || errno == EPERM else {
                return nil
            }
            self.process = process
            return
        }
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        guard unsafe fcntl(descriptor, F_GETLK, &lock) == 0, lock.l_type != Int16(F_UNLCK) else { return nil }
        // A process in another namespace is told as 0 or -1.
        process = lock.l_pid > 0 ? lock.l_pid : nil
    }
}
