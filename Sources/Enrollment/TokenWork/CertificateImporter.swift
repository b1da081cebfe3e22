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
        /// What was found right in it; empty where the journal knows of no request.
        public let facts: [CheckedFact]
    }

    /// Imports what a file holds: a certificate alone or with its chain, as DER, PEM or PKCS#7.
    ///
    /// - Parameters:
    ///   - stores: the tokens to look on. Only when there is a single one is its secret asked for to find the key:
    ///     nobody wants to type the PINs of all tokens for one certificate.
    ///   - isAccepted: whether the person agreed beforehand.
    ///   - acceptsDifferences: whether the person also agreed that the holder is another than was asked for.
    public func importCertificate(
        _ file: [UInt8],
        to stores: [any KeyStore],
        isAccepted: Bool,
        acceptsDifferences: Bool = false
    ) async throws(EnrollmentError) -> Outcome {
        let chain = try completed(try Self.chain(file))
        guard let certificate = try? Certificate(parsing: chain[0]),
            let details = try? CertificateDetails(of: certificate), let publicKey = certificate.publicKey
        else { throw .tokenWork(.certificateUnreadable) }
        let (store, key) = try await place(of: publicKey, among: stores)
        await context.console.report(.keyFound(store.token.identity))
        var entry = try context.entry(for: publicKey)
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
        try await write(certificate, details, chain, beside: key, on: store, isThere: wasThere, of: &entry)
        return Outcome(
            details: details,
            token: store.token.identity,
            area: entry?.plan.type.area ?? key.area,
            identifier: key.identifier,
            entry: entry,
            wasThere: wasThere,
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
        _ certificate: Certificate,
        _ details: CertificateDetails,
        _ chain: [[UInt8]],
        beside key: StoredKeyPair,
        on store: any KeyStore,
        isThere: Bool,
        of entry: inout JournalEntry?
    ) async throws(EnrollmentError) {
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
        guard let found else { throw .keyMissing(store.token.identity) }
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

    private func check(
        _ chain: [[UInt8]],
        _ certificate: Certificate,
        _ details: CertificateDetails,
        _ entry: JournalEntry?
    ) throws(EnrollmentError) -> [CertificateFinding] {
        let anchors: TrustAnchors
        do {
            anchors = try context.anchors(entry)
        } catch {
            throw .authority(error as? CAError ?? CAError(.anchorsUnusable))
        }
        let check = IssuedCertificateCheck(anchors: anchors, now: context.now())
        let revoked = try from(journal: { () throws(JournalError) in try context.journal.revokedCertificates() })
        if revoked.contains(details.fingerprint) { return [.revoked] }
        guard var entry else { return check.findings(in: certificate, details, chain: chain) }
        entry.chain = chain
        entry.serverSkew = nil
        if case .failure(let refusal) = check.examine(entry) { return refusal.findings }
        return []
    }

    /// Branches hand out certificates without what leads to their root; the journal may have met it before. None of it
    /// is believed without proof.
    private func completed(_ chain: [[UInt8]]) throws(EnrollmentError) -> [[UInt8]] {
        let entries = try from(journal: { () throws(JournalError) in try context.journal.entries() })
        var known = Set(chain)
        let others = entries.flatMap { $0.chain.dropFirst() }.filter { known.insert($0).inserted }
        return chain + others.prefix(CertificateBundle.mostCertificates)
    }

    /// The certificates of a file, the one at the end of the chain first.
    static func chain(_ file: [UInt8]) throws(EnrollmentError) -> [[UInt8]] {
        guard let bundle = try? CertificateBundle.read(file) else {
            throw .tokenWork(PKCS12.resembles(file) ? .keyFile : .certificateUnreadable)
        }
        var seen: Set<[UInt8]> = []
        let all = bundle.filter { seen.insert($0).inserted }.compactMap { try? Certificate(parsing: $0) }
        // What issued another one of the file is not what the file is about, nor is a root beside something else.
        var ends = all.filter { one in !all.contains { $0.issuer == one.subject && $0 != one } }
        let issued = ends.filter { $0.issuer != $0.subject }
        if !issued.isEmpty { ends = issued }
        guard let end = ends.first else { throw .tokenWork(.certificateUnreadable) }
        guard ends.count == 1 else { throw .tokenWork(.severalCertificates(ends.count)) }
        return [end.der] + all.map(\.der).filter { $0 != end.der }
    }

    /// The one token that has the key.
    private func place(
        of publicKey: PublicKey,
        among stores: [any KeyStore]
    ) async throws(EnrollmentError) -> (any KeyStore, StoredKeyPair) {
        var found: [(any KeyStore, StoredKeyPair)] = []
        for store in stores {
            let keys = try await from(keyStore: { () throws(KeyStoreError) in try await store.keys(like: publicKey) })
            if let key = keys.first { found.append((store, key)) }
        }
        if found.isEmpty, stores.count == 1, let store = stores.first {
            // A token may show its keys to nobody but their owner.
            for area in store.areas {
                let pairs = try await from(keyStore: { () throws(KeyStoreError) in
                    try await store.keyPairs(in: area, for: .readObjects, secrets: context.console)
                })
                if let pair = pairs.first(where: { $0.publicKey == publicKey && $0.hasPrivateHalf }) {
                    found.append((store, pair))
                    break
                }
            }
        }
        guard let place = found.first else {
            throw .tokenWork(.keyNowhere(tokens: stores.map(\.token.identity.named)))
        }
        guard found.count == 1 else {
            throw .tokenWork(.keyOnSeveralTokens(found.map { $0.0.token.identity.named }))
        }
        return place
    }
}

extension TokenIdentity {
    /// "label (serial)", which is what a person needs to tell tokens apart.
    var named: String { "\(label) (\(serial))" }
}
