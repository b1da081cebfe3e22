// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation

/// Asks what the flags left open, in the three steps of a request: who and what, where, send. Enter accepts, `?`
/// explains, `<` goes back; each question is a line of its own, so that it can be followed by ear. Next hop:
/// `Enroller`.
struct EnrollmentWizard {
    /// What a question did.
    private enum Outcome { case answered, back, repeated }

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
        let questions = open(given)
        var answers = given
        var token = 0
        var index = 0
        var step = -1
        tty.write("\(words.title)\n\(words.howTo)\n")
        while index < questions.count {
            step = announce(questions[index].step, after: step)
            switch try await ask(questions[index], &answers, &token) {
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
            return try await choose(words.typeQuestion, words.types, now, words.typeHelp) { index in
                answers.type = CertificateType.allCases[index]
            }
        case .holder:
            let now = answers.holder.flatMap { Holder.allCases.firstIndex(of: $0) }
            return try await choose(words.holderQuestion, words.holders, now, words.holderHelp) { index in
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
            return try await choose(words.tokenQuestion, tokens.map(describe), token, words.tokenHelp) { token = $0 }
        case .key:
            let kinds = try await offered(tokens[token], answers.type?.area ?? .general)
            guard !kinds.isEmpty else { throw KeyStoreError(.algorithmNotOffered) }
            let now = answers.algorithm.flatMap { kinds.firstIndex(of: $0) }
            return try await choose(words.keyQuestion, kinds.map(\.rawValue), now, words.keyHelp) { index in
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
        switch try await line("\(words.sendQuestion) [\(words.yesLetter.uppercased())/\(words.noLetter)]") {
        case "": return .answered
        case "<": return .back
        case "?":
            tty.write(words.sendHelp + "\n")
            return .repeated
        case let answer where answer.lowercased().hasPrefix(words.yesLetter): return .answered
        case let answer where answer.lowercased().hasPrefix(words.noLetter): throw KeyStoreError(.cancelled)
        default: return .repeated
        }
    }

    /// A choice by number; Enter keeps what was chosen before, or takes the first.
    private func choose(
        _ question: String,
        _ choices: [String],
        _ now: Int?,
        _ help: String,
        _ take: (Int) -> Void
    ) async throws(KeyStoreError) -> Outcome {
        for (index, choice) in choices.enumerated() { tty.write("  \(index + 1)  \(choice)\n") }
        let answer = try await line("\(question) [\((now ?? 0) + 1)]")
        switch answer {
        case "": take(now ?? 0)
        case "<": return .back
        case "?":
            tty.write(help + "\n")
            return .repeated
        default:
            guard let number = Int(answer), (1...choices.count).contains(number) else {
                tty.write(words.noSuchChoice(choices.count) + "\n")
                return .repeated
            }
            take(number - 1)
        }
        return .answered
    }

    /// A line that may stay empty; Enter keeps what was answered before, a dash takes it back.
    private func fill(
        _ question: String,
        _ now: String?,
        _ help: String,
        _ take: (String?) throws(RequestProblem) -> Void
    ) async throws(KeyStoreError) -> Outcome {
        let answer = try await line("\(question) [\(now ?? words.nothing)]")
        switch answer {
        case "": return .answered
        case "<": return .back
        case "?":
            tty.write(help + "\n")
            return .repeated
        default:
            do {
                try take(answer == "-" ? nil : answer)
                return .answered
            } catch {
                tty.write(words.problem(error) + "\n")
                return .repeated
            }
        }
    }

    private func line(_ prompt: String) async throws(KeyStoreError) -> String {
        tty.write(prompt + ": ")
        guard let answer = try await tty.line() else {
            tty.write("\n")
            throw KeyStoreError(.cancelled)
        }
        return answer.split(separator: " ").joined(separator: " ")
    }

    private func describe(_ token: TokenDescription) -> String {
        let name = "\(token.identity.label.printable) (\(token.identity.serial.printable))"
        return words.standing(standing(of: token)).map { "\(name), \($0)" } ?? name
    }

    private func standing(of token: TokenDescription) -> DeviceStanding {
        DeviceStanding(token, certifiedUntil: certifiedUntil[token.identity], now: Date())
    }
}
