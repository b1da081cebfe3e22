// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Foundation

/// One certificate on a token. Next hop: `CertificateSelector`.
struct Show: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage("Show one certificate on a token.", "Ukázat jeden certifikát na tokenu.")
        )
    }

    @Argument(
        help: help(
            "Serial number, beginning of the SHA-256, or text of the subject.",
            "Sériové číslo, začátek SHA-256 nebo text z předmětu."
        )
    )
    var selector: String

    @Flag(help: help("Ask whether the certificates were revoked.", "Zeptat se, zda certifikáty nebyly zneplatněny."))
    var online = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            let imported = parts.importedKeys()
            let held = try await parts.tokens()
            let certificates = held.flatMap { token in
                token.certificates.compactMap {
                    CertificateDocument($0, on: token.description.identity, imported: imported, now: Date())
                }
            }
            let unreadable = held.reduce(0) { $0 + $1.certificates.count } - certificates.count
            await parts.tell(unreadable: unreadable)
            var meant = try CertificateSelector(selector).only(of: certificates)
            if unreadable > 0 { meant.unreadableCertificates = unreadable }
            if online { meant.online = try await parts.standings(of: [meant], among: held)[meant.sha256] }
            try parts.results.show(meant)
            return nil
        }
    }
}

extension Composition {
    /// Whoever looks for a certificate hears that some on the tokens could not be looked at.
    func tell(unreadable count: Int) async {
        if count > 0 { await console.tell(ResultWords.of(language).unreadableCount(count)) }
    }
}

/// How a person names a certificate.
struct CertificateSelector {
    private let text: String

    init(_ text: String) { self.text = text.trimmingCharacters(in: .whitespaces) }

    /// The certificate that is meant. An exact serial number goes before everything else; text may be part of the
    /// subject or an e-mail address, in any case.
    ///
    /// - Throws: `CommandError` with `certificateNotFound` or `certificateAmbiguous`.
    func only(of certificates: [CertificateDocument]) throws(CommandError) -> CertificateDocument {
        let exact = certificates.filter(isSerialNumber)
        let meant = exact.isEmpty ? certificates.filter(isMeant) : exact
        guard let certificate = meant.first, !text.isEmpty else { throw CommandError(.certificateNotFound, [text]) }
        guard meant.count == 1 else { throw CommandError(.certificateAmbiguous, among: meant) }
        return certificate
    }

    /// Whether the certificate's serial number was given: decimal, or hexadecimal with or without 0x, zeros in front,
    /// colons, blanks, in any case.
    func isSerialNumber(of certificate: CertificateDocument) -> Bool {
        guard !text.isEmpty else { return false }
        if certificate.serialNumber == text { return true }
        let digits = number.hasPrefix("0x") ? number.dropFirst(2) : Substring(number)
        guard !digits.isEmpty, digits.allSatisfy(\.isHexDigit) else { return false }
        return digits.drop { $0 == "0" } == certificate.serialNumberHex.drop { $0 == "0" }
    }

    func isMeant(_ certificate: CertificateDocument) -> Bool {
        if number.count >= 4, certificate.sha256.hasPrefix(number) { return true }
        let options: String.CompareOptions = [.caseInsensitive, .diacriticInsensitive]
        return ([certificate.subject] + certificate.emailAddresses).contains {
            $0.range(of: text, options: options) != nil
        }
    }

    /// Numbers are often shown in groups.
    private var number: String { text.lowercased().filter { $0 != ":" && $0 != " " } }
}
