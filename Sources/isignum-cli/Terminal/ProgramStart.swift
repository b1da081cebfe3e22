// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// How other programs are started: in our job, with our environment, with no descriptor but the three that every program
/// has, and minding the signals that we do not.
enum ProgramStart {
    /// A pipe that no other program inherits.
    static func pipe() -> (reading: Int32, writing: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard unsafe Glibc.pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - name: a path, or a name that is looked up in the search path.
    ///   - output: where it writes; `nil` is nowhere.
    ///   - errors: where it complains; `nil` is nowhere.
    /// - Returns: its process; `nil` when there is no such program.
    static func start(
        _ name: String,
        _ arguments: [String] = [],
        input: Int32,
        output: Int32?,
        errors: Int32?
    ) -> pid_t? {
        var files = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&files)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&files)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO)
        for (descriptor, target) in [(output, STDOUT_FILENO), (errors, STDERR_FILENO)] {
            if let descriptor {
                unsafe posix_spawn_file_actions_adddup2(&files, descriptor, target)
            } else {
                unsafe posix_spawn_file_actions_addopen(&files, target, "/dev/null", O_WRONLY, 0)
            }
        }
        // What a secret is read from, our connections and files are nobody else's.
        unsafe posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1)
        // What we ignore or block would be ignored and blocked there too.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { unsafe sigaddset(&signals, number) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let settings = unsafe ProcessInfo.processInfo.environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        let words = unsafe ([name] + arguments).map { unsafe strdup($0) } + [nil]
        defer { unsafe (settings + words).forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawnp(&process, name, &files, &attributes, words, settings)
        return failure == 0 ? process : nil
    }
}
