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
            try parts.results.show(
                try await parts.tokens().map { token in
                    TokenDocument(token.description, holding: token.certificates, imported: imported)
                }
            )
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
        var plugged = try await stores.tokens()
        if options.token.selector != nil || plugged.isEmpty {
            let chosen = try await chosenStore().token.identity
            plugged = plugged.filter { $0.identity == chosen }
        }
        var held: [HeldCertificates] = []
        for token in plugged {
            let store = try await stores.store(token.identity)
            held.append(HeldCertificates(description: token, certificates: try await store.certificates()))
        }
        return held
    }
}
