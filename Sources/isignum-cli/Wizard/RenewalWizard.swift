// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation

/// What is known of a renewal so far, from flags or from the wizard.
struct RenewalAnswers {
    /// The certificate, as an index among those that can be renewed.
    var certificate: Int?
    /// Where the new key is to live; `nil` is where the old one does.
    var token: TokenIdentity?
    var term: RenewalTerm?
    var voucher: String?
    var algorithm: KeyAlgorithm?
}

/// Asks what the flags of `renew` left open. Next hop: `Renewer`.
struct RenewalWizard {
    private enum Question: CaseIterable { case certificate, token, term, voucher, key, send }

    let tty: TTY
    let words: RenewalWords
    let wizard: WizardWords
    let results: ResultWords
    /// What can be renewed, ours and what ends first before the rest.
    let certificates: [RenewableCertificate]
    /// The tokens among which there is a choice.
    let tokens: [TokenIdentity]
    /// Whether to ask for what only experts care about.
    let isExpert: Bool
    /// The kinds of key that a token offers.
    let offered: (TokenIdentity, KeyArea) async throws(KeyStoreError) -> [KeyAlgorithm]

    /// Asks.
    ///
    /// - Returns: the answers, with a certificate among them.
    /// - Throws: `cancelled` when the input ends or the person says no at the end.
    func ask(_ given: RenewalAnswers) async throws(KeyStoreError) -> RenewalAnswers {
        var answers = given
        if certificates.count == 1 { answers.certificate = 0 }
        var index = 0
        var last = 0
        tty.write("\(words.title)\n\(wizard.howTo)\n")
        while index < Question.allCases.count {
            let question = Question.allCases[index]
            guard isOpen(question, given, answers) else {
                // On the way back what is not asked is passed over too, down to the first question.
                index += index < last ? -1 : 1
                if index < 0 { (index, last) = (0, 0) }
                continue
            }
            last = index
            switch try await ask(question, &answers) {
            case .answered: index += 1
            case .back: index -= index > 0 ? 1 : 0
            case .repeated: continue
            }
        }
        return answers
    }

    private func isOpen(_ question: Question, _ given: RenewalAnswers, _ answers: RenewalAnswers) -> Bool {
        let isSeal = answers.certificate.map { certificates[$0].holder == .seal } ?? false
        return switch question {
        case .certificate: given.certificate == nil && certificates.count > 1
        case .token: given.token == nil && tokens.count > 1
        case .term: given.term == nil && !isSeal
        case .voucher: given.voucher == nil && !isSeal
        case .key: given.algorithm == nil && isExpert
        case .send: true
        }
    }

    private func ask(
        _ question: Question,
        _ answers: inout RenewalAnswers
    ) async throws(KeyStoreError) -> Questions.Outcome {
        let questions = Questions(tty: tty, words: wizard)
        let chosen = certificates[answers.certificate ?? 0]
        switch question {
        case .certificate:
            return try await questions.choose(
                words.certificateQuestion,
                certificates.map(line),
                answers.certificate,
                words.certificateHelp
            ) { answers.certificate = $0 }
        case .token:
            let now = tokens.firstIndex(of: answers.token ?? chosen.token)
            return try await questions.choose(words.tokenQuestion, tokens.map(name), now, words.tokenHelp) {
                answers.token = tokens[$0]
            }
        case .term:
            let now = answers.term.flatMap { RenewalTerm.allCases.firstIndex(of: $0) }
            return try await questions.choose(words.termQuestion, words.terms, now, words.termHelp) {
                answers.term = RenewalTerm.allCases[$0]
            }
        case .voucher:
            return try await questions.fill(words.voucherQuestion, answers.voucher, words.voucherHelp) { text in
                guard let text else {
                    answers.voucher = nil
                    return nil
                }
                guard RenewOptions.isVoucher(text) else { return words.voucherInvalid }
                answers.voucher = text
                return nil
            }
        case .key:
            let kinds = try await offered(answers.token ?? chosen.token, chosen.type.area)
            guard !kinds.isEmpty else { throw KeyStoreError(.algorithmNotOffered) }
            let now = (answers.algorithm ?? chosen.usualAlgorithm).map { kinds.firstIndex(of: $0) ?? 0 }
            return try await questions.choose(wizard.keyQuestion, kinds.map(\.rawValue), now, wizard.keyHelp) {
                answers.algorithm = kinds[$0]
            }
        case .send:
            tty.write(summary(answers, chosen))
            if chosen.holder == .seal { tty.write(words.sealNote + "\n") }
            let question = chosen.holder == .seal ? words.sealQuestion : words.sendQuestion
            return try await questions.confirm(question, words.sendHelp)
        }
    }

    private func summary(_ answers: RenewalAnswers, _ chosen: RenewableCertificate) -> String {
        TextTable.lines([
            (words.replaces, line(chosen)),
            (
                words.newKey,
                [
                    (answers.algorithm ?? chosen.usualAlgorithm ?? .rsa2048).rawValue,
                    name(answers.token ?? chosen.token),
                ]
                .joined(separator: ", ")
            ),
            (words.term, chosen.holder == .seal ? nil : words.name(of: answers.term ?? .oneYear)),
            (words.voucher, answers.voucher),
        ])
    }

    private func name(_ token: TokenIdentity) -> String { "\(token.label.printable) (\(token.serial.printable))" }

    /// A certificate in a line: whose, of what type, until when, where.
    private func line(_ certificate: RenewableCertificate) -> String {
        let document = CertificateDocument(certificate.details, place: nil, now: Date())
        return [
            (document.commonName ?? document.subject).printable, results.types[certificate.type],
            "\(results.day(document.notAfter)) (\(results.daysLeft(document.daysLeft)))", name(certificate.token),
        ].compactMap(\.self).joined(separator: ", ")
    }
}

extension RenewableCertificate {
    /// The kind of key that follows when nobody says otherwise: the same; `nil` for one that is not made any more.
    var usualAlgorithm: KeyAlgorithm? { certificate.publicKey?.algorithm }
}
