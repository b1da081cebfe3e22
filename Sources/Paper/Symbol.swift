// SPDX-License-Identifier: Apache-2.0

/// A QR code as `isignum-paper --symbol` writes it on standard output: a line a row, "#" for dark and "." for light, without
/// the empty margin. The text of the code comes on standard input.
public struct Symbol: Equatable, Sendable {
    /// The argument that asks for a symbol instead of a page.
    public static let argument = "--symbol"
    /// The empty modules that belong around it (ISO/IEC 18004, section 6.3.8).
    public static let quietZone = 4
    /// The most bytes of text that are taken for a symbol.
    public static let longestText = 256
    /// Modules on a side of the largest symbol there is.
    private static let widest = 177

    /// The modules, dark ones true, row after row; as many rows as columns.
    public let rows: [[Bool]]

    /// Takes rows over.
    public init(rows: [[Bool]]) { self.rows = rows }

    /// Reads what was written.
    ///
    /// - Returns: `nil` when it is no symbol.
    public init?(text: String) {
        let lines = text.utf8.split(separator: 0x0A)
        guard (1...Self.widest).contains(lines.count), lines.allSatisfy({ $0.count == lines.count }),
            lines.joined().allSatisfy({ $0 == 0x23 || $0 == 0x2E })
        else { return nil }
        rows = lines.map { $0.map { $0 == 0x23 } }
    }

    /// As it is written.
    public var text: String {
        rows.map { row in String(row.map { $0 ? "#" : "." }) + "\n" }.joined()
    }

    /// Whether a module is dark; what is outside is light.
    public func isDark(row: Int, column: Int) -> Bool {
        rows.indices.contains(row) && rows[row].indices.contains(column) && rows[row][column]
    }
}
