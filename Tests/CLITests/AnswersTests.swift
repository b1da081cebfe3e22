// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import CAClient
import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// What people type into the wizard or give as flags, and the command that says the same.
@Suite struct AnswersTests {
    @Test(arguments: [
        ("601234567", "+420601234567"), ("601 234 567", "+420601234567"), ("+420 601 234 567", "+420601234567"),
        ("00420601234567", "+420601234567"), ("601-234-567", "+420601234567"), ("(601) 234.567", "+420601234567"),
        ("601/234567", "+420601234567"), ("601\u{A0}234\u{A0}567", "+420601234567"),
        ("+421 2 5930 3411", "+421259303411"), ("+1 212 555 0100", "+12125550100"), ("+49 30 123456", "+4930123456"),
        ("+123456789012345", "+123456789012345"), ("+1234567", "+1234567"), ("224 096 111", "+420224096111"),
    ]) func `a telephone number is kept as E.164`(typed: String, kept: String) {
        #expect(PhoneNumber(typed)?.text == kept)
    }

    @Test(arguments: [
        "", " ", "12", "12345678", "1234567890", "112345678", "012345678", "+", "+0420601234567", "+123456",
        "+1234567890123456", "00", "++420601234567", "+420+601234567", "601 234 56a", "٦٠١٢٣٤٥٦٧", "六〇一二三四五六七",
        "601\t234567", "601;234567", "601234567\n", "tel:601234567", "6012345６7",
        "+420601234567                            ",
    ]) func `anything else is no telephone number`(typed: String) { #expect(PhoneNumber(typed) == nil) }

    @Test func `a name is kept with single blanks, and at most 64 characters of it`() throws {
        var answers = Answers()
        try answers.set(name: "  Žofie   Příšerná ")
        #expect(answers.contact.name == "Žofie Příšerná")
        try answers.set(name: String(repeating: "ř", count: 64))
        #expect(throws: RequestProblem.nameTooLong) { try answers.set(name: String(repeating: "ř", count: 65)) }
        #expect(answers.contact.name == String(repeating: "ř", count: 64))
    }

    @Test(arguments: [
        "", "   ", "a\u{7}b", "a\u{1B}[2J", "a\nb", "Jan\tNovák", "\u{202E}Jan", "a\u{200B}b", "P\u{FFFD}ikryl",
    ])
    func `a name that is none or hides something is refused`(
        name: String
    ) {
        var answers = Answers()
        let isGarbled = name.contains("\u{FFFD}")
        let problem: RequestProblem = isGarbled ? .nameInvalid : .nameUnprintable
        let error = #expect(throws: RequestProblem.self) { try answers.set(name: name) }
        #expect(error == problem)
        #expect(answers == Answers())
    }

    @Test(arguments: [
        "", "jan", "@example.cz", "jan@", "jan@@example.cz", "jan@příklad.cz", "j an@example.cz", "a@b\n",
    ]) func `an address that no certificate can hold is refused`(
        address: String
    ) {
        var answers = Answers()
        #expect(throws: RequestProblem.emailInvalid) { try answers.set(email: address) }
        #expect(answers == Answers())
    }

    @Test func `a plan needs a type and nothing else`() {
        var answers = Answers()
        #expect(answers.plan(locale: "cs") == nil)
        answers.type = .commercial
        let plan = answers.plan(locale: "cs")
        #expect(plan == EnrollmentPlan(type: .commercial, holder: .person, contact: Contact(), locale: "cs"))
    }

    @Test(arguments: [
        "Žofie Příšerná", "O'Brien", "a'b'c", "$(reboot)", "`reboot`", "a\"b", "a\\b", "a;b&c|d", "*", "~", "#x", "!!",
        "-x", "--yes", "", "a  b", "山田", "{a,b}", "a=b", "<a>", "'", "''",
    ]) func `the command without questions survives a shell`(name: String) async throws {
        var plan = EnrollmentPlan(type: .qualified, holder: .seal, contact: Contact(), locale: "cs")
        plan.contact.name = name
        plan.contact.email = "o'brien@example.cz"
        plan.contact.phone = "+420601234567"
        plan.algorithm = .p256
        let command = EquivalentCommand.text(plan, token: "C6B6 7B43")
        let words = command.replacing("isignum new", with: "printf '%s\\n'", maxReplacements: 1)
        let output = try await ChildProcess.output(of: "sh", ["-c", words])
        let expected =
            [
                "--type", "qualified", "--holder", "seal", "--name=\(name)", "--email=o'brien@example.cz",
                "--phone=+420601234567", "--key", "p256", "--token=C6B6 7B43", "--yes",
            ]
        let shown = output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        #expect(joined(shown.dropLast()) == expected)
        let parsed = try New.parse(Array(shown.dropLast()))
        #expect(parsed.answers.name == name)
        #expect(parsed.answers.key == .p256)
        #expect(parsed.options.token.selector == "C6B6 7B43")
    }

    /// A flag with its value in one word or two is the same.
    private func joined(_ words: ArraySlice<String>) -> [String] {
        var result: [String] = []
        for word in words {
            if let flag = result.last, ["--name", "--email", "--phone", "--token"].contains(flag) {
                result[result.count - 1] = "\(flag)=\(word)"
            } else {
                result.append(word)
            }
        }
        return result
    }

    @Test func `what is plain is not quoted, and what was not answered is not said`() {
        let plan = EnrollmentPlan(type: .commercial, holder: .person, contact: Contact(), locale: "en")
        let command = EquivalentCommand.text(plan, token: "C6B67B431DB714B4")
        #expect(command == "isignum new --type commercial --holder person --token C6B67B431DB714B4 --yes")
        let others: [EquivalentCommand.Part] = [
            .option("--ca", nil), .option("--ca-file", "my ca.pem"), .option("--module", "a.so"),
            .flag("--copy-id", true), .flag("--force", false),
        ]
        let longer = EquivalentCommand.text(plan, token: "C6B6", others: others)
        #expect(longer.hasSuffix("--token C6B6 --ca-file 'my ca.pem' --module a.so --copy-id --yes"))
    }
}
