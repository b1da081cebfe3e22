// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// A key with its certificate from a PKCS#12 file. Next hop: `KeyImporter`.
struct ImportKey: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "import-key",
            abstract: inHelpLanguage(
                "Write a key and its certificate from a PKCS#12 file onto a token.",
                "Zapsat klíč a certifikát ze souboru PKCS#12 na token."
            ),
            discussion: inHelpLanguage(
                "A key that was made outside the token never carries a marker.",
                "Klíč, který vznikl mimo token, nikdy neponese příznak."
            )
        )
    }

    @Argument(
        help: help("The file (.p12, .pfx).", "Soubor (.p12, .pfx)."),
        completion: .file(extensions: ["p12", "pfx"])
    )
    var file: String

    @OptionGroup var password: FilePasswordOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            let bytes = try ForeignFile.read(file, atMost: PKCS12.largestFile)
            try KeyImporter.requireUseful(bytes)
            let context = try parts.tokenWork(passwordFrom: password.source)
            let outcome = try await KeyImporter(context)
                .importFile(
                    bytes,
                    named: URL(filePath: file).lastPathComponent,
                    to: try await parts.wishedStore(),
                    isAccepted: options.yes
                )
            let words = TokenWorkWords.of(parts.language)
            let place = CertificateDocument.Place(outcome.token, outcome.identifier, area: .general, imported: true)
            try parts.results.show(
                ImportDocument(
                    status: outcome.wasThere ? "already-there" : "installed",
                    request: nil,
                    publicKeySHA256: outcome.publicKeySHA256,
                    imported: true,
                    oldPasswordForm: outcome.usesOldPasswordForm ? true : nil,
                    findings: outcome.findings.map(\.code),
                    passedOver: nil,
                    checked: nil,
                    certificate: outcome.details.map { CertificateDocument($0, place: place, now: Date()) }
                ),
                saying: [outcome.details == nil ? words.importedBareKey : words.importedKey, words.neverMarked]
            )
            return nil
        }
    }
}

/// Where the password of a file comes from.
struct FilePasswordOptions: ParsableArguments {
    @Option(
        name: .customLong("password-from"),
        help: help(
            "The password of the file from fd:N, file:PATH or pinentry.",
            "Heslo k souboru z fd:N, file:CESTA nebo pinentry.",
            value: "source"
        )
    )
    var source: String?
}
