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

    @Flag(help: help("Ask whether the certificates were revoked.", "Zeptat se, zda certifikáty nebyly zneplatněny."))
    var online = false

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            let imported = parts.importedKeys()
            let held = try await parts.tokens()
            var tokens: [TokenDocument] = []
            for token in held {
                let certified = await parts.certification(of: token.description)
                tokens.append(
                    TokenDocument(
                        token.description,
                        holding: token.certificates,
                        certified: certified,
                        imported: imported
                    )
                )
            }
            if online {
                let standings = try await parts.standings(of: tokens.flatMap(\.certificates), among: held)
                for token in tokens.indices {
                    for index in tokens[token].certificates.indices {
                        tokens[token].certificates[index].online = standings[tokens[token].certificates[index].sha256]
                    }
                }
            }
            try parts.results.show(tokens)
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
        if selector?.meansSoftwareStore == true {
            let store = try await chosenStore()
            return [HeldCertificates(description: store.token, certificates: try await store.certificates())]
        }
        var held: [HeldCertificates] = []
        for store in try await stores.all(meant: selector) {
            held.append(HeldCertificates(description: store.token, certificates: try await store.certificates()))
        }
        return held
    }
}
