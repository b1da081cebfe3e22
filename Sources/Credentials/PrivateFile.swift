// SPDX-License-Identifier: Apache-2.0

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Small files of our own that can be lost: caches. What they say decides which module needs no trial and which device
/// counts as certified, so they are made for their owner alone, whatever the umask, and one that somebody else could
/// have written is not believed.
public enum PrivateFile {
    /// Reads a whole file.
    ///
    /// - Parameter limit: in bytes.
    /// - Returns: `nil` when there is no regular file, when it is larger, or when its owner or that of its folder is
    ///   somebody else, or either may be written by others.
    public static func read(_ path: String, atMost limit: Int) -> [UInt8]? {
        guard let folder = status(folder(of: path)), isOurs(folder) else { return nil }
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, isOurs(status),
            status.st_size <= limit
        else { return nil }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16_384)
        while bytes.count <= limit {
            let count = unsafe Glibc.read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += part.prefix(count)
        }
        return nil
    }

    /// Writes a file whole, 0600 in a folder of 0700; what cannot be written is lost, and anything but a regular file
    /// under its name is left alone.
    public static func write(_ bytes: [UInt8], to path: String) {
        guard makeFolder(folder(of: path)) else { return }
        var status = stat()
        if unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { return }
        let draft = "\(path).\(UInt64.random(in: .min ... .max)).part"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        var isWhole = fchmod(descriptor, 0o600) == 0
        var rest = bytes[...]
        while isWhole, !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            isWhole = count > 0
            if isWhole { rest = rest.dropFirst(count) }
        }
        close(descriptor)
        if unsafe !isWhole || rename(draft, path) != 0 { unsafe unlink(draft) }
    }

    /// Makes a folder and those above it for their owner alone, and takes away from others what they may do in one of
    /// ours that is there.
    ///
    /// - Returns: whether it is there.
    @discardableResult public static func makeFolder(_ path: String) -> Bool {
        if let found = status(path) {
            guard found.st_mode & S_IFMT == S_IFDIR else { return false }
            if found.st_uid == geteuid(), found.st_mode & 0o077 != 0 { unsafe _ = chmod(path, 0o700) }
            return true
        }
        let parent = folder(of: path)
        guard parent != path, status(parent) != nil || makeFolder(parent) else { return false }
        guard unsafe mkdir(path, 0o700) == 0 else { return errno == EEXIST }
        // The umask may have taken too much.
        return unsafe chmod(path, 0o700) == 0
    }

    private static func folder(of path: String) -> String {
        let trimmed = path.hasSuffix("/") && path != "/" ? String(path.dropLast()) : path
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }

    /// Whether nobody else could have written there; the administrator could anyway.
    private static func isOurs(_ status: stat) -> Bool {
        (status.st_uid == geteuid() || status.st_uid == 0) && status.st_mode & 0o022 == 0
    }
}
