// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The terminal that a person sits at, whatever standard input and output are: questions go here, so that pipes keep
/// working.
final class TTY: Sendable {
    let descriptor: Int32

    /// The longest line that is read, in bytes.
    private static let longestLine = 4_096

    /// - Returns: `nil` when the process has no terminal.
    init?() {
        let descriptor = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Writes a question or what belongs to one, in lines that fit.
    func write(_ text: String) { writeAsItIs(text.wrapped(to: Width.of(descriptor))) }

    /// Writes a choice with its number; what does not fit into a line goes on below its text.
    func write(_ choice: String, numbered number: Int) {
        let label = String(repeating: " ", count: number < 10 ? 2 : 1) + "\(number)  "
        writeAsItIs((label + choice).wrapped(to: Width.of(descriptor), hanging: 5) + "\n")
    }

    /// Writes what may be copied and must not be broken.
    func writeAsItIs(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let written = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return }
            rest = rest.dropFirst(written)
        }
    }

    /// Reads a line.
    ///
    /// - Returns: `nil` when the input has ended.
    /// - Throws: `cancelled` when the task was; what is told then begins a line of its own.
    func line() async throws(KeyStoreError) -> String? {
        do throws(KeyStoreError) { try await ready() } catch {
            writeAsItIs("\n")
            throw error
        }
        var bytes = [UInt8](repeating: 0, count: Self.longestLine)
        let count = unsafe read(descriptor, &bytes, bytes.count)
        guard count > 0 else { return nil }
        return String(decoding: bytes.prefix(count).prefix { $0 != 0x0A }, as: UTF8.self)
    }

    /// Reads a line that is not shown, straight into the secret's own memory.
    ///
    /// - Returns: `nil` when the input has ended or the line was empty.
    /// - Throws: `cancelled` when the task was; the echo is restored whatever happens.
    func secret<Role>(_ prompt: String) async throws(KeyStoreError) -> Secret<Role>? {
        let prompt = prompt.wrapped(to: Width.of(descriptor))
        let tty = descriptor
        return try await Echo.hidden(on: tty, prompt: prompt) { () throws(KeyStoreError) -> Secret<Role>? in
            writeAsItIs(prompt)
            defer { writeAsItIs("\n") }
            try await ready()
            return unsafe Secret(filling: { buffer in
                let count = unsafe read(tty, buffer.baseAddress, buffer.count)
                // A line that does not fit is no secret; what is left of it must not become the next answer.
                guard count > 0, unsafe buffer[count - 1] == 0x0A else {
                    tcflush(tty, TCIFLUSH)
                    return nil
                }
                return count > 1 ? count - 1 : nil
            })
        }
    }

    /// Waits until there is a line to read, or the end of the input.
    ///
    /// - Returns: `false` when the task was cancelled.
    func isReady() async -> Bool { await Input(descriptor).isReady() }

    private func ready() async throws(KeyStoreError) { guard await isReady() else { throw KeyStoreError(.cancelled) } }
}
