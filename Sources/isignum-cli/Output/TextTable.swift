// SPDX-License-Identifier: Apache-2.0

/// Columns and labelled lines for people. Everything printed through it is made safe first.
enum TextTable {
    /// Columns as wide as their widest cell, two blanks apart.
    static func columns(_ rows: [[String]]) -> String {
        let rows = rows.map { $0.map(\.printable) }
        let count = rows.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in rows.map { $0.count > column ? $0[column].count : 0 }.max() ?? 0 }
        return rows.map { row in
            let line = row.enumerated().map { $1.padded(to: widths[$0]) }.joined(separator: "  ")
            return line.replacing(/\s+$/, with: "") + "\n"
        }.joined()
    }

    /// A label and its value a line; lines without a value are left out.
    static func lines(_ pairs: [(label: String, value: String?)], indent: Int = 0) -> String {
        let present = pairs.compactMap { pair in pair.value.map { (pair.label + ":", $0.printable) } }
        let width = present.map(\.0.count).max() ?? 0
        let margin = String(repeating: " ", count: indent)
        return present.map { "\(margin)\($0.0.padded(to: width))  \($0.1)\n" }.joined()
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}
