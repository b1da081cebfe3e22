// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Token

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
                    name: inHelpLanguage("Enrolment", "Certifikát"),
                    subcommands: [
                        New.self, Renew.self, Check.self, Protocol.self, Install.self, ImportCertificate.self,
                    ]
                ),
                CommandGroup(
                    name: inHelpLanguage("Device", "Zařízení"),
                    subcommands: [Device.self]
                ),
                CommandGroup(
                    name: inHelpLanguage("Overview", "Přehled"),
                    subcommands: [List.self, Show.self, Export.self, Requests.self, Resume.self, Status.self]
                ),
                CommandGroup(
                    name: inHelpLanguage("Token", "Token"),
                    subcommands: [Clean.self, ImportKey.self]
                ),
                CommandGroup(
                    name: inHelpLanguage("Hand-over", "Předání"),
                    subcommands: [Revoke.self, Binding.self]
                ),
                CommandGroup(
                    name: inHelpLanguage("This computer", "Tento počítač"),
                    subcommands: [Doctor.self, Watch.self, Register.self, Unregister.self, Config.self]
                ),
            ]
        )
    }

    /// Ends without exit handlers: those of a vendor's module may hang, and there is nothing left to write.
    static func main() async {
        Hardening.apply()
        // This program is also the process in which modules are tried.
        ModuleTrial.serve(CommandLine.arguments)
        StandardOutput.claim()
        _exit(await outcome(of: Array(CommandLine.arguments.dropFirst())))
    }

    /// Without a command: help, or on a terminal a menu of what can be done now. Next hop: `Menu`.
    func run() async throws {
        guard StandardOutput.isTerminal, let tty = TTY() else { throw CleanExit.helpRequest(self) }
        guard let command = try await Menu.choose(on: tty) else { return }
        var chosen = try Self.command(from: command)
        if var asynchronous = chosen as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try chosen.run()
        }
    }

    /// Runs a command line to its end.
    ///
    /// - Returns: the exit code.
    private static func outcome(of arguments: [String]) async -> Int32 {
        let interruption = Interruption()
        do {
            try await interruption.guarding {
                var command = try command(from: arguments)
                if var asynchronous = command as? any AsyncParsableCommand {
                    try await asynchronous.run()
                } else {
                    try command.run()
                }
            }
            return 0
        } catch is QuietEnd {
            return interruption.signal.map { 128 + $0 } ?? 0
        } catch let status as ExitStatus {
            return status.code
        } catch {
            return report(error, of: arguments, after: interruption.signal)
        }
    }

    private static func command(from arguments: [String]) throws -> any ParsableCommand {
        do {
            return try parseAsRoot(arguments)
        } catch {
            throw exitCode(for: error).isSuccess ? error : CommandError(.usage, [message(for: error)])
        }
    }

    /// Whether JSON was wanted is known even when the arguments could not be parsed.
    private static func report(_ error: any Error, of arguments: [String], after signal: Int32?) -> Int32 {
        if exitCode(for: error).isSuccess { return answer(error) }
        // What a signal left unknown is worse than that there was one.
        let early = error as? BeforeAnything
        let error = early?.cause ?? error
        let isUncertain = (error as? KeyStoreError)?.code == .secretUncertain
        let interruption = signal.map { CommandError(.interrupted, [Interruption.name(of: $0)]) }
        let cause = isUncertain ? error : interruption ?? error
        let code = FailureReport.write(
            cause,
            json: arguments.contains("--json"),
            language: Composition.languageOfFailures,
            carryingOn: early == nil ? CarryingOn(after: arguments.first) : .again
        )
        return signal.map { 128 + $0 } ?? code
    }

    /// Help, the version, a completion script: what the parser knows by itself.
    private static func answer(_ request: any Error) -> Int32 {
        do {
            try StandardOutput.write(inHelpLanguage(headingsOf: fullMessage(for: request)) + "\n")
            return 0
        } catch {
            return FailureReport.write(error, json: false, language: .ofHelp)
        }
    }
}
