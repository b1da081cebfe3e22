// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient
internal import Credentials
internal import Enrollment

/// Fetches, checks, shows and installs an issued certificate. Next hops: `Collector`, `Installer`.
struct Install: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Accept an issued certificate and write it beside its key.",
                "Přijmout vydaný certifikát a zapsat ho k jeho klíči."
            )
        )
    }

    @Argument(
        help: help(
            "Request ID or journal number; may be left out when only one waits.",
            "ID žádosti nebo číslo v deníku; není třeba, čeká-li jediná."
        )
    )
    var id: String?

    @OptionGroup var answer: DecisionOptions
    @OptionGroup var chain: ChainOptions
    @OptionGroup var password: FilePasswordOptions
    @OptionGroup var deviceWait: DeviceWaitOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            parts.waitForDevice(deviceWait)
            parts.givenIssuers = try chain.certificates()
            parts.acceptsName = answer.holder.acceptsName
            let entry = try Install.entry(id, with: parts)
            let decision = answer.decision(options)
            let latest = try await Install.asked(entry, decision: decision, with: parts)
            let backup = try parts.keyBackup(password)
            let installed = try await Install.install(latest, decision: decision, with: parts, backup: backup)
            try parts.results.show(installed, known: parts.hasShownData)
            return Install.status(of: installed)
        }
    }

    /// Asks the CA about a request. Where a word on its certificate may have been given already, the installation asks.
    static func asked(
        _ entry: JournalEntry,
        decision: Decision?,
        with parts: Composition
    ) async throws -> JournalEntry {
        guard entry.state == .pending || entry.state == .issued && entry.wordMayBeKnown == nil else { return entry }
        // A certificate that the holder rejects need not be a good one.
        let rejects = decision != nil && decision != .accepted
        return try await Collector(try parts.context(of: entry)).check(entry, keepingUnchecked: rejects)
    }

    /// Goes on with a request that the CA was just asked about, as far as it will go.
    ///
    /// - Parameter backup: completes the backup of the key; `nil` for a renewal, whose key has none.
    static func install(
        _ entry: JournalEntry,
        decision: Decision?,
        with parts: Composition,
        backup: KeyBackup?
    ) async throws -> JournalEntry {
        let context = try parts.context(of: entry)
        switch entry.state {
        case .issued, .accepted:
            if decision == nil, entry.wordMayBeKnown == nil, parts.options.noInput {
                throw CommandError(.answersMissing, await parts.missingAnswers(to: entry))
            }
            parts.hasShownData = decision == nil && entry.wordMayBeKnown == nil && parts.console.tty != nil
            let done = try await Installer(context).install(
                entry,
                decision: decision,
                acceptsDifferences: parts.acceptsName,
                opening: parts.opener
            )
            guard let backup else { return done }
            return try await parts.completingBackup(of: done, backup)
        case .rejected, .expired, .withdrawn, .revoked: throw EnrollmentError.requestEnded(entry)
        default: return entry
        }
    }

    /// Waits for the certificate of a request that was handed in, and goes on with it.
    ///
    /// - Parameter store: a device that is open for the installation.
    static func wait(
        for entry: JournalEntry,
        minutes: Int,
        holding store: (any KeyStore)?,
        decision: Decision?,
        with parts: Composition,
        backup: KeyBackup? = nil
    ) async throws -> ExitStatus? {
        let latest = try await Collector(try parts.context(of: entry)).wait(
            for: entry,
            atMost: .seconds(60 * minutes),
            holding: store
        )
        guard latest.state != .pending else {
            try await parts.showNew(latest)
            return .notYet
        }
        let installed = try await install(latest, decision: decision, with: parts, backup: backup)
        try parts.results.show(installed, known: parts.hasShownData)
        return status(of: installed)
    }

    /// A certificate that the holder rejected is what was asked for; one whose decision was put off is not.
    static func status(of entry: JournalEntry) -> ExitStatus? {
        switch entry.state {
        case .installed, .rejected: nil
        case .expired, .withdrawn, .revoked: .rejected
        default: .notYet
        }
    }

    private static func entry(_ id: String?, with parts: Composition) throws -> JournalEntry {
        if let id { return try parts.entry(named: id) }
        let waiting = try parts.readJournal().entries.filter { [.pending, .issued, .accepted].contains($0.state) }
        guard let entry = waiting.first else { throw CommandError(.nothingToInstall) }
        guard waiting.count == 1 else { throw CommandError(.requestAmbiguous, waiting.map(\.handle)) }
        return entry
    }
}

extension Composition {
    /// Shows a request that the CA has just taken.
    func showNew(_ entry: JournalEntry) async throws {
        try await results.showNew(entry, withCode: configuration.qrCode, known: hasShownData)
    }

    /// What an issued certificate waits for when nobody can be asked: all of it, so that nobody comes back twice.
    fileprivate func missingAnswers(to entry: JournalEntry) async -> [String] {
        let differs = entry.comparison?.needsConsent == true && !acceptsName
        let flags = [DecisionOptions.flags] + (differs ? [HolderOptions.flag] : [])
        guard let secret = missingSecret(for: entry.plan.type) else { return flags }
        let token = try? await stores.tokens().first { $0.identity == entry.token }
        return token?.asksForSecrets == true ? flags : flags + [secret]
    }
}
