// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation

/// Asks what the flags left open, in the three steps of a request: who and what, where, send. Enter accepts, `?`
/// explains, `<` goes back; each question is a line of its own, so that it can be followed by ear. Next hop:
/// `Enroller`.
struct EnrollmentWizard {
    private typealias Outcome = Questions.Outcome

    private enum Question: CaseIterable {
        case type, holder, name, email, phone, token, key, send

        /// Which of the three steps it belongs to, counted from nought.
        var step: Int {
            switch self {
            case .type, .holder, .name, .email, .phone: 0
            case .token, .key: 1
            case .send: 2
            }
        }
    }

    let tty: TTY
    let words: WizardWords
    /// The tokens among which there is a choice.
    let tokens: [TokenDescription]
    /// Until when they are certified, where anybody knows.
    let certifiedUntil: [TokenIdentity: Date]
    /// Whether to ask for what only experts care about.
    let isExpert: Bool
    /// The kinds of key that a token offers.
    let offered: (TokenDescription, KeyArea) async throws(KeyStoreError) -> [KeyAlgorithm]

    /// Asks.
    ///
    /// - Returns: the answers and the index of the token.
    /// - Throws: `cancelled` when the input ends or the person says no at the end.
    func ask(_ given: Answers) async throws(KeyStoreError) -> (Answers, token: Int) {
        let open = open(given)
        var answers = given
        var token = 0
        var index = 0
        var step = -1
        tty.write("\(words.title)\n\(words.howTo)\n")
        while index < open.count {
            step = announce(open[index].step, after: step)
            switch try await ask(open[index], &answers, &token) {
            case .answered: index += 1
            case .back: index = max(0, index - 1)
            case .repeated: continue
            }
        }
        return (answers, token)
    }

    /// Says which step begins, and on the way to a later one where the key is to live when there is no choice.
    private func announce(_ step: Int, after last: Int) -> Int {
        if step >= 1, last < 1, tokens.count == 1 {
            tty.write("\n\(words.steps[1])\n\(words.token(describe(tokens[0])))\n")
            if step == 1 { return step }
        }
        if step != last { tty.write("\n\(words.steps[step])\n") }
        return step
    }

    private func open(_ given: Answers) -> [Question] {
        Question.allCases.filter { question in
            switch question {
            case .type: given.type == nil
            case .holder: given.holder == nil
            case .name: given.contact.name == nil
            case .email: given.contact.email == nil
            case .phone: given.contact.phone == nil
            case .token: tokens.count > 1
            case .key: isExpert && given.algorithm == nil
            case .send: true
            }
        }
    }

    private func ask(
        _ question: Question,
        _ answers: inout Answers,
        _ token: inout Int
    ) async throws(KeyStoreError) -> Outcome {
        switch question {
        case .type:
            let now = answers.type.flatMap { CertificateType.allCases.firstIndex(of: $0) }
            return try await questions.choose(words.typeQuestion, words.types, now, words.typeHelp) { index in
                answers.type = CertificateType.allCases[index]
            }
        case .holder:
            let now = answers.holder.flatMap { Holder.allCases.firstIndex(of: $0) }
            return try await questions.choose(words.holderQuestion, words.holders, now, words.holderHelp) { index in
                answers.holder = Holder.allCases[index]
            }
        case .name:
            return try await fill(words.nameQuestion, answers.contact.name, words.nameHelp) {
                text throws(RequestProblem) in
                if let text { try answers.set(name: text) } else { answers.contact.name = nil }
            }
        case .email:
            return try await fill(words.emailQuestion, answers.contact.email, words.emailHelp) {
                text throws(RequestProblem) in
                if let text { try answers.set(email: text) } else { answers.contact.email = nil }
            }
        case .phone:
            return try await fill(words.phoneQuestion, answers.contact.phone, words.phoneHelp) {
                text throws(RequestProblem) in
                if let text { try answers.set(phone: text) } else { answers.contact.phone = nil }
            }
        case .token:
            return try await questions.choose(words.tokenQuestion, tokens.map(describe), token, words.tokenHelp) {
                token = $0
            }
        case .key:
            let kinds = try await offered(tokens[token], answers.type?.area ?? .general)
            guard !kinds.isEmpty else { throw KeyStoreError(.algorithmNotOffered) }
            let now = answers.algorithm.flatMap { kinds.firstIndex(of: $0) }
            return try await questions.choose(words.keyQuestion, kinds.map(\.rawValue), now, words.keyHelp) { index in
                answers.algorithm = kinds[index]
            }
        case .send:
            return try await confirm(answers, tokens[token])
        }
    }

    /// Shows what is going to happen and asks for a yes.
    private func confirm(_ answers: Answers, _ token: TokenDescription) async throws(KeyStoreError) -> Outcome {
        tty.write(words.summary(answers, describe(token)))
        if let type = answers.type, let warning = words.noMarker(standing(of: token), type) {
            tty.write(warning + "\n")
        }
        return try await questions.confirm(words.sendQuestion, words.sendHelp)
    }

    /// A line whose answer is checked as it will stand in the request.
    private func fill(
        _ question: String,
        _ now: String?,
        _ help: String,
        _ take: (String?) throws(RequestProblem) -> Void
    ) async throws(KeyStoreError) -> Outcome {
        try await questions.fill(question, now, help) { text in
            do throws(RequestProblem) {
                try take(text)
                return nil
            } catch { return words.problem(error) }
        }
    }

    private var questions: Questions { Questions(tty: tty, words: words) }

    private func describe(_ token: TokenDescription) -> String {
        let name = "\(token.identity.label.printable) (\(token.identity.serial.printable))"
        return words.standing(standing(of: token)).map { "\(name), \($0)" } ?? name
    }

    private func standing(of token: TokenDescription) -> DeviceStanding {
        DeviceStanding(token, certifiedUntil: certifiedUntil[token.identity], now: Date())
    }
}
