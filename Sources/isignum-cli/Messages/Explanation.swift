// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import CSRBuilder
internal import Credentials
internal import Enrollment
internal import Token

/// An error for a person and for a script.
struct Explanation: Equatable, Sendable {
    /// A stable name in snake case.
    let code: String
    /// What went wrong: lower case, no full stop.
    let message: String
    /// What to do next, likewise.
    let hints: [String]
    /// The exit code (sysexits.h).
    let exitCode: Int32
    /// What scripts are told besides.
    var particulars = Particulars()
}

/// What went wrong and what to do next, in one language.
struct Wording: Equatable, Sendable {
    let message: String
    let hints: [String]

    init(_ message: String, _ hints: String...) {
        self.message = message
        self.hints = hints
    }

    /// All of it as a sentence of its own, where it is the answer to a person.
    var fullSentence: String {
        let text = ([message] + hints).joined(separator: "; ")
        return text.prefix(1).uppercased() + text.dropFirst() + "."
    }

    /// The server's own words, or a library's, after ours.
    func quoting(_ words: String?) -> Wording {
        guard let words, !words.isEmpty else { return self }
        let clean = words.inOneLine.printable
        return Wording(message: "\(message) (\(clean.prefix(500)))", hints: hints)
    }

    /// One more thing to do, or none.
    func adding(_ hint: String?) -> Wording { Wording(message: message, hints: hints + [hint].compactMap(\.self)) }

    private init(message: String, hints: [String]) {
        self.message = message
        self.hints = hints
    }
}

/// The words for every error. A language that misses one does not compile: each function switches over all codes.
protocol ErrorWords: Sendable {
    func keyStore(_ error: KeyStoreError) -> Wording
    func authority(_ error: CAError) -> Wording
    func refusal(_ problem: CAError.Problem) -> Wording
    func request(_ problem: RequestProblem) -> Wording
    func journal(_ error: JournalError) -> Wording
    func finding(_ finding: CertificateFinding) -> String
    func refused(_ findings: [CertificateFinding]) -> Wording
    func holderDiffers(_ differences: [HolderDifference], _ entry: JournalEntry?) -> Wording
    func authorityUnsound(_ name: String, _ faults: [AuthorityChain.Fault]) -> Wording
    func issuerMissing(_ name: String, _ addresses: [String]) -> Wording
    func ended(_ entry: JournalEntry) -> Wording
    func acceptedAlready(_ entry: JournalEntry) -> Wording
    func notTaken(_ entry: JournalEntry, _ error: CAError) -> Wording
    func wrongState(_ entry: JournalEntry) -> Wording
    func keyMissing(_ token: TokenIdentity) -> Wording
    func testSignatureWrong() -> Wording
    func tokenWork(_ error: TokenWorkError) -> Wording
    func handover(_ error: HandoverError) -> Wording
    func command(_ error: CommandError) -> Wording
    func configuration(_ error: ConfigurationError) -> Wording
    func secretSource(_ error: SecretSourceError) -> Wording
    func unexpected(_ detail: String) -> Wording
}

extension ErrorWords {
    /// What a module answered, for whoever knows it: "C_Sign 0x5".
    func place(of error: KeyStoreError) -> String {
        [error.function, error.returnValue.map { "0x" + String($0, radix: 16) }].compactMap(\.self)
            .joined(separator: " ")
    }

    /// Why a CA refused, after what came of it; nothing where its code says nothing.
    func because(_ problem: CAError.Problem?) -> String {
        guard let problem, problem != .other else { return "" }
        return ": \(refusal(problem).message)"
    }
}

/// An error that brings its words along, in both languages.
protocol WordedError: Error {
    /// A stable name in snake case.
    var stableCode: String { get }
    /// The exit code (sysexits.h).
    var exitCode: Int32 { get }
    /// What to tell a person.
    func wording(in language: Language) -> Wording
}

/// Explains any error that the program can end with.
///
/// - Parameter carryingOn: how a person goes on after what broke off.
func explain(_ error: any Error, in language: Language, carryingOn: CarryingOn = .resume) -> Explanation {
    let words: any ErrorWords =
        language == .czech ? CzechErrorWords(carryingOn: carryingOn) : EnglishErrorWords(carryingOn: carryingOn)
    func make(
        _ code: String,
        _ exitCode: Int32,
        _ wording: Wording,
        _ particulars: Particulars = Particulars()
    ) -> Explanation {
        var explanation = Explanation(
            code: code,
            message: wording.message,
            hints: wording.hints,
            exitCode: exitCode
        )
        explanation.particulars = particulars
        return explanation
    }
    switch error {
    case let error as KeyStoreError: return make(error.stableCode, error.exitCode, words.keyStore(error))
    case let error as CAError: return make(error.stableCode, error.exitCode, words.authority(error))
    case let error as JournalError: return make("journal_\(error.code.snakeCase)", error.exitCode, words.journal(error))
    case let error as CommandError: return make(error.code.rawValue, error.exitCode, words.command(error))
    case let error as RequestProblem: return make(error.stableCode, error.exitCode, words.request(error))
    case let error as SecretSourceError:
        return make("secret_source_unusable", error.exitCode, words.secretSource(error))
    case let error as ConfigurationError:
        return make("configuration_\(error.code.snakeCase)", 78, words.configuration(error))
    case let error as ProfileError:
        return make("device_profiles_\(error.code.snakeCase)", 78, DeviceWords.of(language).profiles(error))
    case let error as EnrollmentError:
        switch error {
        case .keyStore(let error): return explain(error, in: language, carryingOn: carryingOn)
        case .authority(let error): return explain(error, in: language, carryingOn: carryingOn)
        case .journal(let error): return explain(error, in: language, carryingOn: carryingOn)
        case .request(let error):
            if let cause = error.keyStoreError { return explain(cause, in: language, carryingOn: carryingOn) }
            let problem = RequestProblem(error)
            return make(problem.stableCode, problem.exitCode, words.request(problem))
        case .certificateRefused(let findings):
            if findings.isMissingIssuer, case .issuerMissing(let name, let addresses) = findings[0] {
                return make(findings[0].code, 65, words.issuerMissing(name, addresses))
            }
            let code = findings.count == 1 ? findings[0].code : "certificate_refused"
            return make(code, 65, words.refused(findings), Particulars(findings))
        case .holderDiffers(let differences, let entry):
            let wording = words.holderDiffers(differences, entry)
            return make("certificate_holder_differs", 65, wording, Particulars(differences))
        case .authorityUnsound(let name, let faults):
            return make("ca_chain_refused", 78, words.authorityUnsound(name, faults), Particulars(faults))
        case .requestEnded(let entry): return make("request_\(entry.state.rawValue)", 1, words.ended(entry))
        case .acceptedAlready(let entry): return make("accepted_already", 65, words.acceptedAlready(entry))
        case .notTaken(let entry, let error):
            return make(error.stableCode, error.exitCode, words.notTaken(entry, error))
        case .wrongState(let entry): return make("request_state", 65, words.wrongState(entry))
        case .keyMissing(let token): return make("key_missing", 66, words.keyMissing(token))
        case .renewal(let refusal):
            return make(refusal.stableCode, refusal.exitCode, RenewalWords.of(language).refusal(refusal))
        case .orderPutOff(let entry, let error):
            let wording = RenewalWords.of(language).putOff(entry, words.authority(error))
            return make(error.stableCode, error.exitCode, wording)
        case .handover(let error): return make(error.stableCode, error.exitCode, words.handover(error))
        case .tokenWork(.certificateRefused(let findings, _)) where findings.isMissingIssuer:
            return explain(EnrollmentError.certificateRefused(findings), in: language, carryingOn: carryingOn)
        case .tokenWork(.certificateRefused(let findings, let entry)):
            let error = TokenWorkError.certificateRefused(findings, entry)
            return make(error.stableCode, error.exitCode, words.tokenWork(error), Particulars(findings))
        case .tokenWork(let error): return make(error.stableCode, error.exitCode, words.tokenWork(error))
        case .testSignatureWrong: return make("test_signature_wrong", 65, words.testSignatureWrong())
        }
    case let error as any WordedError: return make(error.stableCode, error.exitCode, error.wording(in: language))
    default: return make("internal", 70, words.unexpected("\(error)"))
    }
}
