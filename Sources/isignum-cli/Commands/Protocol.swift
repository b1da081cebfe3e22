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

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if file == "-", options.json {
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
            let entry = try parts.journal().entry(named: id)
            let path = file ?? "protocol-\(entry.handle.drop { $0 == "#" }).pdf"
            if path != "-" { try NewFile.requireFree(path, force: force) }
            let document = try await Collector(try parts.context(of: entry)).issuanceProtocol(of: entry)
            guard path != "-" else {
                try StandardOutput.write(document)
                return nil
            }
            try NewFile.write(document, to: path, force: force)
            try parts.results.show(ProtocolDocument(entry, document, savedAs: path))
            return nil
        }
    }
}

/// A saved issuance protocol as `--json` shows it.
struct ProtocolDocument: Encodable {
    let id: String?
    let number: Int64
    let file: String
    /// Bytes.
    let size: Int
    let sha256: String

    init(_ entry: JournalEntry, _ document: [UInt8], savedAs path: String) {
        id = entry.requestID?.text
        number = entry.id
        file = URL(filePath: path).standardizedFileURL.path(percentEncoded: false)
        size = document.count
        sha256 = Digests.hexadecimal(Digests.digest(document, .sha256))
    }
}
