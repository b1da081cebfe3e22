// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import CSRBuilder
internal import Credentials
internal import Enrollment

/// The words of questions and of what happens meanwhile. A language that misses one does not compile.
struct PromptWords: Sendable {
    /// The answers to an issued certificate.
    enum DecisionAnswer { case accept, reject, later }

    let secretNames: @Sendable (SecretKind) -> String
    let purposes: @Sendable (SecretRequest.Purpose) -> String
    let typeOnDevice: @Sendable (SecretKind, _ token: String) -> String
    let triesWereMade: @Sendable (SecretKind, _ isFinal: Bool) -> String
    let othersCanRead: String
    let sourceFailed: @Sendable (SecretSourceError) -> String
    /// While a descriptor gives nothing.
    let waitingFor: @Sendable (SecretKind, _ place: String) -> String
    /// While a file or standard input ("-") gives nothing, or does not end.
    let waitingForIDs: @Sendable (_ place: String) -> String
    let event: @Sendable (EnrollmentEvent) -> String
    /// After a signal, while the device works on.
    let deviceFinishesFirst: String
    let decisionMissing, acceptQuestion, acceptHelp, reasonQuestion: String
    /// For a certificate that cannot be accepted as it is.
    let rejectQuestion, rejectHelp: String
    let acceptLetters, rejectLetters, laterLetters: String

    static func of(_ language: Language) -> PromptWords { language == .czech ? czech : english }

    /// "PIN of ProID+Q (C6B6…), to generate the key".
    func secretPrompt(_ kind: SecretKind, _ token: String, _ serial: String, _ purpose: SecretRequest.Purpose) -> String
    {
        "\(secretNames(kind)), \(token) (\(serial)) – \(purposes(purpose))"
    }

    func triesWereMade(_ kind: SecretKind, isFinal: Bool) -> String { triesWereMade(kind, isFinal) }

    /// The meaning of an answer, by its first letter; `nil` when it has none.
    func decision(_ answer: String) -> DecisionAnswer? {
        guard let letter = answer.lowercased().first(where: { !$0.isWhitespace }) else { return nil }
        if acceptLetters.contains(letter) { return .accept }
        if rejectLetters.contains(letter) { return .reject }
        return laterLetters.contains(letter) ? .later : nil
    }
}
