// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Enrollment

/// Asks the CA about this user's open requests. Next hop: `Collector`.
struct Check: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Ask the CA whether certificates have been issued.",
                "Zeptat se CA, zda už jsou certifikáty vydané."
            ),
            discussion: inHelpLanguage(
                "Ends with 0 when one is ready or nothing is open, 75 when all are pending, 1 when rejected.",
                "Skončí s 0, je-li některý připraven nebo není na co čekat, se 75, když se čeká, s 1 po zamítnutí."
            )
        )
    }

    @Argument(
        help: help(
            "Request IDs or journal numbers; all open ones if none.",
            "ID žádostí nebo čísla v deníku; bez nich všechny otevřené."
        )
    )
    var ids: [String] = []

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            var entries: [JournalEntry] = []
            for entry in try parts.entries(named: ids) {
                // Without an ID there is nothing to ask about: `resume` is what such a request needs.
                guard [.pending, .issued, .accepted].contains(entry.state) else {
                    entries.append(entry)
                    continue
                }
                entries.append(try await Collector(try parts.context(of: entry)).check(entry))
            }
            try parts.results.show(entries, alone: ids.count == 1)
            return Check.status(of: entries)
        }
    }

    /// One certificate that is ready is worth coming for, whatever the others do.
    static func status(of entries: [JournalEntry]) -> ExitStatus? {
        let statuses = entries.map(\.state.exitStatus)
        if statuses.isEmpty || statuses.contains(where: { $0 == nil }) { return nil }
        return statuses.contains { $0?.code == ExitStatus.notYet.code } ? .notYet : .rejected
    }
}
