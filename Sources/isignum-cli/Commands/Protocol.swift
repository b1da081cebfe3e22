// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// The issuance protocol: the CA's document on what it issued, to be read before accepting. Next hop: `Collector`.
struct Protocol: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Fetch the issuance protocol (PDF) of a request.",
                "Stáhnout protokol o vydání (PDF) k žádosti."
            )
        )
    }

    @Argument(help: help("Request ID or journal number.", "ID žádosti nebo číslo v deníku."))
    var id: String

    @Option(
        name: .customLong("save-as"),
        help: help(
            "Where to save it (default: protocol-ID.pdf here); - for standard output.",
            "Kam ho uložit (jinak zde jako protocol-ID.pdf); - pro standardní výstup.",
            value: "file"
        ),
        completion: .file(extensions: ["pdf"])
    )
    var file: String?

    @Flag(help: help("Replace a file that is there already.", "Nahradit soubor, který už existuje."))
    var force = false

    @Flag(help: help("Print it, without a file of its own.", "Vytisknout ho, bez vlastního souboru."))
    var print = false

    @Flag(help: help("Show it in the desktop's viewer.", "Ukázat ho v prohlížeči dokumentů."))
    var open = false

    @OptionGroup var options: GlobalOptions

    /// Whether the document goes to standard output.
    private var isForOutput: Bool { file.map(NewFile.isStandardOutput) ?? false }

    func validate() throws {
        if isForOutput, open {
            throw ValidationError(
                inHelpLanguage("--open needs a file, not -", "--open potřebuje soubor, ne -")
            )
        }
        if isForOutput, options.json {
            throw ValidationError(
                inHelpLanguage(
                    "--save-as - and --json both want standard output",
                    "--save-as - i --json chtějí standardní výstup"
                )
            )
        }
    }

    func run() async throws {
        try await Composition.run(options) { parts in
            let entry = try parts.entry(named: id)
            let path = try path(for: entry, with: parts)
            let replaces = force || open && file == nil
            if let path, !isForOutput { try NewFile.requireFree(path, force: replaces) }
            let document = try await Collector(try parts.context(of: entry)).issuanceProtocol(of: entry)
            if isForOutput { try StandardOutput.write(document) }
            if let path, !isForOutput { try NewFile.write(document, to: path, force: replaces) }
            if print { try await Printer.print(document, named: "isignum \(entry.handle)") }
            if open, let path { try await Viewer.open(path, environment: ProcessInfo.processInfo.environment) }
            if !isForOutput { try parts.results.show(ProtocolDocument(entry, document, savedAs: path, printed: print)) }
            return nil
        }
    }

    /// Where it is saved: what is only printed nowhere, what is only shown where it does not stay for ever.
    private func path(for entry: JournalEntry, with parts: Composition) throws(CommandError) -> String? {
        if let file { return file }
        let name = "protocol-\(entry.handle.drop { $0 == "#" }).pdf"
        guard open else { return print ? nil : name }
        return try parts.cacheFolder().appending(path: name).path(percentEncoded: false)
    }
}

/// A saved issuance protocol as `--json` shows it.
struct ProtocolDocument: Encodable {
    let id: String?
    let number: Int64
    /// Absent where it was only printed.
    let file: String?
    /// Whether the printing system took it; absent where nobody asked for that.
    let printed: Bool?
    /// Bytes.
    let size: Int
    let sha256: String

    init(_ entry: JournalEntry, _ document: [UInt8], savedAs path: String?, printed: Bool) {
        id = entry.requestID?.text
        number = entry.id
        file = path.map { URL(filePath: $0).standardizedFileURL.path(percentEncoded: false) }
        self.printed = printed ? true : nil
        size = document.count
        sha256 = Digests.hexadecimal(Digests.digest(document, .sha256))
    }
}
