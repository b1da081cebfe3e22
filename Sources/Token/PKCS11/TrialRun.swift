// SPDX-License-Identifier: Apache-2.0

internal import CLinux
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A program that runs for a while and is ended when its time is over; its standard output is read, its standard error
/// goes nowhere.
final class TrialRun {
    struct Outcome {
        /// The end of what it wrote.
        let said: String
        let isTimedOut: Bool
    }

    private let process: pid_t
    private let output: Int32

    /// - Returns: `nil` when it cannot be started.
    init?(_ program: String, _ arguments: [String]) {
        var pipe: [Int32] = [-1, -1]
        guard Glibc.pipe(&pipe) == 0 else { return nil }
        // A trial that is started meanwhile must not hold the end that it does not write to.
        for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        // What a secret is read from is none of its business.
        posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A group of its own: whatever a module starts ends with it, and Ctrl-C is our matter.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP))
        posix_spawnattr_setpgroup(&attributes, 0)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var process = pid_t()
        let result = posix_spawn(&process, program, &actions, &attributes, &words, environ)
        close(pipe[1])
        guard result == 0 else {
            close(pipe[0])
            return nil
        }
        self.process = process
        output = pipe[0]
    }

    /// Waits for its end, or makes one.
    func outcome(before deadline: Date) -> Outcome {
        var said: [UInt8] = []
        var isTimedOut = false
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while true {
            let left = deadline.timeIntervalSinceNow
            var watched = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let ready = poll(&watched, 1, Int32(max(0, left * 1_000)))
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else {
                isTimedOut = true
                break
            }
            let count = read(output, &buffer, buffer.count)
            guard count > 0 else { break }
            // A module that writes without end is not read without end.
            said = Array((said + buffer.prefix(count)).suffix(8_192))
        }
        close(output)
        // The end of its output is not yet the end of the process.
        kill(-process, SIGKILL)
        kill(process, SIGKILL)
        while waitpid(process, nil, 0) < 0, errno == EINTR {}
        return Outcome(said: String(decoding: said, as: UTF8.self), isTimedOut: isTimedOut)
    }
}
