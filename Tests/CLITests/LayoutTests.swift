// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import isignum_cli

/// Lines that fit the terminal, tables that turn into paragraphs where it is narrow.
@Suite struct LayoutTests {
    static let texts = [
        "Kvalifikovaný certifikát slouží k podpisům vůči úřadům, komerční k přihlašování, poště a ostatnímu.",
        "  isignum install BP5638412975 --pin-from file:/home/jana/pin --accept",
        "one\n\ntwo three four five six seven\n    four in: and on and on and on and on\n",
        "\(String(repeating: "x", count: 70)) and more",
        "Klíč:     rsa2048, SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "", "\n", "   ", "e\u{301}\u{301} 山田 太郎 e\u{301}",
    ]

    @Test(arguments: texts, [20, 33, 60, 80]) func `no line is wider than the terminal, unless a single word is`(
        text: String,
        width: Int
    ) {
        for wrapped in [text.wrapped(to: width), text.wrapped(to: width, indent: 2)] {
            for line in wrapped.split(separator: "\n") where line.count > width {
                #expect(line.split(separator: " ").count == 1, "\(line)")
            }
            #expect(words(wrapped) == words(text))
        }
    }

    private func words(_ text: String) -> [String] { text.split { $0 == " " || $0 == "\n" }.map(String.init) }

    @Test func `what fits, and what goes to no terminal, stays as it is`() {
        for text in Self.texts {
            #expect(text.wrapped(to: nil) == text)
            #expect(text.wrapped(to: 1_000) == text)
        }
    }

    @Test func `a line with colours was laid out by whoever coloured it`() {
        let line = "\u{1B}[30;107m█▀▀ ▀ █ ▀▀█\u{1B}[0m"
        #expect(line.wrapped(to: 20) == line)
    }

    @Test func `what goes on does so further in`() {
        #expect("  aaaa bbbb cccc".wrapped(to: 10, indent: 2) == "  aaaa\n    bbbb\n    cccc")
        #expect("aaaa bbbb cccc".wrapped(to: 9) == "aaaa bbbb\ncccc")
    }

    @Test func `values stand in a column, and go on in theirs`() {
        let text = TextTable.lines([("Name", "Jan"), ("Mobile", nil), ("E-mail", "a b c d e f")], width: 18)
        #expect(text == "Name:    Jan\nE-mail:  a b c d e\n         f\n")
        let further = TextTable.lines([("Name", "Jan")], indent: 2, width: nil)
        #expect(further == "  Name:  Jan\n")
        #expect(TextTable.lines([("Name", nil)]) == "")
    }

    @Test(arguments: [20, 33, 60, 80], [0, 2])
    func `a value of one long word goes on under its column, and nowhere wider`(
        width: Int,
        indent: Int
    ) {
        let hash = String(repeating: "0123456789abcdef", count: 4)
        let serial = String(repeating: "9", count: 48)
        let pairs = [("Key", "rsa2048, SHA-256 \(hash)"), ("SHA-256", hash), ("Serial", "\(serial) (0x\(hash))")]
        let lines = TextTable.lines(pairs, indent: indent, width: width).split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= width }, "\(lines)")
        for line in lines where !line.contains(":") { #expect(line.hasPrefix("          "), "\(line)") }
        let told = lines.joined().filter { !$0.isWhitespace }
        #expect(told == pairs.map { "\($0.0):\($0.1)" }.joined().filter { !$0.isWhitespace })
        // Beside its label as far as there is room.
        if width == 60, indent == 0 { #expect(lines.contains("SHA-256:  \(hash.prefix(50))")) }
    }

    @Test func `an event of the watch goes on below what happened`() {
        var event = DeviceEvent(event: .cardInserted, time: Date(), present: false, reader: "Virtual Reader 00 00")
        event.answerToReset = "3BF51800008131FE454F7345494492"
        let lines = event.text(.english, width: 50).split(separator: "\n")
        #expect(lines.count == 2 && lines.allSatisfy { $0.count <= 50 })
        #expect(lines.last == "          3BF51800008131FE454F7345494492")
    }

    @Test func `columns are as wide as their widest cell`() {
        let text = TextTable.columns(["id", "name"], [["BP1", "Žofie"], ["KC22", "Jan"]], width: 40)
        #expect(text == "ID    NAME\nBP1   Žofie\nKC22  Jan\n")
        #expect(text == TextTable.columns(["id", "name"], [["BP1", "Žofie"], ["KC22", "Jan"]], width: 11))
    }

    @Test func `where they do not fit each row is a paragraph`() {
        let text = TextTable.columns(["id", "name"], [["BP1", "Žofie"], ["KC22", ""]], width: 10)
        #expect(text == "id:    BP1\nname:\n     Žofie\n\nid:  KC22\n")
    }

    @Test func `a table without headings stays one`() {
        #expect(TextTable.columns(nil, [["see it:", "isignum list"]], width: 10) == "see it:  isignum list\n")
    }
}
