// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Token

/// A token that is not there, with what is known of the reason: a card whose module is missing, the smart-card service
/// that is, or what is plugged in instead.
struct TokenMissing: WordedError {
    /// What was meant; `nil` for any token.
    let meant: String?
    let survey: DeviceSurvey

    /// - Returns: `nil` for any other error.
    init?(_ error: any Error, seeing survey: () async -> DeviceSurvey) async {
        var found = error as? KeyStoreError
        if case .keyStore(let cause)? = error as? EnrollmentError { found = cause }
        guard let found, found.code == .tokenNotFound else { return nil }
        meant = found.candidates.first
        self.survey = await survey()
    }

    /// For tests.
    init(meant: String?, survey: DeviceSurvey) { (self.meant, self.survey) = (meant, survey) }

    private var error: KeyStoreError { KeyStoreError(.tokenNotFound, candidates: [meant].compactMap(\.self)) }
    var stableCode: String { error.stableCode }
    var exitCode: Int32 { error.exitCode }

    func wording(in language: Language) -> Wording {
        let plain = explain(error, in: language).message
        let (words, devices) = (TokenMissingWords.of(language), DeviceWords.of(language))
        let cards = survey.devices.filter { $0.token == nil }
        var hints: [String] = []
        if meant != nil, survey.devices.count > cards.count {
            hints.append(words.pluggedIn(survey.devices.compactMap(\.token).map(Self.name).joined(separator: ", ")))
        }
        hints += cards.map { devices.unserved($0) }
        if cards.contains(where: { $0.missing != nil }) { hints.append(words.installModule) }
        if survey.lacksService { hints.append(devices.cardsNeedService) }
        if hints.isEmpty { hints = [words.plugIn, words.askDoctor] }
        return hints.reduce(Wording(plain)) { $0.adding($1) }
    }

    private static func name(of token: TokenDescription) -> String {
        let reader = token.reader.map { ", \($0)" } ?? ""
        return "\(token.identity.label) (\(token.identity.serial)\(reader))".printable
    }
}

/// The words of a token that is not there. A language that misses one does not compile.
struct TokenMissingWords: Sendable {
    let plugIn, askDoctor, installModule: String
    let pluggedIn: @Sendable (_ tokens: String) -> String

    static func of(_ language: Language) -> TokenMissingWords { language == .czech ? czech : english }

    static let english = TokenMissingWords(
        plugIn: "plug the token in and try again",
        askDoctor: "isignum doctor looks for what else is missing",
        installModule: "install the software of the card, then isignum doctor says how its module is used",
        pluggedIn: { "plugged in: \($0)" }
    )

    static let czech = TokenMissingWords(
        plugIn: "připojte token a zkuste to znovu",
        askDoctor: "co jiného chybí, zjistí isignum doctor",
        installModule: "nainstalujte software karty; jak její modul nastavit, řekne isignum doctor",
        pluggedIn: { "připojeno: \($0)" }
    )
}
