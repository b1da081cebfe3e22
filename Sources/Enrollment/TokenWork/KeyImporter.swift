// SPDX-License-Identifier: Apache-2.0

public import Credentials
internal import Foundation
public import OpenSSLKit

/// A key and its certificate from a PKCS#12 file are written onto a token. The key was known outside: the journal
/// remembers that before it is written, and no request with it will ever ask for a marker. Next hop:
/// `KeyStore.importKey`.
public struct KeyImporter: Sendable {
    let context: TokenWorkContext

    /// Tells the story in a context.
    public init(_ context: TokenWorkContext) { self.context = context }

    /// What came of it.
    public struct Outcome: Sendable {
        /// The certificate; `nil` when the file holds the key alone.
        public let details: CertificateDetails?
        /// Where both are now.
        public let token: TokenIdentity
        /// The identifier that they share.
        public let identifier: KeyIdentifier
        /// The fingerprint of the public key, lower-case hexadecimal.
        public let publicKeySHA256: String
        /// Whether the key had been there before, from an earlier import or an interrupted one.
        public let wasThere: Bool
        /// What speaks against the certificate.
        public let findings: [CertificateFinding]
        /// Whether the password had to be taken as only old programs take it.
        public let usesOldPasswordForm: Bool
    }

    /// Refuses a file of another kind, and one from which no password could bring a key, before a secret is asked for or a
    /// store is made.
    ///
    /// - Throws: `noKeyFile`, or `file` where nothing can be said of it.
    public static func requireUseful(_ bytes: [UInt8]) throws(EnrollmentError) {
        if bytes.count <= PKCS12.largestFile, !PKCS12.resembles(bytes) {
            switch Result(catching: { () throws(BundleError) in try CertificateBundle(bytes) }) {
            case .success(let bundle):
                throw .tokenWork(.noKeyFile(bundle.passedOver, certificates: bundle.certificates.count))
            case .failure(.noCertificate(let parts)) where parts != [.other] && !parts.isEmpty:
                throw .tokenWork(.noKeyFile(parts, certificates: 0))
            case .failure: throw .tokenWork(.file(PKCS12Error(.malformed)))
            }
        }
        do { _ = try PKCS12.outline(of: bytes) } catch { throw .tokenWork(.file(error)) }
    }

    /// Imports a file.
    ///
    /// A certificate that is expired, weak or unknown is told and does not stop it: old keys open old mail.
    ///
    /// - Parameters:
    ///   - name: how the file is called, for the question of its password.
    ///   - isAccepted: whether the person agreed beforehand.
    public func importFile(
        _ bytes: [UInt8],
        named name: String,
        to store: any KeyStore,
        isAccepted: Bool
    ) async throws(EnrollmentError) -> Outcome {
        guard bytes.count <= PKCS12.largestFile else { throw .tokenWork(.file(PKCS12Error(.tooLarge))) }
        try Self.requireUseful(bytes)
        let opened = try await open(bytes, named: name)
        let publicKey = opened.key.publicKey
        guard let algorithm = publicKey.algorithm, let fingerprint = try? publicKey.fingerprint() else {
            throw .tokenWork(.file(PKCS12Error(.keyNotSupported)))
        }
        let usesOldPasswordForm = opened.usesOldPasswordForm
        let certificate = opened.chain.first.flatMap { try? Certificate(parsing: $0) }
        let details = certificate.flatMap { try? CertificateDetails(of: $0) }
        var findings: [CertificateFinding] = []
        if let certificate, let details {
            let anchors = (try? context.anchors(nil)) ?? .system
            findings = IssuedCertificateCheck(anchors: anchors, now: context.now())
                .findings(in: certificate, details, chain: opened.chain)
                .filter { finding in
                    // The key of a certificate for encryption alone is why such files are kept.
                    if case .cannotSign = finding { false } else { true }
                }
        }
        let question = TokenWorkQuestion.importKey(details, store.token.identity, findings)
        if isAccepted {
            // Whoever agreed beforehand has not seen it.
            for finding in findings { await context.console.report(.doubted(finding)) }
        } else if try await !context.console.agrees(to: question) {
            throw .tokenWork(.declined)
        }

        let there = try await from(keyStore: { () throws(KeyStoreError) in try await store.keys(like: publicKey) })
        let identifier = there.first?.identifier ?? .random()
        let label = (details?.subject.commonName ?? (opened.name.isEmpty ? "isignum" : opened.name)).tokenLabel
        try from(journal: { () throws(JournalError) in
            try context.journal.noteImport(
                fingerprint,
                under: identifier,
                onto: store.token.identity,
                at: context.now()
            )
        })
        let key = try await self.key(
            opened.takeKey(),
            as: KeySpecification(
                identifier: identifier,
                algorithm: algorithm,
                area: .general,
                label: label,
                mayDecrypt: algorithm.modulusBits != nil
            ),
            halves: there.first,
            on: store
        )
        if let certificate { try await write(certificate, beside: identifier, label: label, on: store) }
        await context.console.report(.testingKey)
        try await key.signingKey.prove(publicKey, secrets: context.console)
        return Outcome(
            details: details,
            token: store.token.identity,
            identifier: identifier,
            publicKeySHA256: fingerprint,
            wasThere: !there.isEmpty,
            findings: findings,
            usesOldPasswordForm: usesOldPasswordForm
        )
    }

    /// Many files have an empty password; the person is asked once.
    private func open(_ bytes: [UInt8], named name: String) async throws(EnrollmentError) -> PKCS12 {
        let password = try await context.console.password(of: name, isNew: false)
        let opened: PKCS12
        do { opened = try PKCS12(reading: bytes, password: password) } catch { throw .tokenWork(.file(error)) }
        if opened.usesOldPasswordForm { await context.console.report(.oldPasswordForm(name)) }
        return opened
    }

    /// The key on the token: written now, or the one that is there, which an interrupted import may have left alone or
    /// with one half.
    private func key(
        _ material: consuming PrivateKeyMaterial,
        as specification: KeySpecification,
        halves: StoredKeyPair?,
        on store: any KeyStore
    ) async throws(EnrollmentError) -> StoredKey {
        let publicKey = material.publicKey
        if let halves {
            let found = try await from(keyStore: { () throws(KeyStoreError) in
                try await store.findKey(
                    specification.identifier,
                    in: .general,
                    matching: publicKey,
                    for: .importKey,
                    secrets: context.console
                )
            })
            if let found { return found }
            try await from(keyStore: { () throws(KeyStoreError) in
                try await store.remove(halves, secrets: context.console)
            })
        }
        await context.console.report(.writingKey)
        do {
            return try await store.importKey(material, as: specification, secrets: context.console)
        } catch { throw .keyStore(error) }
    }

    private func write(
        _ certificate: Certificate,
        beside identifier: KeyIdentifier,
        label: String,
        on store: any KeyStore
    ) async throws(EnrollmentError) {
        try await from(keyStore: { () throws(KeyStoreError) in
            let there = try await store.certificates()
            guard !there.contains(where: { $0.der == certificate.der && $0.identifier == identifier }) else { return }
            await context.console.report(.writingCertificate)
            try await store.write(
                certificate,
                beside: identifier,
                label: label,
                in: .general,
                secrets: context.console
            )
        })
    }
}
