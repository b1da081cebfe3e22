// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// The program: reads the arguments, runs one command, says how it ended. Next hop: `Commands/`.
@main
struct IsignumCLI: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "isignum",
            abstract: inHelpLanguage(
                "Certificates for smart cards and tokens, from request to installation.",
                "Certifikáty pro čipové karty a tokeny, od žádosti po instalaci."
            ),
            version: "isignum \(ClientVersion.current)",
            groupedSubcommands: [
                CommandGroup(
                    name: inHelpLanguage("A certificate", "Certifikát"),
                    subcommands: [New.self, Check.self, Protocol.self, Install.self]
                ),
                CommandGroup(
                    name: inHelpLanguage("What there is", "Co je k dispozici"),
                    subcommands: [List.self, Show.self, Requests.self, Resume.self, Status.self]
                ),
            ]
        )
    }

    static func main() async { Glibc.exit(await outcome(of: Array(CommandLine.arguments.dropFirst()))) }

    /// Without a command: help, or on a terminal what can be done now.
    func run() async throws {
        guard StandardOutput.isTerminal, let overview = Overview() else { throw CleanExit.helpRequest(self) }
        try StandardOutput.write(overview.text)
    }

    /// Runs a command line to its end.
    ///
    /// - Returns: the exit code.
    private static func outcome(of arguments: [String]) async -> Int32 {
        let interruption = Interruption()
        do {
            try await interruption.guarding {
                var command = try parse(arguments)
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            }
            return 0
        } catch let status as ExitStatus {
            return status.code
        } catch let request as CleanExit {
            return answer(request)
        } catch {
            let cause = interruption.signal.map { CommandError(.interrupted, [Interruption.name(of: $0)]) } ?? error
            // Whether JSON was wanted must be known even when the arguments could not be parsed.
            let code = FailureReport.write(cause, json: arguments.contains("--json"), language: .ofHelp)
            return interruption.signal.map { 128 + $0 } ?? code
        }
    }

    private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        do {
            return try parseAsRoot(arguments)
        } catch  where exitCode(for: error).isSuccess {
            throw CleanExit.message(fullMessage(for: error))
        } catch {
            throw CommandError(.usage, [message(for: error)])
        }
    }

    private static func answer(_ request: CleanExit) -> Int32 {
        do {
            try StandardOutput.write(fullMessage(for: request) + "\n")
            return 0
        } catch {
            return FailureReport.write(error, json: false, language: .ofHelp)
        }
    }
}
