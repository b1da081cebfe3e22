// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
internal import CAClient
public import Credentials
internal import Enrollment

/// A first request. Next hops: `Wizard/EnrollmentWizard`, then `Enroller`.
struct New: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Ask for a certificate: generate a key on the token and send a request.",
                "Požádat o certifikát: vytvořit klíč na tokenu a odeslat žádost."
            ),
            discussion: inHelpLanguage(
                "Asks for whatever the flags leave open.",
                "Na to, co neříkají přepínače, se zeptá."
            )
        )
    }

    @OptionGroup var answers: NewOptions
    @OptionGroup var waiting: WaitOptions
    @OptionGroup var password: FilePasswordOptions
    @OptionGroup var decision: DecisionOptions
    @OptionGroup var chain: ChainOptions
    @OptionGroup var summary: SummaryOptions
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
            try summary.requirePossible()
            let backup = try parts.keyBackup(password)
            if let file = answers.backupKey { try backup.requirePossible(NewFile.absolute(file)) }
            let (plan, store) = try await parts.plan(
                from: answers,
                decided: decided,
                others: summary.given + [.option("--password-from", password.source)] + waiting.given(decision, chain)
            )
            let keepsOpen = waiting.keepsOpen(word)
            let enroller = Enroller(context, backup: backup)
            let entry = try await enroller.begin(plan, on: store, keepingOpen: keepsOpen)
            guard let minutes = waiting.minutes else {
                try await parts.showNew(entry)
                return await summary.deliver(entry, with: parts)
            }
            // The branch comes before the certificate.
            let delivered = await summary.deliver(entry, with: parts)
            return try await Install.wait(
                for: entry,
                minutes: minutes,
                holding: keepsOpen ? store : nil,
                decision: word,
                with: parts,
                backup: backup
            ) ?? delivered
        }
    }
}

/// What the flags of `new` say of the request; the wizard asks for the rest.
struct NewOptions: ParsableArguments {
    @Option(
        help: help("qualified or commercial.", "qualified (kvalifikovaný) nebo commercial (komerční).", value: "type")
    )
    var type: CertificateType?

    @Option(help: help("person (signature) or seal.", "person (osoba, podpis) nebo seal (pečeť).", value: "holder"))
    var holder: Holder?

    @Option(help: help("Name of the holder; may stay open.", "Jméno držitele; nepovinné.", value: "name"))
    var name: String?

    @Option(help: help("E-mail address; may stay open.", "E-mailová adresa; nepovinná.", value: "address"))
    var email: String?

    @Option(help: help("Telephone number; may stay open.", "Telefonní číslo; nepovinné.", value: "number"))
    var phone: String?

    @Option(
        help: help(
            "Kind of key; rsa2048 if left out.",
            "Druh klíče; bez volby rsa2048.",
            value: "key"
        )
    )
    var key: KeyAlgorithm?

    @Option(
        name: .customLong("backup-key"),
        help: help(
            "Keep an encrypted copy of the key (PKCS#12); software store only.",
            "Uložit zašifrovanou kopii klíče (PKCS#12); jen softwarové úložiště.",
            value: "file"
        ),
        completion: .file(extensions: ["p12"])
    )
    var backupKey: String?
}

extension CertificateType: ExpressibleByArgument {}
extension Holder: ExpressibleByArgument {}
extension KeyAlgorithm: ExpressibleByArgument {}
