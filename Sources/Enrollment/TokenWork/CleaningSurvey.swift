// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// Looks over a token: what is expired, revoked, replaced, current, unpaired. Changes nothing. Next hop: `Cleaner`.
struct CleaningSurvey: Sendable {
    let context: TokenWorkContext
    let store: any KeyStore

    /// A certificate with what it says.
    private struct Read {
        let stored: StoredCertificate
        let certificate: Certificate?
        let details: CertificateDetails?
    }

    /// The candidates, certificates first; no key unless asked for, and then the secrets of all areas are.
    func candidates(certificates: Bool, keys: Bool) async throws(EnrollmentError) -> [CleaningCandidate] {
        let stored = try await from(keyStore: { () throws(KeyStoreError) in try await store.certificates() })
        let read = stored.map { stored in
            let certificate = try? Certificate(parsing: stored.der)
            let details = certificate.flatMap { try? CertificateDetails(of: $0) }
            return Read(stored: stored, certificate: certificate, details: details)
        }
        let reading = try from(journal: { () throws(JournalError) in try context.journal.reading() })
        let entries = reading.entries
        var found: [CleaningCandidate] = []
        if certificates {
            let use = try CertificateUse(context.journal, entries, at: context.now())
            found += read.map { candidate($0, use, entries) }
        }
        if keys { found += try await unpairedKeys(beside: read, reading) }
        return found.enumerated().map { $1.numbered($0 + 1) }
    }

    private func candidate(_ one: Read, _ use: CertificateUse, _ entries: [JournalEntry]) -> CleaningCandidate {
        let publicKey = one.certificate?.publicKey.flatMap { try? $0.subjectPublicKeyInfo() }
        return CleaningCandidate(
            id: 0,
            object: .certificate(one.stored, one.details),
            reason: use.reason(of: one.stored.der, one.details),
            entry: entries.first { $0.publicKey != nil && $0.publicKey == publicKey },
            unreadable: nil,
            publicKeySHA256: publicKey.map { Digests.hexadecimal(Digests.digest($0, .sha256)) }
        )
    }

    private func unpairedKeys(
        beside certificates: [Read],
        _ journal: JournalReading
    ) async throws(EnrollmentError) -> [CleaningCandidate] {
        var found: [CleaningCandidate] = []
        for area in store.areas {
            let pairs = try await from(keyStore: { () throws(KeyStoreError) in
                try await store.keyPairs(in: area, for: .removeObjects, secrets: context.console)
            })
            for pair in pairs where !hasCertificate(pair, certificates) {
                let publicKey = try? pair.publicKey?.subjectPublicKeyInfo()
                let entry = entry(of: pair, publicKey, among: journal.entries)
                // What cannot be read may be open, and its key the one that a certificate comes for.
                let unreadable = journal.unreadable.first { row in
                    entry == nil && row.mayHaveMade(pair, publicKey, on: store.token.identity)
                }
                found.append(
                    CleaningCandidate(
                        id: 0,
                        object: .key(pair),
                        reason: .unpaired,
                        entry: entry,
                        unreadable: unreadable,
                        publicKeySHA256: publicKey.map { Digests.hexadecimal(Digests.digest($0, .sha256)) }
                    )
                )
            }
        }
        return found
    }

    /// A key whose numbers nobody knows counts as paired with whatever bears its identifier.
    private func hasCertificate(_ pair: StoredKeyPair, _ certificates: [Read]) -> Bool {
        certificates.contains { one in
            guard let publicKey = pair.publicKey, let certified = one.certificate?.publicKey else {
                return one.stored.identifier == pair.identifier
            }
            return publicKey == certified
        }
    }

    /// The request of a key, by its numbers; by its identifier where an interrupted run did not come to read them.
    private func entry(
        of pair: StoredKeyPair,
        _ publicKey: [UInt8]?,
        among entries: [JournalEntry]
    ) -> JournalEntry? {
        let own = entries.filter { $0.token == store.token.identity }
        return own.first { $0.publicKey != nil && $0.publicKey == publicKey }
            ?? own.first { $0.publicKey == nil && $0.keyIdentifier == pair.identifier }
            ?? entries.first { $0.publicKey != nil && $0.publicKey == publicKey }
    }
}
