// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The list of PKCS#11 modules of an NSS database (`pkcs11.txt`): stanzas of `name=value` lines with an empty line after
/// each. What is changed here is what `modutil -add` and `-delete` would change, byte for byte, but put in place whole
/// and without starting the module.
struct SecurityModules {
    /// One stanza.
    struct Entry {
        /// The module's file; `nil` for NSS's own.
        let library: String?
        /// What the list calls it.
        let name: String
        fileprivate let lines: Range<Int>
    }

    private var lines: [String]

    /// - Parameter text: the file's whole text.
    init(_ text: String) { lines = text.components(separatedBy: "\n") }

    /// The text as it is to be written.
    var text: String { lines.joined(separator: "\n") }

    /// The modules, in the list's order.
    var entries: [Entry] {
        var entries: [Entry] = []
        var start = 0
        for (index, line) in (lines + [""]).enumerated() where line.allSatisfy(\.isWhitespace) {
            defer { start = index + 1 }
            guard index > start else { continue }
            // The empty line after a stanza belongs to it.
            let end = Swift.min(index + 1, lines.count)
            let library = value("library", in: start..<index)
            entries.append(
                Entry(
                    library: library.flatMap { $0.isEmpty ? nil : $0 },
                    name: value("name", in: start..<index) ?? "",
                    lines: start..<end
                )
            )
        }
        return entries
    }

    /// Adds a module at the end.
    mutating func add(_ name: String, library: String) {
        // A file that does not end with an empty line would swallow the new stanza.
        var body = text
        if !body.isEmpty, !body.hasSuffix("\n") { body += "\n" }
        if !body.isEmpty, !body.hasSuffix("\n\n") { body += "\n" }
        body += "library=\(library)\nname=\(name)\n\n"
        lines = body.components(separatedBy: "\n")
    }

    /// Takes out every module of this name.
    mutating func remove(_ name: String) {
        for entry in entries.reversed() where entry.name == name && entry.library != nil {
            lines.removeSubrange(entry.lines)
        }
    }

    private func value(_ key: String, in range: Range<Int>) -> String? {
        lines[range].first { $0.hasPrefix(key + "=") }.map { String($0.dropFirst(key.count + 1)) }
    }
}
