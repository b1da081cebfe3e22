// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient
internal import Enrollment

/// Carries on after an interruption, as far as each request will go. Next hops: `Enroller`, `Collector`, `Installer`.
struct Resume: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Carry on with requests that were interrupted.",
                "Pokračovat v přerušených žádostech."
            )
        )
    }

    @Argument(
        help: help(
            "Request ID or journal number; all open ones if left out.",
            "ID žádosti nebo číslo v deníku; bez něj všechny otevřené."
        )
    )
    var id: String?

    @Option(
        name: .customLong("backup-key"),
        help: help(
            "Where the encrypted copy of the key goes, or where it is by now.",
            "Kam se zašifrovaná kopie klíče uloží, nebo kde už je.",
            value: "file"
        ),
        completion: .file(extensions: ["p12"])
    )
    var backupKey: String?

    @OptionGroup var answer: DecisionOptions
    @OptionGroup var chain: ChainOptions
    @OptionGroup var password: FilePasswordOptions
    @OptionGroup var old: OldSecretOptions
    @OptionGroup var deviceWait: DeviceWaitOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        guard backupKey == nil || id != nil else {
            throw ValidationError(
                inHelpLanguage("--backup-key needs one request", "--backup-key potřebuje jednu žádost")
            )
        }
    }

    func run() async throws {
        try await Composition.run(options) { parts in
            parts.waitForDevice(deviceWait)
            parts.givenIssuers = try chain.certificates()
            parts.acceptsName = answer.holder.acceptsName
            let open = try parts.entries(named: id.map { [$0] } ?? [])
            var entries: [JournalEntry] = []
            var failure: (any Error)?
            for entry in open {
                do {
                    entries.append(try await carryOn(entry, with: parts))
                } catch  where id == nil && !Task.isCancelled {
                    // One request that fails keeps the others from nothing.
                    FailureReport.inPassing(error, about: entry.handle, language: parts.language)
                    failure = failure ?? error
                    entries.append(try parts.journal().entry(numbered: entry.id))
                }
            }
            if let failure { throw failure }
            if let only = entries.first, entries.count == 1, only.state == .pending {
                try await parts.showNew(only)
                return Install.status(of: only)
            }
            try parts.results.show(entries, alone: id != nil)
            return entries.compactMap { Install.status(of: $0) }.first
        }
    }

    private func carryOn(_ entry: JournalEntry, with parts: Composition) async throws -> JournalEntry {
        guard entry.state.isOpen else {
            guard entry.state == .installed else { throw EnrollmentError.requestEnded(entry) }
            return try await completed(entry, with: parts)
        }
        let context = try parts.context(of: entry)
        if let renewal = entry.renewal, renewal.token != entry.token {
            try parts.setApart(renewal.token, old)
            if entry.state.isUnsent, entry.signedOrder == nil,
                let missing = await parts.missingSecret(ofOldKeyOn: renewal.token, entry.plan.type, old)
            {
                throw CommandError(.answersMissing, [missing])
            }
        }
        let backup = try parts.keyBackup(password)
        let entry = try await Enroller(context, backup: backup)
            .carryOn(entry, backingUpInto: backupKey.map(NewFile.absolute), opening: parts.opener)
        let decision = answer.decision(options)
        // Without anybody to ask, an issued certificate waits for `install`.
        let canDecide = decision != nil || !options.noInput
        let latest = try await Install.asked(entry, decision: decision, with: parts)
        guard latest.state != .issued || canDecide || latest.wordMayBeKnown != nil else { return latest }
        return try await Install.install(latest, decision: decision, with: parts, backup: backup)
    }

    /// What is left of an installed request: the backup of its key may lack the certificate.
    private func completed(_ entry: JournalEntry, with parts: Composition) async throws -> JournalEntry {
        guard entry.hasBareBackup else {
            guard backupKey == nil else { throw EnrollmentError.tokenWork(.backupNotOpen(entry)) }
            return entry
        }
        return try await parts.keyBackup(password)
            .complete(entry, in: try parts.journal(), movedTo: backupKey.map(NewFile.absolute))
    }
}
