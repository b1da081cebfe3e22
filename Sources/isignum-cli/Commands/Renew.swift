// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient
internal import Credentials
internal import Enrollment

/// A following certificate. Next hops: `Wizard/RenewalChoice`, then `Renewer`.
struct Renew: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Ask for the certificate that follows one on a token, signed with the old key.",
                "Požádat o nástupce certifikátu na tokenu, s podpisem dosavadním klíčem."
            ),
            discussion: inHelpLanguage(
                "The new key is made where the old one lives, or on the token that --token names. The old certificate stays.",
                "Nový klíč vznikne tam, kde je dosavadní, nebo na tokenu, který určí --token. Dosavadní certifikát zůstane."
            )
        )
    }

    @Argument(
        help: help(
            "Serial number, beginning of the SHA-256, or text of the subject.",
            "Sériové číslo, začátek SHA-256 nebo text z předmětu."
        )
    )
    var selector: String?

    @OptionGroup var answers: RenewOptions
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var decision: DecisionOptions
    @OptionGroup var chain: ChainOptions
    @OptionGroup var old: OldSecretOptions
    @OptionGroup var deviceWait: DeviceWaitOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        try waiting.requireWait(for: decision)
        try chain.requireWait(waiting)
    }

    func run() async throws {
        try await Composition.run(options) { parts in
            parts.waitForDevice(deviceWait)
            parts.beginsRequest = true
            parts.givenIssuers = try chain.certificates()
            parts.acceptsName = decision.holder.acceptsName
            let context = try parts.context(try parts.profile())
            let word = decision.decision(options)
            let decided = waiting.isDecided(word, options)
            let chosen = try await parts.renewal(
                selector,
                answers,
                old,
                decided: decided,
                others: old.given + waiting.given(decision, chain)
            )
            let keepsOpen = waiting.keepsOpen(word)
            let entry = try await Renewer(context, revocation: chosen.revocation).renew(
                chosen.plan,
                onto: chosen.store,
                holding: chosen.certificates,
                keepingOpen: keepsOpen,
                opening: parts.opener
            )
            guard let minutes = waiting.minutes else {
                try await parts.showNew(entry)
                return nil
            }
            return try await Install.wait(
                for: entry,
                minutes: minutes,
                holding: keepsOpen ? chosen.store : nil,
                decision: word,
                with: parts
            )
        }
    }
}

/// What the flags of `renew` say; the wizard asks for the rest.
struct RenewOptions: ParsableArguments {
    @Flag(
        name: .customLong("multi-year"),
        help: help(
            "Valid for 1,115 days instead of 385, where that is enabled for you.",
            "S platností 1115 dní místo 385, máte-li to povoleno."
        )
    )
    var multiYear = false

    @Option(help: help("The code of a voucher that pays for it.", "Kód poukázky, kterou se platí.", value: "code"))
    var voucher: String?

    @Option(
        help: help(
            "Kind of key; that of the old one if left out.",
            "Druh klíče; bez volby jako dosavadní.",
            value: "key"
        )
    )
    var key: KeyAlgorithm?

    func validate() throws {
        if let voucher, !Self.isVoucher(voucher) {
            throw ValidationError(
                inHelpLanguage("--voucher takes 1 to 64 characters", "--voucher bere 1 až 64 znaků")
            )
        }
    }

    /// Whether a text can be the code of a voucher.
    static func isVoucher(_ text: String) -> Bool {
        let letters = text.unicodeScalars
        return (1...64).contains(letters.count) && !letters.contains { $0.properties.generalCategory == .control }
    }

    /// What they say of the answers.
    func answers(on token: TokenIdentity?) -> RenewalAnswers {
        RenewalAnswers(
            certificate: nil,
            token: token,
            term: multiYear ? .multiYear : nil,
            voucher: voucher,
            algorithm: key
        )
    }
}
