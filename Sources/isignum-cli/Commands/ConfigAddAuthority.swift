// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation

/// Adds a CA: looks at its certificates, has a person compare the anchor, and only then asks it who it is. Next hop:
/// `AuthorityCard`.
struct ConfigAddAuthority: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "add-ca",
            abstract: inHelpLanguage(
                "Add a CA after its trust anchor was compared.",
                "Přidat CA poté, co byl porovnán její kořen důvěry."
            ),
            discussion: inHelpLanguage(
                "Nothing is sent to the CA and nothing is changed before you say that the fingerprint is the one that "
                    + "the CA publishes; --yes does not say it. With --ca-file the anchors come from a file.",
                "CA se nic neodešle a nic se nezmění, dokud nepotvrdíte, že otisk je ten, který CA zveřejňuje; --yes to "
                    + "nepotvrzuje. S --ca-file se kořeny vezmou ze souboru."
            )
        )
    }

    @Argument(help: help("Its address, https.", "Její adresa, https.", value: "url"))
    var address: String

    @Option(help: help("What to call it (default: its host).", "Jak jí říkat (jinak podle počítače).", value: "name"))
    var name: String?

    @Option(
        name: .customLong("fingerprint"),
        help: help(
            "The SHA-256 of the trust anchor as the CA publishes it.",
            "SHA-256 kořene důvěry, jak ho CA zveřejňuje.",
            value: "sha256"
        )
    )
    var fingerprints: [String] = []

    @Flag(help: help("Replace a CA of this name.", "Nahradit CA tohoto jména."))
    var force = false

    @OptionGroup var chain: ChainOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        let issuers = try chain.certificates()
        let expected = try Set(fingerprints.map(AuthorityCard.fingerprint))
        let folders = Folders()
        var file = try ConfigurationFile(folders.configurationFile)
        let configuration = try ConfigurationReader.read(folders.configurationFile)
        let language = Composition.language(options.lang, configuration)
        let tty = options.noInput ? nil : TTY()
        guard tty != nil || !expected.isEmpty else { throw CommandError(.answersMissing, ["--fingerprint"]) }
        let profile = try self.profile()
        let card =
            if let anchorFile = options.authority.anchors { try AuthorityCard(profile, anchorFile: anchorFile) } else {
                try await AuthorityCard(profile)
            }
        // Nobody is to compare what would be good for nothing.
        if let chain = card.chain(at: Date()), chain.isHopeless {
            throw EnrollmentError.authorityUnsound(card.name, chain.faults)
        }
        if !expected.isEmpty {
            try card.compare(with: expected)
        } else if let tty {
            try await confirm(card, on: tty, ConfigWords.of(language), MomentText(language))
        }
        let addition = AuthorityAddition(card, issuers: issuers, to: folders.configurationFile)
        let known = try addition.isKnown(in: configuration, force: force)
        let information = try await addition.meet()
        if !known { try addition.write(into: &file, isFirst: configuration.authorities.isEmpty) }
        let document = addition.document(information, in: try ConfigurationReader.read(folders.configurationFile))
        let words = ConfigWords.of(language)
        try StandardOutput.write(
            options.json ? try JSONDocument.text(of: document) : words.text(of: document, wasKnown: known)
        )
    }

    private func profile() throws -> CAProfile {
        let text = address.contains("://") ? address : "https://\(address)"
        guard let url = URL(string: text) else { throw CAError(.profileInvalid, detail: address) }
        let name = self.name ?? Configuration.name(of: url)
        guard (1...64).contains(name.count), name.printable == name, !name.allSatisfy(\.isWhitespace) else {
            throw ConfigurationChangeError(.nameUnusable, [name])
        }
        return try CAProfile(name: name, url: url, anchorFile: nil)
    }

    private func confirm(_ card: AuthorityCard, on tty: TTY, _ words: ConfigWords, _ dates: MomentText) async throws {
        tty.write(words.presented(card.url.absoluteString.printable) + "\n\n")
        tty.write(words.text(of: card, dates) + "\n")
        while true {
            tty.write(words.trustQuestion + " ")
            guard let answer = try await tty.line()?.trimmingCharacters(in: .whitespaces).lowercased() else {
                throw KeyStoreError(.cancelled)
            }
            if answer == "?" {
                tty.write(words.trustHelp + "\n")
            } else if let letter = answer.first, words.yesLetters.contains(letter) {
                return
            } else {
                throw KeyStoreError(.cancelled)
            }
        }
    }
}
