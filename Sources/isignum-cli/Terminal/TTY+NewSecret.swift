// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

extension TTY {
    /// Reads a line that is not shown and says meanwhile whether its length will do, where the terminal can go back to
    /// the beginning of its line.
    ///
    /// - Returns: `nil` when the input has ended or the line was empty.
    /// - Throws: `cancelled` when the task was; the terminal is put back whatever happens.
    func newSecret<Role>(_ prompt: String, judge: LengthJudge) async throws(KeyStoreError) -> Secret<Role>? {
        let columns = Width.of(descriptor)
        var wrapped = prompt.wrapped(to: columns)
        var line = wrapped.split(separator: "\n", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let isPlain = ProcessInfo.processInfo.environment["TERM"].map { $0.isEmpty || $0 == "dumb" } ?? true
        func fits(_ line: String) -> Bool { line.count + judge.width + 4 < columns ?? 80 }
        if !fits(line) {
            // The verdict gets a line of its own.
            line = "  "
            wrapped += "\n" + line
        }
        guard !isPlain, fits(line) else { return try await secret(prompt) }
        return try await Echo.hidden(on: descriptor, prompt: wrapped, byCharacter: true) {
            () throws(KeyStoreError) -> Secret<Role>? in
            writeAsItIs(wrapped)
            defer { writeAsItIs("\n") }
            var typed = TypedCharacters()
            var shown = ""
            while true {
                let verdict = judge.verdict(on: typed.count)
                if verdict != shown { writeAsItIs("\r\u{1B}[K\(line)(\(verdict)) ") }
                shown = verdict
                guard await Input(descriptor).isReady() else { throw KeyStoreError(.cancelled) }
                var byte: UInt8 = 0
                guard unsafe read(descriptor, &byte, 1) == 1 else { return nil }
                switch typed.take(byte) {
                case .goOn: continue
                case .end: return typed.secret()
                case .givenUp: return nil
                }
            }
        }
    }
}

/// What was typed so far, in memory as secrets have it. The keys that correct a line do so here: a terminal that gives
/// single characters no longer does.
private struct TypedCharacters: ~Copyable {
    enum Outcome { case goOn, end, givenUp }

    private let pages = SecretPages(count: PIN.capacity)
    private(set) var count = 0

    mutating func take(_ byte: UInt8) -> Outcome {
        switch byte {
        case 0x0A, 0x0D: return .end
        case 0x04: return count == 0 ? .givenUp : .goOn
        case 0x08, 0x7F: removeLast()
        case 0x15, 0x17: while count > 0 { removeLast() }
        default:
            // What is too long is refused anyway; the bytes themselves need no room.
            guard count < PIN.capacity else { return .goOn }
            unsafe pages.bytes[count] = byte
            count += 1
        }
        return .goOn
    }

    private mutating func removeLast() {
        // A character may be several bytes (UTF-8).
        var isContinuation = true
        while count > 0, isContinuation {
            count -= 1
            isContinuation = unsafe pages.bytes[count] & 0xC0 == 0x80
            unsafe pages.bytes[count] = 0
        }
    }

    borrowing func secret<Role>() -> Secret<Role>? {
        let used = count
        return unsafe Secret(filling: { room in
            unsafe room.copyMemory(from: UnsafeRawBufferPointer(rebasing: pages.bytes[..<used]))
            return used > 0 ? used : nil
        })
    }
}
