// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Enrollment

/// The journal. Next hop: `Journal`.
struct Requests: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage("Show this user's requests.", "Ukázat žádosti tohoto uživatele.")
        )
    }

    @Argument(
        help: help(
            "Request ID or journal number; all of them if left out.",
            "ID žádosti nebo číslo v deníku; bez něj všechny."
        )
    )
    var id: String?

    @Flag(help: help("The certificate request itself, as PEM.", "Samotná žádost o certifikát, jako PEM."))
    var csr = false

    @OptionGroup var summary: SummaryOptions
    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if csr, id == nil {
            throw ValidationError(inHelpLanguage("--csr needs a request ID", "--csr potřebuje ID žádosti"))
        }
        if summary.isWanted, id == nil {
            throw ValidationError(
                inHelpLanguage(
                    "--save-summary, --print-summary and --copy-id need a request ID",
                    "--save-summary, --print-summary a --copy-id potřebují ID žádosti"
                )
            )
        }
    }

    func run() async throws {
        try await Composition.run(options) { parts in
            guard let id else {
                try parts.results.showJournal(try parts.readJournal())
                return nil
            }
            let entry = try parts.entry(named: id)
            if summary.isWanted, entry.requestID == nil { throw CommandError(.requestNotSent, [entry.handle]) }
            try summary.requirePossible()
            if csr {
                try parts.results.showRequest(of: entry)
            } else {
                try parts.results.show(entry)
            }
            return await summary.deliver(entry, with: parts)
        }
    }
}
