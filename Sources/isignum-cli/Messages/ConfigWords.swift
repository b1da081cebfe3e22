// SPDX-License-Identifier: Apache-2.0

/// The words of `config`. A language that misses one does not compile.
struct ConfigWords: Sendable {
    let file, notThere, state, cache, softwareStore: String
    let defaultAuthority, language, expert, qrCode, modules, systemModules, localeDecides, none, yes, no: String
    let authority, address, anchors, chain, systemStore, wireProtocol, authorityName, server, device, certifiedUntil,
        releaseMail: String
    let anchor, validUntil, fingerprint: String
    let isDefault, added: String
    /// What stands before the question.
    let presented: @Sendable (_ address: String) -> String
    let trustQuestion, trustHelp, yesLetters: String
    let isThere: @Sendable (_ name: String) -> String
    let change: @Sendable (ConfigurationChangeError.Code, _ subjects: [String]) -> Wording

    /// The words of a language.
    static func of(_ language: Language) -> ConfigWords { language == .czech ? czech : english }
}
