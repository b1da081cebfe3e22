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
        guard let input = ProgramStart.pipe() else { return nil }
        guard let output = ProgramStart.pipe() else {
            close(input.reading)
            close(input.writing)
            return nil
        }
        let process = ProgramStart.start(name, input: input.reading, output: output.writing, errors: nil)
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

    /// Our side of the talk.
    var speaker: Speaker { Speaker(commands: commands) }

    /// Who speaks to it, from whatever thread, as long as it lives.
    struct Speaker: Sendable {
        fileprivate let commands: Int32

        /// Says a line.
        func send(_ line: String) {
            var rest = Array((line + "\n").utf8)[...]
            while !rest.isEmpty {
                let written = unsafe rest.withUnsafeBytes { unsafe write(commands, $0.baseAddress, $0.count) }
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
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
