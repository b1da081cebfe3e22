// SPDX-License-Identifier: Apache-2.0

/// Columns and labelled lines for people. Everything printed through it is made safe first.
enum TextTable {
    /// Columns as wide as their widest cell, two blanks apart. On a terminal that is too narrow each row becomes a
    /// paragraph with its headings.
    ///
    /// - Parameter headings: `nil` for a table that explains itself; it is never turned into paragraphs.
    static func columns(
        _ headings: [String]?,
        _ rows: [[String]],
        width: Int? = Width.ofStandardOutput
    ) -> String {
        let all = ((headings.map { [$0.map { $0.uppercased() }] } ?? []) + rows).map { $0.map(\.printable) }
        let count = all.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in all.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        if let width, let headings, widths.reduce(-2, { $0 + $1 + 2 }) > width {
            let paragraphs = rows.map { row in
                lines(zip(headings, row).map { ($0, $1.isEmpty ? nil : $1) }, width: width)
            }
            return paragraphs.joined(separator: "\n")
        }
        return all.map { row in
            let cells = row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell.padded(to: widths[index])
            }
            return cells.joined(separator: "  ") + "\n"
        }.joined()
    }

    /// A label and its value a line; lines without a value are left out, and long values are broken at blanks. What has
    /// an empty label belongs to the line before it. A word that is longer than the room under its column, as a
    /// fingerprint, is broken at the width, so that it does not run on in the terminal's first column.
    static func lines(
        _ pairs: [(label: String, value: String?)],
        indent: Int = 0,
        width: Int? = Width.ofStandardOutput
    ) -> String {
        let present = pairs.compactMap { pair in
            pair.value.map { (pair.label.isEmpty ? "" : pair.label + ":", $0.printable) }
        }
        let column = present.map(\.0.count).max() ?? 0
        let margin = String(repeating: " ", count: indent)
        return present.map { label, value in
            let start = indent + column + 2
            let value = width.map { value.withWords(ofAtMost: $0 - Swift.min(start, $0 / 2)) } ?? value
            let line = "\(margin)\(label.padded(to: column))  \(value)"
            return line.wrapped(to: width, hanging: start) + "\n"
        }.joined()
    }
}

extension String {
    /// The text with its longer words cut into pieces of at most this length, a blank between them: a name from its value,
    /// else where the room ends. A path or an address stays whole; it is there to be copied.
    fileprivate func withWords(ofAtMost length: Int) -> String {
        split(separator: " ", omittingEmptySubsequences: false).map { word in
            var rest = word
            var pieces: [Substring] = []
            while rest.count > length, !rest.contains("/") {
                let room = rest.prefix(length)
                let piece = room.lastIndex(of: "=").map { room[...$0] } ?? room
                pieces.append(piece)
                rest = rest[piece.endIndex...]
            }
            return (pieces + [rest]).joined(separator: " ")
        }.joined(separator: " ")
    }

    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
