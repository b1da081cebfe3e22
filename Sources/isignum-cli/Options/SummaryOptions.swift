// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Enrollment
internal import Foundation
internal import Paper

/// What a person wants to take away from a request.
struct SummaryOptions: ParsableArguments {
    @Option(
        name: .customLong("save-summary"),
        help: help(
            "Save a page for the branch (PDF).",
            "Uložit stránku pro pobočku (PDF).",
            value: "file"
        ),
        completion: .file(extensions: ["pdf"])
    )
    var file: String?

    @Flag(
        name: .customLong("print-summary"),
        help: help("Print a page for the branch.", "Vytisknout stránku pro pobočku.")
    )
    var print = false

    @Flag(name: .customLong("copy-id"), help: help("Copy the ID into the clipboard.", "Zkopírovat ID do schránky."))
    var copy = false

    @Flag(help: help("Replace a file that is there already.", "Nahradit soubor, který už existuje."))
    var force = false

    /// Whether anything is to be taken away.
    var isWanted: Bool { file != nil || print || copy }

    /// The words that ask for the same again.
    var given: [EquivalentCommand.Part] {
        [
            .option("--save-summary", file), .flag("--print-summary", print), .flag("--copy-id", copy),
            .flag("--force", force),
        ]
    }

    /// Finds out what would fail, before anything is made.
    func requirePossible() throws(CommandError) {
        if let file { try NewFile.requireFree(file, force: force) }
        if file != nil || print, DrawingProgram.path == nil { throw CommandError(.pageNotDrawn, [DrawingProgram.name]) }
    }

    /// Saves, prints and copies. The request is with the CA: what fails here is said and takes nothing of it back.
    ///
    /// - Returns: the exit code of the first thing that failed; `nil` when everything was done.
    func deliver(_ entry: JournalEntry, with parts: Composition) async -> ExitStatus? {
        guard entry.requestID != nil, isWanted else { return nil }
        let words = SummaryWords.of(parts.language)
        var status: ExitStatus?
        func attempt(_ done: String, _ body: () async throws(CommandError) -> Void) async {
            do throws(CommandError) {
                try await body()
                StandardError.write(done + "\n")
            } catch {
                FailureReport.aside(error, language: parts.language)
                status = status ?? ExitStatus(code: error.exitCode)
            }
        }
        if file != nil || print {
            var page: [UInt8]?
            do throws(CommandError) {
                page = try await Page.summary(of: entry, in: parts.language).drawn()
            } catch {
                FailureReport.aside(error, language: parts.language)
                status = ExitStatus(code: error.exitCode)
            }
            if let page, let file {
                await attempt(words.saved + file.printable) { () throws(CommandError) in
                    try NewFile.write(page, to: file, force: force)
                }
            }
            if let page, print {
                await attempt(words.printed) { () async throws(CommandError) in
                    try await Printer.print(page, named: "isignum \(entry.handle)")
                }
            }
        }
        if copy {
            let taker = await Clipboard.copy(entry.handle, environment: ProcessInfo.processInfo.environment)
            let said = taker == .desktop ? words.copied : taker == .terminal ? words.copiedByTerminal : words.notCopied
            StandardError.write(said + "\n")
        }
        return status
    }
}
