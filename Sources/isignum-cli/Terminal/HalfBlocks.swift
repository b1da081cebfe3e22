// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Paper

/// A QR code in characters: two modules, one above the other, are one half block, so that they come out square. Around it
/// is the empty margin that readers need.
struct HalfBlocks: Equatable, Sendable {
    /// How dark and light are told apart.
    enum Ink: Equatable, Sendable {
        /// Black on white, whatever colours the terminal has.
        case blackOnWhite
        /// The terminal's own two colours, of which the background is dark or light.
        case plain(onDark: Bool)

        /// - Parameter environment: COLORFGBG ("15;0") names the background's colour where the terminal knows it; most
        ///   are dark.
        init(environment: [String: String]) {
            guard !ExpertMarker.hasColour(environment) else {
                self = .blackOnWhite
                return
            }
            let background = environment["COLORFGBG"]?.split(separator: ";").last.flatMap { Int($0) } ?? 0
            self = .plain(onDark: background != 7 && background < 9)
        }
    }

    private static let indent = "    "

    /// The lines, each ending with a line end and with the terminal's own colours.
    let text: String
    /// The columns that it takes.
    let columns: Int

    init(_ symbol: Symbol, ink: Ink) {
        let inked = ink != .plain(onDark: true)
        let extent = (-Symbol.quietZone)..<(symbol.rows.count + Symbol.quietZone)
        columns = Self.indent.count + extent.count
        // A last row that has no other below it stays light: it only widens the margin.
        text = stride(from: extent.lowerBound, to: extent.upperBound, by: 2).map { row in
            let line = extent.map { column -> Character in
                let upper = symbol.isDark(row: row, column: column) == inked
                let lower = symbol.isDark(row: row + 1, column: column) == inked
                return upper ? (lower ? "█" : "▀") : (lower ? "▄" : " ")
            }
            return Self.indent + (ink == .blackOnWhite ? "\u{1B}[30;47m\(String(line))\u{1B}[0m" : String(line)) + "\n"
        }.joined()
    }
}
