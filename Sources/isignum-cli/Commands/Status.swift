// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient
internal import Credentials
internal import Enrollment

/// Where any number of requests stand, for helpdesk: no token, no journal, no personal data. Next hop: `StatusCheck`.
struct Status: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Ask the CA where requests stand, one or ten thousand.",
                "Zeptat se CA na stav žádostí, jedné i deseti tisíc."
            )
        )
    }

    @Argument(
        help: help("Request IDs; - reads them from standard input.", "ID žádostí; - je čte ze standardního vstupu.")
    )
    var ids: [String] = []

    @Option(
        name: .customLong("from"),
        help: help("A file of request IDs.", "Soubor s ID žádostí.", value: "file"),
        completion: .file()
    )
    var file: String?

    @Flag(help: help("Comma-separated values (RFC 4180).", "Hodnoty oddělené čárkami (RFC 4180)."))
    var csv = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if csv, options.json {
            throw ValidationError(inHelpLanguage("--csv or --json, not both", "--csv, nebo --json, ne obojí"))
        }
        if ids.isEmpty, file == nil {
            throw ValidationError(
                inHelpLanguage(
                    "which requests? Give IDs, - or --from FILE",
                    "které žádosti? Zadejte ID, - nebo --from SOUBOR"
                )
            )
        }
    }

    func run() async throws {
        try await Composition.run(options) { parts in
            let identifiers = try await RequestIDList.read(arguments: ids, file: file) {
                [console = parts.console] name in
                await console.tell(console.words.waitingForIDs(name.printable))
            }
            let authority = try EnrollmentAPIClient(profile: try parts.profile())
            let statuses = try await StatusCheck(authority).states(of: identifiers)
            try parts.results.show(StatusDocument(statuses), csv: csv)
            return nil
        }
    }
}
