// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Files that a command makes for its user: whole or not at all, readable by the user alone, and never over another
/// file unless that was asked for. Only regular files are replaced: links are neither followed nor taken away, and
/// devices, pipes and folders stay what they are.
enum NewFile {
    /// Asks early, so that nothing is fetched for a file that could not be written.
    ///
    /// - Throws: `fileExists`; `notRegularFile`, also where a file would be replaced.
    static func requireFree(_ path: String, force: Bool) throws(CommandError) {
        switch FileKind(of: path) {
        case nil: return
        case .regular: guard force else { throw CommandError(.fileExists, [path]) }
        case let kind?: throw CommandError(.notRegularFile, [path, kind.rawValue])
        }
    }

    /// Whether a name that a person gave for a file means standard output: "-", as everywhere, and its device, which is
    /// a link and would be refused.
    static func isStandardOutput(_ path: String) -> Bool {
        ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].contains(path)
    }

    /// The name of a file from the root on, for who may come to it from another folder.
    static func absolute(_ path: String) -> String {
        URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
    }

    /// Whether there is anything of this name, a link that leads nowhere too.
    @Sendable static func isTaken(_ path: String) -> Bool {
        var status = stat()
        return unsafe lstat(path, &status) == 0
    }

    /// Whether a file of this name could be written: a draft of it is made and goes again. Rights alone tell nothing of
    /// a disk that takes no writing, or of names that it does not take.
    @Sendable static func isPossible(_ path: String) -> Bool {
        guard let (draft, descriptor) = draft(of: path) else { return false }
        close(descriptor)
        return unsafe unlink(draft) == 0
    }

    private static func draft(of path: String) -> (name: String, descriptor: Int32)? {
        let draft = "\(path).\(UUID().uuidString.prefix(8)).part"
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        // The umask may have taken too much.
        _ = fchmod(descriptor, 0o600)
        return (draft, descriptor)
    }

    /// Gives a draft its name, unless that is taken, whoever took it since we looked.
    ///
    /// - Returns: 0, or the error's number.
    private static func move(_ draft: String, to path: String) -> Int32 {
        if unsafe link(draft, path) == 0 {
            unsafe unlink(draft)
            return 0
        }
        // FAT, as on most memory sticks, has no links: there the name is looked for and taken in two steps.
        guard [EPERM, ENOTSUP, ENOSYS].contains(errno) else { return errno }
        guard !isTaken(path) else { return EEXIST }
        return unsafe rename(draft, path) == 0 ? 0 : errno
    }

    /// Puts the new name on the disk, too: without it a power cut could take a file that was said to be written. Where a
    /// folder cannot be read or takes no such order there is nothing more to be done.
    private static func synchroniseFolder(of path: String) {
        let folder = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let descriptor = unsafe open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Writes a file beside its final name and then moves it there.
    ///
    /// - Throws: `fileExists`, `notRegularFile`, `cannotWrite`; then nothing has changed.
    static func write(_ bytes: [UInt8], to path: String, force: Bool) throws(CommandError) {
        try requireFree(path, force: force)
        guard let (draft, descriptor) = draft(of: path) else { throw CommandError(.cannotWrite, [path]) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        do {
            try handle.write(contentsOf: Data(bytes))
            try handle.synchronize()
            try handle.close()
        } catch {
            unsafe unlink(draft)
            throw CommandError(.cannotWrite, [path])
        }
        let cause = unsafe force ? (rename(draft, path) == 0 ? 0 : errno) : move(draft, to: path)
        guard cause != 0 else { return synchroniseFolder(of: path) }
        unsafe unlink(draft)
        throw CommandError(cause == EEXIST ? .fileExists : .cannotWrite, [path])
    }
}
