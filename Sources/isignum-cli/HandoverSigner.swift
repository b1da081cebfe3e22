// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit
internal import Token

/// A certificate on a token, with the store that holds it.
struct HeldCertificate {
    let store: PKCS11Token
    let stored: StoredCertificate
    let document: CertificateDocument

    var certificate: Certificate { get throws { try Certificate(parsing: stored.der) } }
}

extension [HeldCertificate] {
    /// The one that a person means.
    func meant(by selector: String) throws -> HeldCertificate {
        let document = try CertificateSelector(selector).only(of: map(\.document))
        guard let held = first(where: { $0.document.sha256 == document.sha256 }) else {
            throw CommandError(.certificateNotFound, [selector])
        }
        return held
    }
}

extension Composition {
    /// The certificates on the tokens.
    ///
    /// - Parameter everywhere: also on tokens that `--token` does not mean: somebody else's device may be on the desk.
    func heldCertificates(everywhere: Bool = true) async throws(KeyStoreError) -> [HeldCertificate] {
        try await heldCertificates(on: everywhere ? try await stores.everything() : try await meantStores())
    }

    /// The certificates on some tokens.
    func heldCertificates(on tokens: [PKCS11Token]) async throws(KeyStoreError) -> [HeldCertificate] {
        var held: [HeldCertificate] = []
        for store in tokens {
            for stored in try await store.certificates() {
                guard let document = CertificateDocument(stored, on: store.token.identity, now: Date()) else {
                    continue
                }
                held.append(HeldCertificate(store: store, stored: stored, document: document))
            }
        }
        return held
    }

    /// A certificate with its key, ready to sign.
    ///
    /// - Throws: `keyNotFound` when its key is not beside it.
    func identity(of held: HeldCertificate) async throws -> SigningIdentity {
        let certificate = try held.certificate
        let found = try await held.store.findKey(
            held.stored.identifier,
            in: held.stored.area,
            matching: certificate.publicKey,
            for: .signRequest,
            secrets: console
        )
        guard let found else { throw KeyStoreError(.keyNotFound) }
        let entry = try journal().entries().first { $0.chain.first == certificate.der }
        let chain = entry.map { Array($0.chain.dropFirst()) } ?? []
        return try SigningIdentity(certificate: certificate, chain: chain, key: found.signingKey, secrets: console)
    }

    /// That the person means it.
    ///
    /// - Throws: `answersMissing` when nobody can be asked; `cancelled` when the person says no.
    func requireConsent(_ document: CertificateDocument, _ question: String) async throws {
        guard !options.yes else { return }
        await console.progress.finish()
        guard let tty = console.tty else { throw CommandError(.answersMissing, ["--yes"]) }
        tty.write("\n" + ResultWords.of(language).details(of: document) + "\n")
        guard try await tty.agrees(to: question, .of(language)) else { throw KeyStoreError(.cancelled) }
    }
}
