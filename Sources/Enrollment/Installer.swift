// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
internal import OpenSSLKit

/// The end of a story: the certificate is checked, shown, accepted, written beside its key and tried. Next hops:
/// `IssuedCertificateCheck`, `KeyStore`.
public struct Installer: Sendable {
    let context: EnrollmentContext

    /// Tells stories in a context.
    public init(_ context: EnrollmentContext) { self.context = context }

    /// Installs the certificate of an entry.
    ///
    /// - Parameters:
    ///   - decision: the holder's word, when it was given beforehand; otherwise the person is asked.
    ///   - acceptsDifferences: whether the person agreed beforehand that the holder is another than was asked for.
    ///   - open: opens the device; whoever opened it closes it.
    /// - Returns: the entry: installed, rejected by the holder, or still issued when the person put the decision off.
    /// - Throws: `requestEnded`, `acceptedAlready`: `HolderDecision.swift` says when.
    public func install(
        _ entry: JournalEntry,
        decision: Decision? = nil,
        acceptsDifferences: Bool = false,
        opening open: StoreOpener
    ) async throws(EnrollmentError) -> JournalEntry {
        let lock = try from(journal: { () throws(JournalError) in try context.journal.lock(entry) })
        defer { withExtendedLifetime(lock) {} }
        var entry = try from(journal: { () throws(JournalError) in try context.journal.entry(numbered: entry.id) })
        let interrupted = entry.state == .accepted
        guard entry.state == .issued || interrupted, entry.ticket != nil else { throw .wrongState(entry) }
        var word = try await wordThatCounts(decision, on: &entry)
        if let word, word != .accepted { return try await reject(entry, because: word) }
        if await context.complete(&entry) { try context.record(&entry) }
        let issued: IssuedCertificate
        switch context.check(entry) {
        case .success(let certificate): issued = certificate
        case .failure(let refusal): throw .certificateRefused(refusal.findings)
        }
        await context.console.report(.checked(issued.facts))
        if word == nil || !interrupted && issued.comparison.needsConsent && !acceptsDifferences {
            word = try await context.console.decide(on: issued, word: word, acceptsDifferences: acceptsDifferences)
        }
        guard let word else { return entry }
        guard word == .accepted else { return try await reject(entry, because: word) }
        let store = try await from(keyStore: { () throws(KeyStoreError) in try await open(entry.token) })
        try await write(issued, of: &entry, onto: store, interrupted: interrupted)
        return entry
    }

    private func write(
        _ issued: IssuedCertificate,
        of entry: inout JournalEntry,
        onto store: any KeyStore,
        interrupted: Bool
    ) async throws(EnrollmentError) {
        let area = entry.plan.type.area
        let identifier = entry.keyIdentifier
        // Finding the key by the certificate's own numbers proves that the two belong together.
        let found = try await from(keyStore: { () throws(KeyStoreError) in
            try await store.findKey(
                identifier,
                in: area,
                matching: issued.certificate.publicKey,
                for: .installCertificate,
                secrets: context.console
            )
        })
        guard let key = found else { throw .keyMissing(entry.token) }
        try await accept(&entry)
        let label = (issued.details.subject.commonName ?? "isignum").tokenLabel
        try await from(keyStore: { () throws(KeyStoreError) in
            // Only a run that follows an interrupted one can find the certificate written already.
            if interrupted, try await store.certificates().contains(where: { $0.der == issued.certificate.der }) {
                return
            }
            await context.console.report(.writingCertificate)
            try await store.write(
                issued.certificate,
                beside: identifier,
                label: label,
                in: area,
                secrets: context.console
            )
        })
        await context.console.report(.testingKey)
        try await key.signingKey.prove(issued.certificate, secrets: context.console)
        try context.record(&entry, as: .installed)
        await context.console.report(.installed(issued.details))
    }
}
