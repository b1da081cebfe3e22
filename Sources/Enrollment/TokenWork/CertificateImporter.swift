// SPDX-License-Identifier: Apache-2.0

internal import CAClient
public import Credentials
internal import Foundation
public import OpenSSLKit

/// A certificate that came in a file, by mail or from a branch, is brought to the token that holds its key. The checks
/// are those of `Installer`. Next hops: `IssuedCertificateCheck`, `KeyStore`.
public struct CertificateImporter: Sendable {
    let context: TokenWorkContext

    /// Tells the story in a context.
    public init(_ context: TokenWorkContext) { self.context = context }

    /// What came of it.
    public struct Outcome: Sendable {
        /// The certificate.
        public let details: CertificateDetails
        /// Where it is now.
        public let token: TokenIdentity
        /// Where on it.
        public let area: KeyArea
        /// The identifier that it shares with its key.
        public let identifier: KeyIdentifier
        /// The request that it was issued for; `nil` when the journal knows of none.
        public let entry: JournalEntry?
        /// Whether it had been there before.
        public let wasThere: Bool
        /// What else the file holds, each kind once; it was left alone.
        public let passedOver: [BundlePart]
        /// What was found right in it; empty where the journal knows of no request.
        public let facts: [CheckedFact]
    }

    /// Imports what a file holds: a certificate alone or with its chain, in whatever form; or, among certificates of
    /// several holders, the one whose key is there.
    ///
    /// - Parameters:
    ///   - open: opens the tokens to look on, once the file is known to hold a certificate that a token may have the
    ///     key of. A secret is asked for to find the key only where a single token can be meant.
    ///   - isAccepted: whether the person agreed beforehand.
    ///   - acceptsDifferences: whether the person also agreed that the holder is another than was asked for.
    public func importCertificate(
        _ file: [UInt8],
        opening open: () async throws(KeyStoreError) -> [any KeyStore],
        isAccepted: Bool,
        acceptsDifferences: Bool = false
    ) async throws(EnrollmentError) -> Outcome {
        let read = try CertificateFile(file)
        if !read.passedOver.isEmpty { await context.console.report(.passedOver(read.passedOver)) }
        let stores = try await from(keyStore: { () throws(KeyStoreError) in try await open() })
        let place = try await place(of: read, among: stores)
        let (store, key) = (place.store, place.key)
        let (certificate, details) = (place.holder.certificate, place.holder.details)
        await context.console.report(.keyFound(store.token.identity))
        var entry = try context.entry(for: place.holder.publicKey)
        // The key is on the token: the certificate is the holder's, and what it names may be asked.
        let chain = try await completed(read.chain(of: place.holder), for: entry)
        let findings = try check(chain, certificate, details, entry)
        guard findings.isEmpty else { throw .tokenWork(.certificateRefused(findings, entry)) }
        let comparison = entry.map { $0.comparison(of: details) }
        let lock = try entry.map { (entry) throws(EnrollmentError) in
            try from(journal: { () throws(JournalError) in try context.journal.lock(entry) })
        }
        defer { withExtendedLifetime(lock) {} }
        let there = try await from(keyStore: { () throws(KeyStoreError) in try await store.certificates() })
        let wasThere = there.contains { $0.der == certificate.der && $0.identifier == key.identifier }
        let asks = comparison?.needsConsent == true && !acceptsDifferences
        if asks { try await askAbout(comparison?.differences ?? [], details, entry) }
        if wasThere {
            await context.console.report(.alreadyThere)
        } else if !isAccepted {
            let agreed = try await context.console.agrees(to: .install(details, store.token.identity, isShown: asks))
            guard agreed else { throw .tokenWork(.declined) }
        }
        try await write(place, chain, isThere: wasThere, of: &entry)
        return Outcome(
            details: details,
            token: store.token.identity,
            area: entry?.plan.type.area ?? key.area,
            identifier: key.identifier,
            entry: entry,
            wasThere: wasThere,
            passedOver: read.passedOver,
            facts: comparison.flatMap { entry?.facts($0) } ?? []
        )
    }

    private func askAbout(
        _ differences: [HolderDifference],
        _ details: CertificateDetails,
        _ entry: JournalEntry?
    ) async throws(EnrollmentError) {
        let agrees: Bool
        do {
            agrees = try await context.console.agrees(to: .holder(details, differences))
        } catch {
            guard case .tokenWork(.nobodyToAsk) = error else { throw error }
            throw .holderDiffers(differences, entry)
        }
        guard agrees else { throw .tokenWork(.declined) }
    }

    private func write(
        _ place: KeyPlace,
        _ chain: [[UInt8]],
        isThere: Bool,
        of entry: inout JournalEntry?
    ) async throws(EnrollmentError) {
        let (store, key) = (place.store, place.key)
        let (certificate, details) = (place.holder.certificate, place.holder.details)
        let area = entry?.plan.type.area ?? key.area
        let found = try await from(keyStore: { () throws(KeyStoreError) in
            try await store.findKey(
                key.identifier,
                in: area,
                matching: certificate.publicKey,
                for: .installCertificate,
                secrets: context.console
            )
        })
        guard let found else { throw .tokenWork(try await absence(of: key, in: area, on: store)) }
        if !place.isCertain {
            do throws(EnrollmentError) {
                try await found.signingKey.prove(certificate, secrets: context.console)
            } catch .testSignatureWrong {
                throw .tokenWork(.keysIndistinct(store.token.identity.named, key.identifier))
            }
        }
        // A request that the CA knows can be carried on from here by `install`; one that it never saw has nobody to
        // tell, and importing again does no harm.
        if entry?.state.isOpen == true, entry?.ticket != nil { try record(&entry, chain, as: .accepted) }
        if !isThere {
            await context.console.report(.writingCertificate)
            try await from(keyStore: { () throws(KeyStoreError) in
                try await store.write(
                    certificate,
                    beside: key.identifier,
                    label: (details.subject.commonName ?? "isignum").tokenLabel,
                    in: area,
                    secrets: context.console
                )
            })
        }
        await context.console.report(.testingKey)
        try await found.signingKey.prove(certificate, secrets: context.console)
        if entry?.state.isOpen == true { try record(&entry, chain, as: .installed) }
    }

    private func record(
        _ entry: inout JournalEntry?,
        _ chain: [[UInt8]],
        as state: EnrollmentState
    ) throws(EnrollmentError) {
        guard var changed = entry else { return }
        changed.chain = chain
        do { try context.journal.record(&changed, as: state) } catch { throw .journal(error) }
        entry = changed
    }

    func check(
        _ chain: [[UInt8]],
        _ certificate: Certificate,
        _ details: CertificateDetails,
        _ entry: JournalEntry?
    ) throws(EnrollmentError) -> [CertificateFinding] {
        let check = IssuedCertificateCheck(anchors: try anchors(for: entry), now: context.now())
        let revoked = try from(journal: { () throws(JournalError) in try context.journal.revokedCertificates() })
        if revoked.contains(details.fingerprint) { return [.revoked] }
        guard var entry else { return check.findings(in: certificate, details, chain: chain) }
        entry.chain = chain
        entry.serverSkew = nil
        if case .failure(let refusal) = check.examine(entry) { return refusal.findings }
        return []
    }

    /// Branches hand out certificates without what leads to their root. What else the file held is left behind.
    private func completed(
        _ chain: [[UInt8]],
        for entry: JournalEntry?
    ) async throws(EnrollmentError) -> [[UInt8]] {
        let anchors = try anchors(for: entry)
        let completion: ChainCompletion
        do {
            completion = try context.completion(entry)
        } catch { throw .authority(error as? CAError ?? CAError(.anchorsUnusable)) }
        let completed = await completion.complete(chain, anchors: anchors, at: context.now(), reach: .ours)
        return completed.path ?? completed.certificates
    }

    private func anchors(for entry: JournalEntry?) throws(EnrollmentError) -> TrustAnchors {
        do {
            return try context.anchors(entry)
        } catch {
            throw .authority(error as? CAError ?? CAError(.anchorsUnusable))
        }
    }
}

extension TokenIdentity {
    /// "label (serial)", which is what a person needs to tell tokens apart.
    var named: String { "\(label) (\(serial))" }
}
