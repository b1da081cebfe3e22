// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit
internal import Token

/// A certificate from a file, brought to the token that holds its key. Next hop: `CertificateImporter`.
struct ImportCertificate: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "import",
            abstract: inHelpLanguage(
                "Write a certificate from a file beside its key.",
                "Zapsat certifikát ze souboru k jeho klíči."
            )
        )
    }

    @Argument(
        help: help(
            "PEM, DER or PKCS#7, with or without its chain, or with others.",
            "PEM, DER nebo PKCS#7, s řetězcem i bez, i mezi jinými."
        ),
        completion: .file(extensions: ["pem", "cer", "crt", "der", "p7b", "p7c"])
    )
    var file: String

    @OptionGroup var chain: ChainOptions
    @OptionGroup var holder: HolderOptions
    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            let bytes = try ForeignFile.read(file, atMost: CertificateBundle.largestBundle)
            parts.givenIssuers = try chain.certificates()
            let outcome = try await CertificateImporter(try parts.tokenWork())
                .importCertificate(
                    bytes,
                    opening: { () async throws(KeyStoreError) in try await parts.meantStores() },
                    isAccepted: options.yes,
                    acceptsDifferences: holder.acceptsName
                )
            let words = TokenWorkWords.of(parts.language)
            let place = CertificateDocument.Place(outcome.token, outcome.identifier, area: outcome.area)
            try parts.results.show(
                ImportDocument(
                    status: outcome.wasThere ? "already-there" : "installed",
                    request: outcome.entry?.handle,
                    publicKeySHA256: nil,
                    imported: nil,
                    oldPasswordForm: nil,
                    findings: nil,
                    passedOver: outcome.passedOver.isEmpty ? nil : outcome.passedOver.map(\.code),
                    checked: outcome.facts.isEmpty ? nil : outcome.facts.map(\.rawValue),
                    certificate: CertificateDocument(outcome.details, place: place, now: Date())
                ),
                saying: [words.installed] + [outcome.entry.flatMap(words.bareBackup(of:))].compactMap(\.self)
            )
            return nil
        }
    }
}

/// What was imported, as `--json` shows it.
struct ImportDocument: Encodable {
    /// `installed`, or `already-there` when it had been there before.
    let status: String
    /// The request that the certificate was issued for, by its ID or number; absent when the journal knows of none.
    let request: String?
    /// Of the SubjectPublicKeyInfo, for a key from a file.
    let publicKeySHA256: String?
    /// `true` for a key from a file: it never carries a marker.
    let imported: Bool?
    /// `true` when the file took its password as only old programs do, and should be exported anew.
    let oldPasswordForm: Bool?
    /// What speaks against the certificate of a key from a file, named as errors are; absent for a certificate alone,
    /// which is not taken then.
    let findings: [String]?
    /// What else the file held beside certificates and was left alone, as `private_key`; absent where there was nothing.
    let passedOver: [String]?
    /// What of the certificate was found right, as in a request; absent where it was asked for elsewhere.
    var checked: [String]?
    /// Absent when the file held a key alone.
    let certificate: CertificateDocument?
}

extension Results {
    /// What was imported.
    func show(_ document: ImportDocument, saying sentences: [String]) throws {
        try write(document) {
            sentences.map { $0 + "\n" }.joined() + (document.certificate.map { "\n" + words.details(of: $0) } ?? "")
        }
    }
}
