// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// The request IDs that helpdesk asks about: arguments, a file, standard input, in this order and each only once.
enum RequestIDList {
    /// The largest list in bytes; ten thousand IDs have 130 kB.
    static let largestFile = 16 << 20

    /// Reads all of them.
    ///
    /// - Throws: `requestIDInvalid` with everything that is none; `fileUnreadable`.
    static func read(arguments: [String], file: String?) throws(CommandError) -> [RequestID] {
        var words = arguments.filter { $0 != "-" }
        if arguments.contains("-") || file == "-" {
            words += try self.words(in: FileHandle.standardInput, named: "-")
        }
        if let file, file != "-" {
            guard let handle = FileHandle(forReadingAtPath: file) else { throw CommandError(.fileUnreadable, [file]) }
            defer { try? handle.close() }
            words += try self.words(in: handle, named: file)
        }
        let wrong = words.filter { RequestID($0) == nil }
        guard wrong.isEmpty else { throw CommandError(.requestIDInvalid, wrong) }
        var seen: Set<RequestID> = []
        return words.compactMap { RequestID($0) }.filter { seen.insert($0).inserted }
    }

    /// The words of a list, which may be a table's first column or a line of many; what follows a # is a remark.
    private static func words(in handle: FileHandle, named name: String) throws(CommandError) -> [String] {
        guard let data = try? handle.readToEnd() ?? Data(), data.count <= largestFile,
            let text = String(data: data, encoding: .utf8)
        else { throw CommandError(.fileUnreadable, [name]) }
        return text.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
            let content = line.prefix { $0 != "#" }
            if RequestID(String(content)) != nil { return [String(content)] }
            return content.split { $0.isWhitespace || $0 == "," || $0 == ";" || $0 == "\"" }.map(String.init)
        }
    }
}
