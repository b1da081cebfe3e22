// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The request IDs that helpdesk asks about: arguments, a file, standard input, in this order and each only once.
enum RequestIDList {
    /// The largest list in bytes; ten thousand IDs have 130 kB.
    static let largestFile = 16 << 20

    /// Reads all of them.
    ///
    /// - Parameter onWait: told once when a file, which may be a pipe, or standard input takes long: its name.
    /// - Throws: `requestIDInvalid` with everything that is none; `fileUnreadable`.
    static func read(
        arguments: [String],
        file: String?,
        onWait: @escaping @Sendable (String) async -> Void
    ) async throws(CommandError) -> [RequestID] {
        var words = arguments.filter { $0 != "-" }
        if arguments.contains("-") || file == "-" {
            words += try await self.words(in: STDIN_FILENO, named: "-", onWait)
        }
        if let file, file != "-" {
            // A pipe that nobody writes to yet is waited for below, where the wait can be given up.
            let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
            guard descriptor >= 0 else { throw CommandError(.fileUnreadable, [file]) }
            defer { close(descriptor) }
            words += try await self.words(in: descriptor, named: file, onWait)
        }
        let wrong = words.filter { RequestID($0) == nil }
        guard wrong.isEmpty else { throw CommandError(.requestIDInvalid, wrong) }
        var seen: Set<RequestID> = []
        return words.compactMap { RequestID($0) }.filter { seen.insert($0).inserted }
    }

    /// The words of a list, which may be a table's first column or a line of many; what follows a # is a remark.
    private static func words(
        in descriptor: Int32,
        named name: String,
        _ onWait: @escaping @Sendable (String) async -> Void
    ) async throws(CommandError) -> [String] {
        let bytes = await Input.telling({ await onWait(name) }) {
            await Input(descriptor).reading { $0.all(atMost: largestFile) }
        }
        guard let bytes, let text = String(data: Data(bytes), encoding: .utf8)
        else { throw CommandError(.fileUnreadable, [name]) }
        return text.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
            let content = line.prefix { $0 != "#" }
            if RequestID(String(content)) != nil { return [String(content)] }
            return content.split { $0.isWhitespace || $0 == "," || $0 == ";" || $0 == "\"" }.map(String.init)
        }
    }
}
