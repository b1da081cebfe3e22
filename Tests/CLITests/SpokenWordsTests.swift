// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import Testing

@testable import isignum_cli

/// Questions, answers and numbers in both languages.
@Suite struct SpokenWordsTests {
    @Test func `a name that a CA writes is shown as people read it`() {
        #expect(
            "2.5.4.5=P117169,2.5.4.4=Žižka,2.5.4.42=Jan,CN=Jan Žižka,C=CZ".readableName
                == "serialNumber=P117169, SN=Žižka, GN=Jan, CN=Jan Žižka, C=CZ"
        )
        #expect("CN=Novák\\, Jan,O=A\\\\,C=CZ".readableName == "CN=Novák\\, Jan, O=A\\\\, C=CZ")
        for plain in ["", "Jan Žižka", "=", "1.2.3=x"] { #expect(plain.readableName == plain) }
    }

    @Test(arguments: [
        (0, "0 dní", "0 days"), (1, "1 den", "1 day"), (2, "2 dny", "2 days"), (4, "4 dny", "4 days"),
        (5, "5 dní", "5 days"), (21, "21 dní", "21 days"), (102, "102 dní", "102 days"),
    ]) func `days are counted as people count them`(count: Int, czech: String, english: String) {
        #expect(MomentText(.czech).days(count) == czech)
        #expect(MomentText(.english).days(count) == english)
    }

    @Test(arguments: [
        (0, "zbývá 0 dní"), (1, "zbývá 1 den"), (2, "zbývají 2 dny"), (4, "zbývají 4 dny"), (5, "zbývá 5 dní"),
        (365, "zbývá 365 dní"),
    ]) func `what is left agrees with its number`(count: Int, czech: String) {
        #expect(ResultWords.of(.czech).daysLeft(count) == czech)
        #expect(ResultWords.of(.english).daysLeft(count) == (count == 1 ? "1 day left" : "\(count) days left"))
    }

    @Test(arguments: [
        (1, "1 s"), (89, "89 s"), (90, "2 min"), (149, "2 min"), (150, "3 min"), (3_600, "60 min"), (5_400, "2 h"),
        (86_400, "24 h"), (172_800, "2 dny"), (432_000, "5 dní"),
    ]) func `a length of time is told in the unit that says enough`(seconds: Int, text: String) {
        #expect(MomentText(.czech).duration(.seconds(seconds)) == text)
    }

    @Test func `a day is written as in the language`() {
        let date = Date(timeIntervalSince1970: 1_795_521_600)
        #expect(MomentText(.czech).day(date).filter { !$0.isWhitespace } == "24.11.2026")
        #expect(MomentText(.english).day(date) == "24 Nov 2026")
    }

    @Test(arguments: [
        (Language.english, "a", PromptWords.DecisionAnswer.accept), (.english, "Accept", .accept),
        (.english, "yes", .accept), (.english, " A ", .accept), (.english, "r", .reject), (.english, "REJECT", .reject),
        (.english, "l", .later), (.english, "no", .later), (.czech, "p", .accept), (.czech, "Přijmout", .accept),
        (.czech, "ano", .accept), (.czech, "o", .reject), (.czech, "ODMÍTNOUT", .reject), (.czech, "n", .later),
        (.czech, "nechat", .later), (.czech, "ne", .later),
    ]) func `a decision is known by its first letter`(
        language: Language,
        answer: String,
        meaning: PromptWords.DecisionAnswer
    ) {
        #expect(PromptWords.of(language).decision(answer) == meaning)
    }

    @Test(arguments: Language.allCases, ["", " ", "?", "x", "1", "\u{3}"]) func `any other answer decides nothing`(
        language: Language,
        answer: String
    ) {
        #expect(PromptWords.of(language).decision(answer) == nil)
    }

    @Test(arguments: Language.allCases) func `the question names the letters that it takes, each for one answer`(
        language: Language
    ) {
        let words = PromptWords.of(language)
        let offered = words.acceptQuestion.matches(of: /\[(\w)\]/).map { String($0.output.1) }
        #expect(offered.map(words.decision) == [.accept, .reject, .later])
        let letters = Array(words.acceptLetters + words.rejectLetters + words.laterLetters)
        #expect(Set(letters).count == letters.count)
        #expect(!words.acceptHelp.isEmpty && words.yesMeansNothingElse(in: language))
    }

    @Test(arguments: Language.allCases) func `every secret and purpose has its words`(language: Language) {
        let words = PromptWords.of(language)
        let purposes: [SecretRequest.Purpose] = [.generateKey, .signRequest, .installCertificate, .readObjects]
        #expect(Set(purposes.map(words.purposes)).count == purposes.count)
        let prompts = [SecretKind.pin, .qpin, .puk].map { words.secretPrompt($0, "blue", "7B43", .signRequest) }
        #expect(Set(prompts).count == prompts.count)
        for prompt in prompts { #expect(prompt.contains("blue") && prompt.contains("7B43")) }
        #expect(words.triesWereMade(.pin, isFinal: true) != words.triesWereMade(.pin, isFinal: false))
        #expect(words.triesWereMade(.qpin, isFinal: true).contains("QPIN"))
    }

    @Test(arguments: Language.allCases) func `the wizard has a word for each choice and each answer`(
        language: Language
    ) {
        let words = WizardWords.of(language)
        #expect(words.types.count == CertificateType.allCases.count)
        #expect(words.holders.count == Holder.allCases.count)
        #expect(words.yesLetter != words.noLetter)
        #expect(words.yesLetter.count == 1 && words.noLetter.count == 1)
        #expect(words.noSuchChoice(0...3).contains("3"))
        for help in [
            words.typeHelp, words.holderHelp, words.nameHelp, words.emailHelp, words.phoneHelp, words.tokenHelp,
            words.keyHelp, words.sendHelp,
        ] { #expect(help.hasSuffix(".") && help.first?.isUppercase == true || help.hasPrefix("rsa2048"), "\(help)") }
        for problem in RequestProblem.allCases {
            let sentence = words.problem(problem)
            #expect(sentence.first?.isUppercase == true && sentence.hasSuffix("."), "\(sentence)")
        }
    }

    @Test(arguments: Language.allCases) func `the summary shows what was answered and leaves out what was not`(
        language: Language
    ) throws {
        let words = WizardWords.of(language)
        var answers = Answers()
        answers.type = .commercial
        try answers.set(name: "Jan Novák")
        let summary = words.summary(answers, "blue (7B43)")
        #expect(summary.contains("Jan Novák") && summary.contains("blue (7B43)") && summary.contains(words.types[1]))
        #expect(!summary.contains(words.summaryLabels.email) && !summary.contains(words.summaryLabels.phone))
    }
}

extension PromptWords {
    /// The letter that says yes elsewhere must not reject here.
    fileprivate func yesMeansNothingElse(in language: Language) -> Bool {
        decision(WizardWords.of(language).yesLetter) == .accept
    }
}
