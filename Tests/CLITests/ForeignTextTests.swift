// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import OpenSSLKit
import Testing

@testable import isignum_cli

/// What servers, tokens and files say reaches a terminal as visible letters and nothing else.
@Suite struct ForeignTextTests {
    /// Clears the screen, moves the cursor (as 7-bit and 8-bit sequences), rings, turns the writing direction, hides.
    static let hostile =
        "a\u{1B}[2Jb\u{9B}31mc\u{7}d\u{202E}e\u{2066}f\u{200B}g\r\nh\u{8}\u{7F}i\u{2028}j\u{FEFF}\u{0}k"

    private func expectSafe(_ text: String, apartFromLines: Bool = false) {
        for scalar in text.unicodeScalars where !(apartFromLines && scalar == "\n") {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                Issue.record("U+\(String(scalar.value, radix: 16)) in \(text.debugDescription)")
            default: continue
            }
        }
    }

    @Test func `control characters and turns of direction become a visible mark`() {
        let text = Self.hostile.printable
        expectSafe(text)
        #expect(text.filter { ("a"..."k").contains($0) } == "abcdefghijk")
        #expect(text.contains("\u{FFFD}[2J"))
    }

    @Test func `words of many languages stay as they are`() {
        for text in ["Žofie Příšerná", "ěščřžýáíéúů", "Łukasz Müller-Ångström", "山田太郎", "محمد", "e\u{301}"] {
            #expect(text.printable == text)
        }
    }

    @Test(arguments: Language.allCases) func `the server's words are quoted safely and in one line`(
        language: Language
    ) throws {
        for code in [
            CAError.Code.problem(.keyWeak), .problem(.other), .serverError, .answerInvalid, .unreachable, .tlsFailed,
            .redirectRefused, .profileInvalid, .anchorsUnusable,
        ] {
            let message = explain(CAError(code, detail: Self.hostile), in: language).message
            expectSafe(message)
            #expect(message.contains("[2J"), "\(message)")
        }
    }

    @Test(arguments: Language.allCases) func `a server that talks for ever is cut short`(language: Language) {
        let detail = String(repeating: "x", count: 2_000)
        #expect(explain(CAError(.problem(.other), detail: detail), in: language).message.count < 600)
    }

    @Test(arguments: Language.allCases) func `labels, files and other candidates are shown safely`(
        language: Language
    ) {
        let token = TokenIdentity(label: Self.hostile, serial: Self.hostile, manufacturer: "m", model: "m")
        let errors: [any Error] = [
            KeyStoreError(.tokenAmbiguous, candidates: [Self.hostile, Self.hostile]),
            KeyStoreError(.tokenNotFound, candidates: [Self.hostile]),
            KeyStoreError(.moduleUnusable, candidates: [Self.hostile]),
            KeyStoreError(.secretUnavailable, secret: .pin, candidates: [Self.hostile]),
            KeyStoreError(.functionFailed, function: "C_Sign", returnValue: 5),
            JournalError(.cannotWrite, path: Self.hostile, detail: Self.hostile),
            JournalError(.corrupt, path: Self.hostile),
            JournalError(.failed, detail: Self.hostile),
            EnrollmentError.keyMissing(token),
            EnrollmentError.certificateRefused([
                .weak(Self.hostile), .purposeForeign([Self.hostile]),
                .chainRefused(ChainError(.issuerMissing, subject: Self.hostile, detail: Self.hostile)),
                .chainRefused(ChainError(.other(1), subject: Self.hostile, detail: Self.hostile)),
            ]),
            EnrollmentError.holderDiffers(
                [
                    .name(requested: Self.hostile, issued: Self.hostile, isSomebodyElse: false),
                    .personalName(commonName: Self.hostile, issued: Self.hostile), .pseudonym(Self.hostile),
                    .organisation(requested: Self.hostile, issued: Self.hostile),
                    .emailAddresses(requested: Self.hostile, issued: [Self.hostile]),
                    .emailAddressMissing(Self.hostile), .otherNames([Self.hostile]), .unprintable(Self.hostile),
                ],
                nil
            ),
            CommandError(.certificateNotFound, [Self.hostile]),
            CommandError(.usage, [Self.hostile]),
            CommandError(.fileExists, [Self.hostile]),
            SecretSourceError.unreadable(Self.hostile),
            SecretSourceError.tooLong(Self.hostile),
            SecretSourceError.flawed(Self.hostile, .zeroByte),
            KeyStoreError(.secretMalformed, secret: .pin, candidates: [Self.hostile], flaw: .outerBlank),
            CommandError(.notRegularFile, [Self.hostile, Self.hostile]),
            ConfigurationError(.tooIntricate, file: Self.hostile, line: 1),
            ConfigurationError(.syntax, file: Self.hostile, line: 1, detail: Self.hostile),
            ConfigurationError(.unknownKey, file: "c", key: Self.hostile),
            ConfigurationError(.authorityUnset, file: Self.hostile, candidates: [Self.hostile]),
            ConfigurationError(.authorityUnknown, file: "c", key: Self.hostile, candidates: []),
        ]
        for error in errors {
            let explanation = explain(error, in: language)
            for text in [explanation.message] + explanation.hints { expectSafe(text) }
        }
    }

    @Test(arguments: Language.allCases) func `what happens is told safely`(language: Language) {
        let words = PromptWords.of(language)
        let token = TokenIdentity(label: Self.hostile, serial: "1", manufacturer: "m", model: "m")
        expectSafe(words.event(.generatingKey(.rsa2048, token)))
        expectSafe(words.event(.submitting(authority: Self.hostile)))
    }

    @Test func `tables make their cells safe`() {
        expectSafe(
            TextTable.columns(["one", "two"], [[Self.hostile, Self.hostile]], width: nil),
            apartFromLines: true
        )
        expectSafe(TextTable.columns(["one", "two"], [[Self.hostile, Self.hostile]], width: 20), apartFromLines: true)
        let lines = TextTable.lines([("label", Self.hostile)], width: nil)
        expectSafe(lines, apartFromLines: true)
        #expect(lines.count { $0 == "\n" } == 1)
    }
}
