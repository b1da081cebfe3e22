// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Another program that is spoken to over its standard input and output, and ends with its owner.
///
/// It stays in our job, so that it may use the terminal, and minds the signals that we do not.
struct SpokenProgram: ~Copyable {
    private let process: pid_t
    private let commands: Int32
    /// What it says.
    let answers: Int32
    /// The terminal as it was before: a program that is ended has no chance to put it back.
    private let terminal: (descriptor: Int32, found: termios)?

    /// Starts the program that the search path has under a name.
    init?(_ name: String) {
        guard let input = Self.ends() else { return nil }
        guard let output = Self.ends() else {
            close(input.reading)
            close(input.writing)
            return nil
        }
        let process = Self.start(name, input: input.reading, output: output.writing)
        close(input.reading)
        close(output.writing)
        guard let process else {
            close(input.writing)
            close(output.reading)
            return nil
        }
        self.process = process
        commands = input.writing
        answers = output.reading
        terminal = Self.terminal()
    }

    deinit {
        close(commands)
        kill(process, SIGTERM)
        // Its end closes its side. Whoever has not ended within a second has to.
        var watched = pollfd(fd: answers, events: 0, revents: 0)
        if unsafe poll(&watched, 1, 1_000) == 0 { kill(process, SIGKILL) }
        while waitpid(process, nil, 0) < 0 && errno == EINTR {}
        close(answers)
        if let terminal {
            var found = terminal.found
            unsafe _ = tcsetattr(terminal.descriptor, TCSANOW, &found)
            close(terminal.descriptor)
        }
    }

    /// Says a line.
    func send(_ line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe write(commands, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    /// A pipe that no other program inherits.
    private static func ends() -> (reading: Int32, writing: Int32)? {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }

    private static func start(_ name: String, input: Int32, output: Int32) -> pid_t? {
        var files = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        unsafe posix_spawn_file_actions_init(&files)
        unsafe posix_spawnattr_init(&attributes)
        defer {
            unsafe posix_spawn_file_actions_destroy(&files)
            unsafe posix_spawnattr_destroy(&attributes)
        }
        unsafe posix_spawn_file_actions_adddup2(&files, input, STDIN_FILENO)
        unsafe posix_spawn_file_actions_adddup2(&files, output, STDOUT_FILENO)
        unsafe posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        // What we ignore or block would be ignored and blocked there too.
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { unsafe sigaddset(&signals, number) }
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
        let settings = unsafe ProcessInfo.processInfo.environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
        let arguments = unsafe [strdup(name), nil]
        defer { unsafe (settings + arguments).forEach { unsafe free($0) } }
        var process: pid_t = 0
        let failure = unsafe posix_spawnp(&process, name, &files, &attributes, arguments, settings)
        return failure == 0 ? process : nil
    }

    private static func terminal() -> (descriptor: Int32, found: termios)? {
        let descriptor = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        var found = termios()
        guard descriptor >= 0, unsafe tcgetattr(descriptor, &found) == 0 else {
            if descriptor >= 0 { close(descriptor) }
            return nil
        }
        return (descriptor, found)
    }
}
