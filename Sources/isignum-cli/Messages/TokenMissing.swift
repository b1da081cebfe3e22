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
    /// What would do instead, for whoever meant no token by name; `nil` where NSS is not installed.
    private var store: SoftwareStore?

    /// - Returns: `nil` for any other error.
    init?(
        _ error: any Error,
        or store: SoftwareStore? = nil,
        seeing survey: () async -> DeviceSurvey
    ) async {
        var found = error as? KeyStoreError
        if case .keyStore(let cause)? = error as? EnrollmentError { found = cause }
        guard let found, found.code == .tokenNotFound else { return nil }
        meant = found.candidates.first
        self.survey = await survey()
        self.store = store
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
        if meant == nil, let store {
            hints.append(store.exists ? words.storeIsThere(store.folder.printable) : words.storeCanBeMade)
        }
        return hints.reduce(Wording(plain)) { $0.adding($1) }
    }

    private static func name(of token: TokenDescription) -> String {
        let reader = token.reader.map { ", \($0)" } ?? ""
        return "\(token.identity.label) (\(token.identity.serial)\(reader))".printable
    }
}

/// The words of a token that is not there. A language that misses one does not compile.
struct TokenMissingWords: Sendable {
    let plugIn, askDoctor, installModule, storeCanBeMade: String
    let storeIsThere: @Sendable (_ folder: String) -> String
    let pluggedIn: @Sendable (_ tokens: String) -> String

    static func of(_ language: Language) -> TokenMissingWords { language == .czech ? czech : english }

    static let english = TokenMissingWords(
        plugIn: "plug the token in and try again",
        askDoctor: "isignum doctor looks for what else is missing",
        installModule: "install the software of the card, then isignum doctor says how its module is used",
        storeCanBeMade: "without a token: isignum new --software-store keeps the key of a commercial certificate",
        storeIsThere: { "the software store is there, with --software-store: \($0)" },
        pluggedIn: { "plugged in: \($0)" }
    )

    static let czech = TokenMissingWords(
        plugIn: "připojte token a zkuste to znovu",
        askDoctor: "co jiného chybí, zjistí isignum doctor",
        installModule: "nainstalujte software karty; jak její modul nastavit, řekne isignum doctor",
        storeCanBeMade: "bez tokenu: klíč komerčního certifikátu uloží isignum new --software-store",
        storeIsThere: { "softwarové úložiště tu je, použije se s --software-store: \($0)" },
        pluggedIn: { "připojeno: \($0)" }
    )
}
