// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// A certificate of a token, or its public key, as a file; no secret is asked for. Next hop: `CertificateSelector`.
struct Export: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Save a certificate of a token, or its public key, to a file.",
                "Uložit certifikát z tokenu nebo jeho veřejný klíč do souboru."
            )
        )
    }

    @Argument(
        help: help(
            "Serial number, beginning of the SHA-256, or text of the subject.",
            "Sériové číslo, začátek SHA-256 nebo text z předmětu."
        )
    )
    var selector: String

    @Flag(
        name: .customLong("public-key"),
        help: help("The public key alone.", "Jen veřejný klíč.")
    )
    var publicKey = false

    @Flag(help: help("DER instead of PEM.", "DER místo PEM."))
    var der = false

    @Option(
        name: [.customShort("o"), .customLong("output")],
        help: help(
            "Where to; standard output if left out.",
            "Kam; jinak na standardní výstup.",
            value: "file"
        ),
        completion: .file()
    )
    var file: String?

    /// The file; `nil` is standard output.
    private var path: String? { file.flatMap { NewFile.isStandardOutput($0) ? nil : $0 } }

    @Flag(help: help("Replace a file that is there already.", "Nahradit soubor, který už existuje."))
    var force = false

    @OptionGroup var options: GlobalOptions

    func validate() throws {
        if der, path == nil, StandardOutput.isTerminal || options.json {
            throw ValidationError(
                inHelpLanguage("--der needs -o: it is no text", "--der potřebuje -o: není to text")
            )
        }
    }

    func run() async throws {
        try await Composition.run(options) { parts in
            if let path { try NewFile.requireFree(path, force: force) }
            let held = try await parts.tokens()
            let certificate = held.flatMap { token in
                token.certificates.compactMap { stored in
                    CertificateDocument(stored, on: token.description.identity, now: Date()).map { ($0, stored.der) }
                }
            }
            let unreadable = held.reduce(0) { $0 + $1.certificates.count } - certificate.count
            await parts.tell(unreadable: unreadable)
            var meant = try CertificateSelector(selector).only(of: certificate.map(\.0))
            if unreadable > 0 { meant.unreadableCertificates = unreadable }
            guard let der = certificate.first(where: { $0.0.sha256 == meant.sha256 })?.1 else {
                throw CommandError(.certificateNotFound, [selector])
            }
            let content = publicKey ? try Certificate(parsing: der).subjectPublicKeyInfo() : der
            let document = ExportDocument(content, isPublicKey: publicKey, isDER: self.der, file: path, of: meant)
            let bytes = self.der ? content : Array(document.text(content).utf8)
            guard let path else {
                if options.json { try parts.results.show(document) } else { try StandardOutput.write(bytes) }
                return nil
            }
            try NewFile.write(bytes, to: path, force: force)
            try parts.results.show(document)
            return nil
        }
    }
}

/// What was exported, as `--json` shows it.
struct ExportDocument: Encodable {
    /// `certificate` or `public-key`.
    let kind: String
    /// `pem` or `der`.
    let format: String
    /// The file; absent when it went to standard output.
    let file: String?
    /// The content, when there is no file.
    let pem: String?
    /// Of the DER.
    let sha256: String
    /// The certificate that was meant.
    let certificate: CertificateDocument

    init(_ content: [UInt8], isPublicKey: Bool, isDER: Bool, file: String?, of certificate: CertificateDocument) {
        kind = isPublicKey ? "public-key" : "certificate"
        format = isDER ? "der" : "pem"
        self.file = file.map { URL(filePath: $0).standardizedFileURL.path(percentEncoded: false) }
        pem = file == nil ? PEM.encode(content, label: Self.label(isPublicKey)) : nil
        sha256 = Digests.hexadecimal(Digests.digest(content, .sha256))
        self.certificate = certificate
    }

    /// The content as text (RFC 7468).
    func text(_ content: [UInt8]) -> String { PEM.encode(content, label: Self.label(kind == "public-key")) }

    private static func label(_ isPublicKey: Bool) -> String { isPublicKey ? "PUBLIC KEY" : "CERTIFICATE" }
}

extension Results {
    /// What was exported to a file, or stands in the document.
    func show(_ document: ExportDocument) throws {
        try write(document) {
            TextTable.lines([(words.file, document.file), (words.fingerprint, document.sha256)])
        }
    }
}
