// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// How many characters fit into a line.
enum Width {
    /// Of the terminal that results go to; `nil` where they go elsewhere.
    static var ofStandardOutput: Int? { of(StandardOutput.descriptor) }

    /// Of a terminal; `nil` where the descriptor is none, and lines may be as long as they like.
    static func of(_ descriptor: Int32) -> Int? {
        guard isatty(descriptor) == 1 else { return nil }
        var size = winsize()
        let known = unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return max(known ? Int(size.ws_col) : 80, 20)
    }
}

extension String {
    /// The text in lines of at most `width` characters, broken at blanks; what does not fit into a line goes on in the
    /// next, `indent` further in than the line began. A word that is longer than a line stays whole: it may be
    /// something to copy.
    func wrapped(to width: Int?, indent: Int = 0) -> String {
        split(separator: "\n", omittingEmptySubsequences: false)
            .map { String($0).wrapped(to: width, hanging: $0.prefix { $0 == " " }.count + indent) }
            .joined(separator: "\n")
    }

    /// One line, likewise; what does not fit goes on at a column.
    func wrapped(to width: Int?, hanging column: Int) -> String {
        // What has control sequences in it was laid out by whoever put them there, as a QR code in its colours.
        guard let width, count > width, !contains("\u{1B}") else { return self }
        let margin = String(repeating: " ", count: Swift.min(column, width / 2))
        var lines: [String] = []
        var line: String?
        var isFresh = true
        // Blanks are kept: they line labels up.
        for piece in split(separator: " ", omittingEmptySubsequences: false) {
            let longer = line.map { $0 + " " + piece } ?? String(piece)
            if let full = line, !isFresh, !piece.isEmpty, longer.count > width {
                lines.append(String(full.reversed().drop { $0 == " " }.reversed()))
                line = margin + piece
            } else {
                line = longer
            }
            if !piece.isEmpty { isFresh = false }
        }
        return (lines + [line ?? ""]).joined(separator: "\n")
    }
}
