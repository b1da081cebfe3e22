// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Results, and nothing else, go here. Written at once and checked: a full disk behind a redirection is an error.
enum StandardOutput {
    /// Writes a text, which should end with a line end.
    static func write(_ text: String) throws(CommandError) { try write(Array(text.utf8)) }

    /// Writes bytes.
    ///
    /// - Throws: `outputClosed` when nobody reads any more, `cannotWrite` for anything else.
    static func write(_ bytes: [UInt8]) throws(CommandError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
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
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    /// The text in bold letters, where there are some.
    static func emphasised(
        _ text: String,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> String {
        let hasControls = isTerminal && !["", "dumb"].contains(environment["TERM"] ?? "")
        return hasControls ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }
}
