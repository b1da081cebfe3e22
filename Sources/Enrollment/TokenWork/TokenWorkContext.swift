// SPDX-License-Identifier: Apache-2.0

internal import Credentials
public import Foundation
public import OpenSSLKit

/// What stories without a CA need: the journal, the person, and whom to believe.
public struct TokenWorkContext: Sendable {
    let journal: Journal
    let console: any TokenWorkConsole
    let anchors: @Sendable (JournalEntry?) throws -> TrustAnchors
    let completion: @Sendable (JournalEntry?) throws -> ChainCompletion
    let now: @Sendable () -> Date

    /// Puts the parts together.
    ///
    /// - Parameters:
    ///   - anchors: what a certificate must lead to, by the request that it is for, where there is one.
    ///   - completion: brings issuers that did not come with it, likewise.
    public init(
        journal: Journal,
        console: any TokenWorkConsole,
        anchors: @escaping @Sendable (JournalEntry?) throws -> TrustAnchors,
        completion: @escaping @Sendable (JournalEntry?) throws -> ChainCompletion = { _ in ChainCompletion() },
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.journal = journal
        self.console = console
        self.anchors = anchors
        self.completion = completion
        self.now = now
    }

    /// The request that a key was made for, the latest if there were several.
    func entry(for publicKey: PublicKey) throws(EnrollmentError) -> JournalEntry? {
        guard let information = try? publicKey.subjectPublicKeyInfo() else { return nil }
        return try from(journal: { () throws(JournalError) in try journal.entries() })
            .first { $0.publicKey == information }
    }
}

extension SigningKey {
    /// Makes a signature and verifies it against a certificate, not against the device's own word.
    ///
    /// - Throws: `testSignatureWrong` when the two do not belong together.
    func prove(_ certificate: Certificate, secrets: any SecretSource) async throws(EnrollmentError) {
        guard let publicKey = certificate.publicKey else { throw .testSignatureWrong }
        try await prove(publicKey, secrets: secrets)
    }

    /// Makes a signature and verifies it against numbers that came from elsewhere.
    func prove(_ publicKey: PublicKey, secrets: any SecretSource) async throws(EnrollmentError) {
        guard let algorithm = publicKey.algorithm else { throw .testSignatureWrong }
        let message = Array("isignum test signature ".utf8) + KeyIdentifier.random().bytes
        let content = ContentToSign.hashing(message, with: algorithm.digest)
        let signature = try await from(keyStore: { () throws(KeyStoreError) in
            try await sign(content, secrets: secrets)
        })
        guard publicKey.verify(signature, of: content) else { throw .testSignatureWrong }
    }
}
