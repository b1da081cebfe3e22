// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// Where the key of a file's certificate is: which of the holders in the file is meant, and which token has the key.
struct KeyPlace {
    let holder: CertificateFile.Holder
    let store: any KeyStore
    let key: StoredKeyPair
    /// Whether the token itself tells that this is the key: by its numbers, with no other key under its identifier. Where
    /// it does not, a signature proves it before anything is written.
    let isCertain: Bool
}

extension CertificateImporter {
    /// Looks for the keys of a file's holders: first as far as they are seen without a secret; then, where a single
    /// token can be meant, among all of its keys, but only for certificates that would be written if their key is there.
    func place(of file: CertificateFile, among stores: [any KeyStore]) async throws(EnrollmentError) -> KeyPlace {
        var found: [KeyPlace] = []
        for store in stores {
            let pairs = try await from(keyStore: { () throws(KeyStoreError) in try await store.visibleKeyPairs() })
            found += places(of: file.holders, among: pairs, on: store)
        }
        if found.isEmpty, let store = try await onlyStore(for: file.holders, among: stores) {
            try refuseHopeless(file)
            for area in store.areas where found.isEmpty {
                let pairs = try await from(keyStore: { () throws(KeyStoreError) in
                    try await store.keyPairs(in: area, for: .readObjects, secrets: context.console)
                })
                found = places(of: file.holders, among: pairs.filter(\.hasPrivateHalf), on: store)
                if found.isEmpty { found = try await places(of: file.holders, byCertificatesBeside: pairs, on: store) }
            }
        }
        guard !found.isEmpty else { throw .tokenWork(.keyNowhere(tokens: stores.map(\.token.identity.named))) }
        return try await chosen(among: found)
    }

    /// Where the numbers of a pair are a holder's; of several certificates of one key the best.
    private func places(
        of holders: [CertificateFile.Holder],
        among pairs: [StoredKeyPair],
        on store: any KeyStore
    ) -> [KeyPlace] {
        Set(holders.map(\.publicKey)).compactMap { publicKey in
            let own = pairs.filter { $0.publicKey == publicKey }
            let key =
                own.first { $0.hasPrivateHalf && !$0.identifier.bytes.isEmpty }
                ?? own.first { !$0.identifier.bytes.isEmpty } ?? own.first
            let holder = CertificateFile.best(of: holders.filter { $0.publicKey == publicKey }, at: context.now())
            return key.flatMap { key in
                let alone = Set(pairs.filter { $0.identifier == key.identifier }.map(\.publicKey)).count == 1
                return holder.map { KeyPlace(holder: $0, store: store, key: key, isCertain: alone) }
            }
        }
    }

    /// A private key on a curve has no numbers of its own. Where no public half is beside it, another certificate under
    /// its identifier tells them; the test signature proves it before anything is written.
    private func places(
        of holders: [CertificateFile.Holder],
        byCertificatesBeside pairs: [StoredKeyPair],
        on store: any KeyStore
    ) async throws(EnrollmentError) -> [KeyPlace] {
        let mute = pairs.filter { $0.publicKey == nil && $0.hasPrivateHalf && !$0.identifier.bytes.isEmpty }
        guard !mute.isEmpty else { return [] }
        let there = try await from(keyStore: { () throws(KeyStoreError) in try await store.certificates() })
        return mute.compactMap { pair in
            let certified = Set(
                there.filter { $0.identifier == pair.identifier }
                    .compactMap { (try? Certificate(parsing: $0.der))?.publicKey }
            )
            let holder = CertificateFile.best(
                of: holders.filter { certified.contains($0.publicKey) },
                at: context.now()
            )
            return holder.map { KeyPlace(holder: $0, store: store, key: pair, isCertain: false) }
        }
    }

    /// The token on which a key may be that nobody sees without a secret: the only one there is, or the only one that
    /// the journal, or a certificate of the same key on it, speaks for. Nobody wants to type the PINs of all tokens for
    /// one certificate.
    private func onlyStore(
        for holders: [CertificateFile.Holder],
        among stores: [any KeyStore]
    ) async throws(EnrollmentError) -> (any KeyStore)? {
        if stores.count == 1 { return stores.first }
        let keys = Set(holders.map(\.publicKey))
        var tokens: Set<TokenIdentity> = []
        for key in keys { if let token = try context.entry(for: key)?.token { tokens.insert(token) } }
        var likely = stores.filter { tokens.contains($0.token.identity) }
        if likely.isEmpty {
            for store in stores {
                let there = try await from(keyStore: { () throws(KeyStoreError) in try await store.certificates() })
                let isThere = there.contains { stored in
                    (try? Certificate(parsing: stored.der))?.publicKey.map(keys.contains) ?? false
                }
                if isThere { likely.append(store) }
            }
        }
        return likely.count == 1 ? likely.first : nil
    }

    /// A certificate that would not be written wherever its key is costs no secret. A chain may still be found.
    private func refuseHopeless(_ file: CertificateFile) throws(EnrollmentError) {
        var refused: (findings: [CertificateFinding], entry: JournalEntry?)?
        for holder in file.holders {
            let entry = try context.entry(for: holder.publicKey)
            let found = try check(file.chain(of: holder), holder.certificate, holder.details, entry)
            let hopeless = found.contains { finding in
                if case .chainRefused = finding { false } else { true }
            }
            if !hopeless { return }
            refused = refused ?? (found, entry)
        }
        if let refused { throw .tokenWork(.certificateRefused(refused.findings, refused.entry)) }
    }

    /// The one place that is meant. Of several keys that are there: the one whose request is open, or else the one whose
    /// certificate is still missing.
    private func chosen(among found: [KeyPlace]) async throws(EnrollmentError) -> KeyPlace {
        var meant = found
        if Set(meant.map(\.holder.publicKey)).count > 1 {
            var open: [KeyPlace] = []
            var missing: [KeyPlace] = []
            for place in found {
                if try context.entry(for: place.holder.publicKey)?.state.isOpen == true { open.append(place) }
                let there = try await from(keyStore: { () throws(KeyStoreError) in
                    try await place.store.certificates()
                })
                if !there.contains(where: { $0.der == place.holder.certificate.der }) { missing.append(place) }
            }
            if missing.isEmpty, let best = CertificateFile.best(of: found.map(\.holder), at: context.now()) {
                // All of them are where they belong: whichever is named is there already.
                missing = found.filter { $0.holder.certificate == best.certificate }
            }
            meant = Set(open.map(\.holder.publicKey)).count == 1 ? open : missing
        }
        guard let place = meant.first, Set(meant.map(\.holder.publicKey)).count == 1 else {
            let names = meant.map(\.holder.details).map { details in
                "\(details.subject.commonName ?? details.subject.text) (0x\(details.serialNumberHex))"
            }
            throw .tokenWork(.severalCertificates(names))
        }
        guard meant.count == 1 else {
            throw .tokenWork(.keyOnSeveralTokens(meant.map { $0.store.token.identity.named }))
        }
        guard !place.key.identifier.bytes.isEmpty else {
            throw .tokenWork(.keyWithoutIdentifier(place.store.token.identity.named))
        }
        return place
    }

    /// Why a key that was seen cannot be used.
    func absence(
        of key: StoredKeyPair,
        in area: KeyArea,
        on store: any KeyStore
    ) async throws(EnrollmentError)
        -> TokenWorkError
    {
        let pairs = try await from(keyStore: { () throws(KeyStoreError) in
            try await store.keyPairs(in: area, for: .installCertificate, secrets: context.console)
        })
        let isThere = pairs.contains { $0.identifier == key.identifier && $0.hasPrivateHalf }
        let token = store.token.identity.named
        return isThere ? .keysIndistinct(token, key.identifier) : .keyHalfMissing(token)
    }
}
