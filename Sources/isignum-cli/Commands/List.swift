// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Token

/// What is on the tokens; no secret is asked for. Next hop: `OpenStores`.
struct List: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage("List the tokens and their certificates.", "Vypsat tokeny a jejich certifikáty.")
        )
    }

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            let imported = parts.importedKeys()
            var documents: [TokenDocument] = []
            for token in try await parts.tokens() {
                let certified = await parts.certification(of: token.description)
                documents.append(
                    TokenDocument(
                        token.description,
                        holding: token.certificates,
                        certified: certified,
                        imported: imported
                    )
                )
            }
            try parts.results.show(documents)
            return nil
        }
    }
}

extension Composition {
    /// A token with the certificates on it.
    struct HeldCertificates {
        let description: TokenDescription
        let certificates: [StoredCertificate]
    }

    /// The tokens that are meant, with their certificates.
    ///
    /// - Throws: `tokenNotFound` when there is none: an empty answer would hide an unplugged reader.
    func tokens() async throws(KeyStoreError) -> [HeldCertificates] {
        let selector = try chosenToken()
        var held: [HeldCertificates] = []
        for store in try await stores.all(meant: selector) {
            held.append(HeldCertificates(description: store.token, certificates: try await store.certificates()))
        }
        return held
    }
}
