// SPDX-License-Identifier: Apache-2.0

/// How intricate a document may be before the parser sees it: the parser and its trees recurse, and a stack has an end
/// that no error tells of. No configuration comes near these bounds.
enum TOMLBounds {
    /// The longest line, in bytes.
    static let longestLine = 16_384
    /// The most brackets within each other, and the most parts of a dotted name.
    static let deepest = 16

    private static let newline = UInt8(ascii: "\n")
    private static let quote = UInt8(ascii: "\"")
    private static let apostrophe = UInt8(ascii: "'")

    /// The first line that is beyond them, counted from one; `nil` when none is. What is in quotes or behind a # counts
    /// for the length alone.
    static func excess(in text: String) -> Int? {
        let lines = text.utf8.split(separator: newline, omittingEmptySubsequences: false)
        if let long = lines.firstIndex(where: { $0.count > longestLine }) { return long + 1 }
        let bytes = Array(text.utf8)
        var line = 1
        var (brackets, dots) = (0, 0)
        var position = 0
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case newline: (line, dots) = (line + 1, 0)
            case UInt8(ascii: "#"): position = bytes[position...].firstIndex(of: newline) ?? bytes.count
            case quote, apostrophe:
                let end = endOfText(in: bytes, from: position - 1)
                line += bytes[position..<end].count { $0 == newline }
                position = end
            case UInt8(ascii: "["), UInt8(ascii: "{"): (brackets, dots) = (brackets + 1, 0)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): (brackets, dots) = (max(0, brackets - 1), 0)
            case UInt8(ascii: "="), UInt8(ascii: ","): dots = 0
            case UInt8(ascii: "."): dots += 1
            default: break
            }
            guard brackets <= deepest, dots < deepest else { return line }
        }
        return nil
    }

    /// Where a text in quotes ends, of one line or of several. One that is not closed ends with its line, or with the
    /// document.
    private static func endOfText(in bytes: [UInt8], from start: Int) -> Int {
        let mark = bytes[start]
        func marks(at position: Int) -> Int { bytes[position...].prefix(5).prefix { $0 == mark }.count }
        let opening = marks(at: start)
        if opening == 2 { return start + 2 }
        let isLong = opening >= 3
        var position = start + (isLong ? 3 : 1)
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\\") where mark == quote: position += 2
            case newline where !isLong: return position
            case mark where !isLong: return position + 1
            // Up to two marks may stand right before the three that close.
            case mark where marks(at: position) >= 3: return position + marks(at: position)
            default: position += 1
            }
        }
        return bytes.count
    }
}
