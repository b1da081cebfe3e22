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
        case type, holder, name, email, phone, place, key, send

        /// Which of the three steps it belongs to, counted from nought.
        var step: Int {
            switch self {
            case .type, .holder, .name, .email, .phone: 0
            case .place, .key: 1
            case .send: 2
            }
        }
    }

    let questions: Questions
    let placeQuestion: PlaceQuestion
    /// Whether to ask for what only experts care about.
    let isExpert: Bool
    /// The kinds of key that a place offers.
    let offered: (KeyPlaces.Place, KeyArea) async throws -> [KeyAlgorithm]

    private var tty: TTY { questions.tty }
    private var words: WizardWords { questions.words }

    /// Asks.
    ///
    /// - Parameter given: where a key could live, as far as it is known.
    /// - Returns: the answers and the place.
    /// - Throws: `cancelled` when the input ends or the person says no at the end.
    func ask(_ given: Answers, _ places: KeyPlaces) async throws -> (Answers, KeyPlaces.Place) {
        let asked = open(given)
        var answers = given
        var places = places
        var place: KeyPlaces.Place?
        var index = 0
        var isGoingBack = false
        var step = -1
        tty.write("\(words.title)\n\(words.howTo)\n")
        while index < asked.count {
            let question = asked[index]
            if question == .place, !PlaceQuestion.isOpen(places, for: answers.type), let only = places.only {
                place = .device(only.token)
                if isGoingBack, index > 0 {
                    index -= 1
                } else {
                    isGoingBack = false
                    if step < 1 { tty.write("\n\(words.steps[1])\n\(words.token(words.describe(only)))\n") }
                    step = max(step, 1)
                    index += 1
                }
                continue
            }
            if question.step != step { tty.write("\n\(words.steps[question.step])\n") }
            step = question.step
            let outcome = try await ask(question, &answers, &places, &place)
            isGoingBack = outcome == .back
            switch outcome {
            case .answered: index += 1
            case .back: index = max(0, index - 1)
            case .repeated: continue
            }
        }
        guard let place else { throw KeyStoreError(.tokenNotFound) }
        return (answers, place)
    }

    private func open(_ given: Answers) -> [Question] {
        Question.allCases.filter { question in
            switch question {
            case .type: given.type == nil
            case .holder: given.holder == nil
            case .name: given.contact.name == nil
            case .email: given.contact.email == nil
            case .phone: given.contact.phone == nil
            case .key: isExpert && given.algorithm == nil
            case .place, .send: true
            }
        }
    }

    private func ask(
        _ question: Question,
        _ answers: inout Answers,
        _ places: inout KeyPlaces,
        _ place: inout KeyPlaces.Place?
    ) async throws -> Outcome {
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
        case .place: return try await placeQuestion.ask(for: answers.type, &places, &place)
        case .key:
            guard let place else { return .back }
            let kinds = try await offered(place, answers.type?.area ?? .general)
            guard !kinds.isEmpty else { throw KeyStoreError(.algorithmNotOffered) }
            let now = answers.algorithm.flatMap { kinds.firstIndex(of: $0) }
            return try await questions.choose(words.keyQuestion, kinds.map(\.rawValue), now, words.keyHelp) { index in
                answers.algorithm = kinds[index]
            }
        case .send:
            guard let place else { return .back }
            return try await confirm(answers, place, places)
        }
    }

    /// Shows what is going to happen and asks for a yes.
    private func confirm(
        _ answers: Answers,
        _ place: KeyPlaces.Place,
        _ places: KeyPlaces
    ) async throws(KeyStoreError) -> Outcome {
        var device: KeyPlaces.Device?
        if case .device(let token) = place {
            device = places.number(of: token).map { places.devices[$0 - 1] }
        }
        tty.write(words.summary(answers, device.map(words.describe) ?? words.softwareStore))
        if let type = answers.type, let standing = device?.standing, let warning = words.noMarker(standing, type) {
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
}
