// SPDX-License-Identifier: Apache-2.0

/// Where the statements of a TOML document stand, byte for byte: enough to change one value and leave every other byte,
/// remarks among them, as a person wrote it. The document is one that the parser has accepted.
struct TOMLSyntax {
    /// One `[table]` line, or one `key = value`.
    struct Statement {
        /// The whole key, from the root of the document.
        let path: [String]
        /// The table that it stands in; the path itself for a header.
        let table: [String]
        /// Where it begins, without blanks before it.
        let start: Int
        /// The key as it was written, without blanks around it.
        let key: Range<Int>
        /// The value; `nil` for a header.
        let value: Range<Int>?
        /// The depth: 0 for a line of its own, more inside `{ … }`.
        let depth: Int
    }

    private(set) var statements: [Statement] = []
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var table: [String] = []
        while skip(lines: true) {
            let start = position
            guard bytes[position] == UInt8(ascii: "[") else {
                assignment(in: table, depth: 0)
                if position == start { break }
                continue
            }
            while position < bytes.count, bytes[position] == UInt8(ascii: "[") { position += 1 }
            let (names, key) = key()
            table = names
            statements.append(Statement(path: names, table: names, start: start, key: key, value: nil, depth: 0))
            endLine()
        }
    }

    /// The end of the line that a byte stands in, its line end included.
    func endOfLine(from position: Int) -> Int {
        bytes[position...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
    }

    private mutating func assignment(in table: [String], depth: Int) {
        let start = position
        let (names, key) = key()
        _ = skip(lines: false)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return }
        position += 1
        _ = skip(lines: false)
        let begin = position
        let slot = statements.count
        value(of: table + names, depth: depth)
        let statement = Statement(
            path: table + names,
            table: table,
            start: start,
            key: key,
            value: begin..<position,
            depth: depth
        )
        statements.insert(statement, at: slot)
    }

    /// Reads a dotted key.
    private mutating func key() -> (names: [String], range: Range<Int>) {
        var names: [String] = []
        _ = skip(lines: false)
        let start = position
        var end = position
        while position < bytes.count {
            let begin = position
            if bytes[position] == UInt8(ascii: "\"") || bytes[position] == UInt8(ascii: "'") {
                text()
                names.append(Self.plain(bytes[begin..<position]))
            } else {
                while position < bytes.count, Self.isBare(bytes[position]) { position += 1 }
                names.append(String(decoding: bytes[begin..<position], as: UTF8.self))
            }
            end = position
            _ = skip(lines: false)
            guard position > begin, position < bytes.count, bytes[position] == UInt8(ascii: ".") else { break }
            position += 1
            _ = skip(lines: false)
        }
        return (names, start..<end)
    }

    private mutating func value(of path: [String], depth: Int) {
        guard position < bytes.count else { return }
        switch bytes[position] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): text()
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            let isTable = bytes[position] == UInt8(ascii: "{")
            let closing = isTable ? UInt8(ascii: "}") : UInt8(ascii: "]")
            position += 1
            while skip(lines: true), bytes[position] != closing {
                let before = position
                if bytes[position] == UInt8(ascii: ",") {
                    position += 1
                } else if isTable {
                    assignment(in: path, depth: depth + 1)
                } else {
                    value(of: path, depth: depth + 1)
                }
                if position == before { position += 1 }
            }
            position = min(position + 1, bytes.count)
        default:
            while position < bytes.count, !",]}#\r\n".utf8.contains(bytes[position]) { position += 1 }
            while bytes[position - 1] == UInt8(ascii: " ") || bytes[position - 1] == UInt8(ascii: "\t") {
                position -= 1
            }
        }
    }

    /// Goes past a text in quotes of either kind, in one line or several.
    private mutating func text() {
        let quote = bytes[position]
        let isLong = bytes[position...].starts(with: [quote, quote, quote])
        position += isLong ? 3 : 1
        while position < bytes.count {
            if quote == UInt8(ascii: "\""), bytes[position] == UInt8(ascii: "\\") {
                position += 2
            } else if isLong ? bytes[position...].starts(with: [quote, quote, quote]) : bytes[position] == quote {
                position += isLong ? 3 : 1
                // Quotes may stand right before the closing ones.
                while isLong, position < bytes.count, bytes[position] == quote { position += 1 }
                return
            } else {
                position += 1
            }
        }
        position = min(position, bytes.count)
    }

    /// Goes past blanks; with `lines` also past line ends and remarks.
    ///
    /// - Returns: whether anything is left.
    private mutating func skip(lines: Bool) -> Bool {
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): position += 1
            case UInt8(ascii: "\r") where lines, UInt8(ascii: "\n") where lines: position += 1
            case UInt8(ascii: "#") where lines: endLine()
            default: return true
            }
        }
        return false
    }

    private mutating func endLine() { position = endOfLine(from: min(position, bytes.count)) }

    private static func isBare(_ byte: UInt8) -> Bool {
        !" \t\r\n.=]\"'#,{}[".utf8.contains(byte)
    }

    /// A quoted name as it is meant. Escapes beyond quote and backslash are rare enough to be left as they are: the name
    /// is then not found, and nothing is changed.
    private static func plain(_ quoted: ArraySlice<UInt8>) -> String {
        let inner = String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        guard quoted.first == UInt8(ascii: "\"") else { return inner }
        return inner.replacing("\\\"", with: "\"").replacing("\\\\", with: "\\")
    }
}
