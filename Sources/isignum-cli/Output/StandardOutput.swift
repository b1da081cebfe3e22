// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Results, and nothing else, go here. Written at once and checked: a full disk behind a redirection is an error.
///
/// A vendor's module is in this process, and some greet their user: once `claim` was called, what others write to
/// descriptor 1 is seen on standard error and is no part of a document.
enum StandardOutput {
    private static let own = Atomic<Int32>(STDOUT_FILENO)

    /// Where results go: descriptor 1 as it was when the program began.
    static var descriptor: Int32 { own.load(ordering: .relaxed) }

    /// Keeps standard output for `write` alone; to be called once, before anything foreign is loaded.
    static func claim() {
        // Far from the numbers that a person passes with --pin-from fd:N; no other program inherits it.
        let kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 500)
        guard kept >= 0 else { return }
        own.store(kept, ordering: .relaxed)
        guard dup2(STDERR_FILENO, STDOUT_FILENO) < 0 else { return }
        // Nobody reads the errors; the number must not become that of a file.
        let nowhere = unsafe open("/dev/null", O_WRONLY)
        guard nowhere >= 0 else { return }
        dup2(nowhere, STDOUT_FILENO)
        if nowhere > STDERR_FILENO { close(nowhere) }
    }

    /// Writes a text, which should end with a line end.
    static func write(_ text: String) throws(CommandError) { try write(Array(text.utf8)) }

    /// Writes bytes.
    ///
    /// - Throws: `outputClosed` when nobody reads any more, `cannotWrite` for anything else.
    static func write(_ bytes: [UInt8]) throws(CommandError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if written > 0 {
                rest = rest.dropFirst(written)
            } else if errno == EPIPE {
                throw CommandError(.outputClosed)
            } else if errno != EINTR {
                throw CommandError(.cannotWrite, ["stdout"])
            }
        }
    }

    /// Whether a person sees it.
    static var isTerminal: Bool { isatty(descriptor) == 1 }

    /// The text in bold letters, where there are some.
    static func emphasised(
        _ text: String,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        let hasControls = isTerminal && !["", "dumb"].contains(environment["TERM"] ?? "")
        return hasControls ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }
}
