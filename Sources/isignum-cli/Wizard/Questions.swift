// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// One question after another, each a line of its own: Enter accepts what stands in brackets, `?` explains, `<` goes
/// back.
struct Questions {
    /// What a question did.
    enum Outcome { case answered, back, repeated }

    let tty: TTY
    let words: WizardWords

    /// A choice by number; Enter keeps what was chosen before, or takes the first.
    func choose(
        _ question: String,
        _ choices: [String],
        _ now: Int?,
        _ help: String,
        _ take: (Int) -> Void
    ) async throws(KeyStoreError) -> Outcome {
        for (index, choice) in choices.enumerated() { tty.write(choice, numbered: index + 1) }
        let answer = try await line("\(question) [\((now ?? 0) + 1)]")
        switch answer {
        case "": take(now ?? 0)
        case "<": return .back
        case "?":
            tty.write(help + "\n")
            return .repeated
        default:
            guard let number = Int(answer), (1...choices.count).contains(number) else {
                tty.write(words.noSuchChoice(1...choices.count) + "\n")
                return .repeated
            }
            take(number - 1)
        }
        return .answered
    }

    /// A line that may stay empty; Enter keeps what was answered before, a dash takes it back.
    ///
    /// - Parameter take: gives what is wrong with the answer; `nil` when nothing is.
    func fill(
        _ question: String,
        _ now: String?,
        _ help: String,
        _ take: (String?) -> String?
    ) async throws(KeyStoreError) -> Outcome {
        let answer = try await line("\(question) [\(now ?? words.nothing)]")
        switch answer {
        case "": return .answered
        case "<": return .back
        case "?":
            tty.write(help + "\n")
            return .repeated
        default:
            guard let problem = take(answer == "-" ? nil : answer) else { return .answered }
            tty.write(problem + "\n")
            return .repeated
        }
    }

    /// A yes, which Enter gives too.
    ///
    /// - Throws: `cancelled` when the person says no.
    func confirm(_ question: String, _ help: String) async throws(KeyStoreError) -> Outcome {
        switch try await line("\(question) [\(words.yesLetter.uppercased())/\(words.noLetter)]") {
        case "": return .answered
        case "<": return .back
        case "?":
            tty.write(help + "\n")
            return .repeated
        case let answer where answer.lowercased().hasPrefix(words.yesLetter): return .answered
        case let answer where answer.lowercased().hasPrefix(words.noLetter): throw KeyStoreError(.cancelled)
        default: return .repeated
        }
    }

    /// One line, without the blanks around it.
    ///
    /// - Throws: `cancelled` when the input ends.
    private func line(_ prompt: String) async throws(KeyStoreError) -> String {
        tty.write(prompt + ": ")
        return try await answer()
    }

    /// The line that was typed after a question, without the blanks around it.
    ///
    /// - Throws: `cancelled` when the input ends.
    func answer() async throws(KeyStoreError) -> String {
        guard let answer = try await tty.line() else {
            tty.write("\n")
            throw KeyStoreError(.cancelled)
        }
        return answer.split(separator: " ").joined(separator: " ")
    }
}
