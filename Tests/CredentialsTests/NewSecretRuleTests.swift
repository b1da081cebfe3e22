// SPDX-License-Identifier: Apache-2.0

import Credentials
import Testing

@Suite struct NewSecretRuleTests {
    private let rule = NewSecretRule(lengths: 4...15, factoryValues: ["12345678", "87654321"])

    private func pin(_ text: String) throws -> PIN {
        let pin = PIN(filling: { room in
            room.copyBytes(from: text.utf8)
            return text.utf8.count
        })
        guard let pin else { throw KeyStoreError(.secretUnavailable) }
        return pin
    }

    private func refusal(_ text: String) throws -> NewSecretRefusal? { rule.refusal(of: try pin(text)) }

    @Test(arguments: [
        "7391", "739154", "40617283", "8a4k", "Heslo-83", "9999998", "12349", "5771", "739915", "314159265358979",
        "correct horse", "581306", "2013x", "1a2b", "450", "0000000000000000",
    ]) func `a value that is not easily guessed is taken if it is as long as it must be`(value: String) throws {
        let wanted: NewSecretRefusal? = value.count < 4 ? .tooShort : value.count > 15 ? .tooLong : nil
        #expect(try refusal(value) == wanted)
    }

    @Test(arguments: [
        "1234", "4321", "23456789", "7890", "890123", "3210987", "2468", "97531", "1357", "abcd", "DCBA", "aceg",
        "qwertz", "QWERTY", "lkjhg", "yxcvb", "0246", "8024",
    ]) func `a row is refused`(value: String) throws { #expect(try refusal(value) == .sequence) }

    @Test(arguments: ["0000", "1212", "12121", "123123", "7391739173", "aaaa", "1122", "998877", "55555555", "abab"])
    func `a repetition is refused`(value: String) throws { #expect(try refusal(value) == .repetition) }

    @Test(arguments: [
        "1987", "2026", "2412", "1224", "0105", "241299", "990724", "122425", "24121987", "19871224", "12241987",
        "24.12.1987", "1987-12-24", "24/12",
    ]) func `a date is refused`(value: String) throws { #expect(try refusal(value) == .date) }

    @Test(arguments: ["7391\u{7F}5", "739\t15", "žluťá", "7391\u{1B}[A", "\u{0}\u{0}\u{1}\u{3}5", " 73915", "73915 "])
    func `what not every keypad can type is refused`(value: String) throws {
        #expect(try refusal(value) == .characters)
    }

    @Test func `the maker's own values are refused whatever they look like`() throws {
        #expect(try refusal("12345678") == .factory)
        #expect(NewSecretRule(lengths: 4...15, factoryValues: ["k7Qz"]).refusal(of: try pin("k7Qz")) == .factory)
        #expect(NewSecretRule(lengths: 4...15, factoryValues: ["k7Qz"]).refusal(of: try pin("k7Qy")) == nil)
    }

    @Test func `the old value and the PUK are refused, before anything else is said of them`() throws {
        let old = try pin("1234")
        #expect(rule.refusal(of: try pin("1234"), replacing: old) == .sameAsOld)
        #expect(rule.refusal(of: try pin("739154"), replacing: old) == nil)
        let puk = PUK(filling: { room in
            room.copyBytes(from: "40617283".utf8)
            return 8
        })
        guard let puk else { return }
        #expect(rule.refusal(of: try pin("40617283"), replacing: puk) == .sameAsPUK)
    }

    @Test func `no value of four digits is both refused and unnamed, and most are taken`() throws {
        let taken = try (0...9999).count { number in
            let text = String(number)
            return try refusal(String(repeating: "0", count: 4 - text.count) + text) == nil
        }
        // Years, days, rows and repetitions are about a tenth.
        #expect(taken > 8_900)
    }
}
