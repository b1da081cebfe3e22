// SPDX-License-Identifier: Apache-2.0

internal import TOMLKit

/// Changes single values of a TOML document and leaves everything else as it was written, remarks and order included;
/// the parser itself would forget both. What came out is parsed again and must differ in nothing but the value.
struct TOMLEditor {
    /// A value to be written.
    enum Value: Equatable, Sendable {
        case text(String)
        case texts([String])
        case truth(Bool)
        /// A date as it is to stand there, "2030-12-31".
        case day(String)

        /// As TOML.
        var written: String {
            switch self {
            case .text(let text): TOMLEditor.quoted(text)
            case .texts(let texts): "[" + texts.map(TOMLEditor.quoted).joined(separator: ", ") + "]"
            case .truth(let truth): truth ? "true" : "false"
            case .day(let day): day
            }
        }
    }

    /// The document so far.
    private(set) var text: String

    init(_ text: String) { self.text = text }

    /// Sets the value of a key.
    ///
    /// - Returns: `false`, with nothing changed, when the document is written in a way that this does not follow.
    mutating func set(_ path: [String], to value: Value) -> Bool {
        guard let wanted = Self.document(text, with: value, at: path) else { return false }
        var bytes = Array(text.utf8)
        Self.change(&bytes, path, to: value.written)
        let changed = String(decoding: bytes, as: UTF8.self)
        guard let table = try? TOMLTable(string: changed), Self.canonical(table) == wanted else { return false }
        text = changed
        return true
    }

    private static func change(_ bytes: inout [UInt8], _ path: [String], to value: String) {
        let syntax = TOMLSyntax(bytes)
        let statements = syntax.statements
        if let found = statements.first(where: { $0.path == path && $0.value != nil }), let range = found.value {
            bytes.replaceSubrange(range, with: Array(value.utf8))
            return
        }
        let parent = Array(path.dropLast())
        let name = key(path.last ?? "")
        let lineEnd = bytes.contains(UInt8(ascii: "\r")) ? "\r\n" : "\n"
        // A brother that was written in the same place shows how: after a prefix, in a table, or inside braces.
        if let brother = statements.last(where: { $0.path.dropLast() == parent[...] && $0.value != nil }) {
            let prefix = parent.dropFirst(brother.table.count).map(key)
            let line = (prefix + [name]).joined(separator: ".") + " = " + value
            guard let end = brother.value?.upperBound else { return }
            if brother.depth > 0 { return insert(", " + line, at: end, in: &bytes) }
            return insert(line: line, at: syntax.endOfLine(from: end), lineEnd, in: &bytes)
        }
        if let header = statements.last(where: { $0.path == parent && $0.value == nil }) {
            return insert(
                line: "\(name) = \(value)",
                at: syntax.endOfLine(from: header.key.upperBound),
                lineEnd,
                in: &bytes
            )
        }
        if let braces = statements.first(where: { $0.path == parent && $0.value != nil })?.value {
            return insert(" \(name) = \(value) ", at: braces.lowerBound + 1, in: &bytes)
        }
        if parent.isEmpty {
            let first = statements.first?.start ?? bytes.count
            return insert(line: "\(name) = \(value)", at: first, lineEnd, in: &bytes)
        }
        // The table of this table may be written as braces: then this one goes there too.
        let grand = Array(parent.dropLast())
        if let uncle = statements.last(where: { $0.path.dropLast() == grand[...] && $0.depth > 0 }),
            let end = uncle.value?.upperBound
        {
            return insert(", \(key(parent.last ?? "")) = { \(name) = \(value) }", at: end, in: &bytes)
        }
        let gap = bytes.isEmpty ? "" : lineEnd
        let header = "[" + parent.map(key).joined(separator: ".") + "]"
        insert(line: gap + header + lineEnd + "\(name) = \(value)", at: bytes.count, lineEnd, in: &bytes)
    }

    private static func insert(line: String, at position: Int, _ lineEnd: String, in bytes: inout [UInt8]) {
        let isAfterOpenLine = position > 0 && bytes[position - 1] != UInt8(ascii: "\n")
        insert((isAfterOpenLine ? lineEnd : "") + line + lineEnd, at: position, in: &bytes)
    }

    private static func insert(_ text: String, at position: Int, in bytes: inout [UInt8]) {
        bytes.insert(contentsOf: Array(text.utf8), at: position)
    }

    /// What the document is to mean afterwards.
    private static func document(_ text: String, with value: Value, at path: [String]) -> String? {
        guard let root = try? TOMLTable(string: text), let last = path.last,
            let new = try? TOMLTable(string: "value = \(value.written)")["value"]
        else { return nil }
        var table = root
        for name in path.dropLast() {
            if table[name] == nil { table[name] = TOMLTable() }
            guard let child = table[name]?.tomlValue.table else { return nil }
            table = child
        }
        table[last] = new
        return canonical(root)
    }

    private static func canonical(_ table: TOMLTable) -> String { table.convert(to: .json) }

    /// A name as a key: bare where that is allowed.
    static func key(_ name: String) -> String {
        let isBare =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            }
        return isBare ? name : quoted(name)
    }

    /// A basic string of TOML 1.0.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
