// SPDX-License-Identifier: Apache-2.0

import Credentials
import Testing

/// What shows that a secret is not what its owner means. The values are made up here.
@Suite struct SecretFlawTests {
    private func flaw(_ bytes: [UInt8], isTyped: Bool = false) throws -> SecretFlaw? {
        let secret = PIN(filling: { room in
            room.copyBytes(from: bytes)
            return bytes.count
        })
        guard let secret else { throw NoSecret() }
        return secret.flaw(isTyped: isTyped)
    }

    private func flaw(_ text: String, isTyped: Bool = false) throws -> SecretFlaw? {
        try flaw(Array(text.utf8), isTyped: isTyped)
    }

    @Test(
        arguments: [
            [0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0xFF, 0xFE, 0, 0], [0, 0, 0xFE, 0xFF],
        ] as [[UInt8]]
    ) func `a byte-order mark is found, whatever follows it`(mark: [UInt8]) throws {
        #expect(try flaw(mark + Array("482913".utf8)) == .byteOrderMark)
        #expect(try flaw(mark) == .byteOrderMark)
        #expect(try flaw(mark + [0x34, 0, 0x38, 0]) == .byteOrderMark)
    }

    @Test(arguments: [[0x34, 0, 0x38, 0], [0, 0x34, 0, 0x38], [0x34, 0x38, 0], [0], [0x20, 0]] as [[UInt8]])
    func `a zero byte is found wherever it is`(bytes: [UInt8]) throws {
        #expect(try flaw(bytes) == .zeroByte)
    }

    @Test(arguments: [
        " 4829", "4829 ", "\t4829", "4829\t", "\u{A0}4829", "4829\u{A0}", "4829\u{3000}", "\u{2003}4829",
        "4829\u{200B}", "\u{200E}4829", "4829\u{202C}", "4829\u{2060}", "4829\u{FEFF}", "4829\u{2028}", " ",
        "\u{1680}4",
    ]) func `blanks and invisible characters at the ends are found, typed or not`(text: String) throws {
        #expect(try flaw(text) == .outerBlank)
        // What is typed may be meant so.
        #expect(try flaw(text, isTyped: true) != .outerBlank)
    }

    @Test func `the no-break space of a code page is one, and a letter that ends with its byte is not`() throws {
        #expect(try flaw([0x34, 0x38, 0xA0]) == .outerBlank)
        #expect(try flaw([0xA0, 0x34]) == .outerBlank)
        #expect(try flaw([0xA0]) == .outerBlank)
        #expect(try flaw("voilà") == nil)
    }

    @Test(arguments: [
        "48\u{1}29", "48\u{1B}[A29", "4829\u{7F}", "48\t29", "\u{8}4829", "48\u{85}29", "48\r", "\u{9B}4",
    ])
    func `control characters are found, typed or not`(text: String) throws {
        #expect(try flaw(text) == .controlCharacter)
        #expect(try flaw(text, isTyped: true) == .controlCharacter)
    }

    @Test(arguments: ["482913", "48 29", "žluťoučký kůň", "pass\u{A0}word", "0", "ÿþ4829", "€uro", "\u{1F511}key"])
    func `nothing is wrong with what people choose`(text: String) throws {
        #expect(try flaw(text) == nil)
    }

    @Test func `letters of code pages are no control characters`() throws {
        // "šžť" in Windows-1250.
        #expect(try flaw([0x9A, 0x9E, 0x9D]) == nil)
        #expect(try flaw([]) == nil)
    }

    private struct NoSecret: Error {}
}
