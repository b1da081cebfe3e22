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
    /// - Throws: `requestIDInvalid` with everything that is none; `fileUnreadable`, `fileTooLarge`, `fileUnusable`.
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

    /// Zero bytes are in UTF-16 alone: of which order, its mark tells, or the side on which they are. Letters that no IDs
    /// have may be in any other encoding.
    private static func text(of bytes: [UInt8]) -> String {
        guard bytes.contains(0) else {
            return String(
                decoding: bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...],
                as: UTF8.self
            )
        }
        let isMarked = bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF])
        let even = stride(from: 0, to: bytes.count, by: 2).count(where: { bytes[$0] == 0 })
        let isBigEndian = isMarked ? bytes[0] == 0xFE : even * 2 > bytes.count(where: { $0 == 0 })
        let units = stride(from: isMarked ? 2 : 0, to: bytes.count - 1, by: 2).map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        return String(decoding: units, as: UTF16.self)
    }

    /// The words of a list, which may be a table's first column or a line of many; what follows a # is a remark. IDs are
    /// ASCII, so that any encoding does.
    private static func words(
        in descriptor: Int32,
        named name: String,
        _ onWait: @escaping @Sendable (String) async -> Void
    ) async throws(CommandError) -> [String] {
        let bytes = await Input.telling({ await onWait(name) }) {
            await Input(descriptor).reading { $0.all(atMost: largestFile) }
        }
        guard let bytes else { throw CommandError(.fileUnreadable, [name]) }
        guard bytes.count <= largestFile else { throw CommandError(.fileTooLarge, [name]) }
        let text = self.text(of: bytes)
        // No text has other control characters; what is in such a file would be no help on a terminal.
        guard
            !text.unicodeScalars.contains(where: {
                $0.value < 0x20 && !(0x09...0x0D).contains($0.value) && $0.value != 0x1A
            })
        else { throw CommandError(.fileUnusable, [name]) }
        return text.replacing("\u{1A}", with: "").split(whereSeparator: \.isNewline).flatMap { line -> [String] in
            let content = line.prefix { $0 != "#" }
            if RequestID(String(content)) != nil { return [String(content)] }
            return content.split { $0.isWhitespace || $0 == "," || $0 == ";" || $0 == "\"" }.map(String.init)
        }
    }
}
