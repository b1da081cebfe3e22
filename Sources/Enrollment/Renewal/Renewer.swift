// SPDX-License-Identifier: Apache-2.0

internal import CAClient
public import Credentials
internal import Foundation
internal import OpenSSLKit

/// The story of a renewal: is it still good, is there room, then as for a first request, with an order that the old key
/// signs. Next hops: `Enroller`, `RenewalSigning`.
public struct Renewer: Sendable {
    let context: EnrollmentContext
    let revocation: RevocationCheck?

    /// Tells stories in a context.
    ///
    /// - Parameter revocation: asks whether the old certificate was revoked, before a key is spent on its renewal.
    public init(_ context: EnrollmentContext, revocation: RevocationCheck? = nil) {
        self.context = context
        self.revocation = revocation
    }

    /// Orders a following certificate, or goes on with an order that was begun and not taken.
    ///
    /// - Parameters:
    ///   - store: where the new key is to live.
    ///   - certificates: what is on it, as it was read just now.
    ///   - keepingOpen: as for a first request.
    ///   - open: opens the device of the old key when the order is to be signed.
    /// - Returns: the entry, with its request ID.
    public func renew(
        _ plan: RenewalPlan,
        onto store: any KeyStore,
        holding certificates: [StoredCertificate],
        keepingOpen: Bool = false,
        opening open: @escaping StoreOpener
    ) async throws(EnrollmentError) -> JournalEntry {
        let entries = try from(journal: { () throws(JournalError) in try context.journal.entries() })
        if let refusal = plan.certificate.refusal(in: entries, at: context.now()) { throw .renewal(refusal) }
        let isSeal = plan.certificate.holder == .seal
        if isSeal, plan.term != .oneYear || plan.voucher != nil { throw .renewal(.notForSeals) }
        let begun = plan.certificate.unfinished(in: entries)
        if let begun, begun.token == store.token.identity {
            return try await Enroller(context).carryOn(try await changed(begun, to: plan), opening: open)
        }
        if let begun, begun.state == .submitted { throw .renewal(.begunElsewhere(begun)) }
        try await requireGood(plan.certificate)
        try await requireRoom(for: plan, on: store, holding: certificates, entries: entries)
        if let begun { try await giveUp(begun) }
        if isSeal { await context.console.report(.sealIsRequestedAnew) }
        return try await Enroller(context).begin(
            plan.request,
            renewing: isSeal ? nil : plan.renewal,
            on: store,
            keepingOpen: keepingOpen,
            opening: open
        )
    }

    /// What was begun on another device is given up there, once nothing is known to stand in the way of the new one.
    private func giveUp(_ begun: JournalEntry) async throws(EnrollmentError) {
        let lock = try from(journal: { () throws(JournalError) in try context.journal.lock(begun) })
        defer { withExtendedLifetime(lock) {} }
        var entry = try from(journal: { () throws(JournalError) in try context.journal.entry(numbered: begun.id) })
        guard entry.state.isUnsent else { throw .renewal(.begunElsewhere(entry)) }
        try context.record(&entry, as: .withdrawn)
        await context.console.report(.renewalGivenUp(entry))
    }

    /// Another voucher or term makes another order. One that may have reached the CA is left as it is.
    private func changed(_ entry: JournalEntry, to plan: RenewalPlan) async throws(EnrollmentError) -> JournalEntry {
        let lock = try from(journal: { () throws(JournalError) in try context.journal.lock(entry) })
        defer { withExtendedLifetime(lock) {} }
        var entry = try from(journal: { () throws(JournalError) in try context.journal.entry(numbered: entry.id) })
        await context.console.report(.renewalGoesOn(entry))
        guard let renewal = entry.renewal, renewal.term != plan.term || renewal.voucher != plan.voucher else {
            return entry
        }
        guard entry.state != .submitted else {
            await context.console.report(.orderMayHaveArrived)
            return entry
        }
        entry.renewal?.term = plan.term
        entry.renewal?.voucher = plan.voucher
        entry.forgetOrder()
        try context.record(&entry)
        return entry
    }

    /// What the CA would refuse for ever must not cost a key in an area that holds two. Only what is proved counts: the
    /// CA has the last word.
    private func requireGood(_ certificate: RenewableCertificate) async throws(EnrollmentError) {
        guard let standing = await revocation?.standing(of: certificate.certificate, reach: .ours) else { return }
        if case .revoked(let since, _) = standing.answer { throw .renewal(.revoked(since)) }
        guard standing.answer == nil else { return }
        var isForeign = false
        for trouble in standing.troubles {
            switch trouble.kind {
            case .issuerNotTrusted: isForeign = true
            // Somebody who was not reached might have shown the way to an anchor.
            case .notReached, .notInTime: return
            default: continue
            }
        }
        if isForeign { throw .renewal(.foreign(context.profile.name)) }
    }

    /// A device that would refuse the certificate must not be given a key for it first.
    private func requireRoom(
        for plan: RenewalPlan,
        on store: any KeyStore,
        holding certificates: [StoredCertificate],
        entries: [JournalEntry]
    ) async throws(EnrollmentError) {
        guard plan.certificate.type == .qualified, let limit = store.token.qualifiedCertificateLimit else { return }
        var certificates = certificates.filter { $0.area == .qualified }
        var unpaired: [StoredKeyPair] = []
        if certificates.count < limit {
            // Which keys lack a certificate is seen after the login that the new key needs anyway; on a device with one
            // slot for both areas, which certificates are qualified too.
            let pairs = try await from(keyStore: { () throws(KeyStoreError) in
                try await store.keyPairs(in: .qualified, for: .generateKey, secrets: context.console)
            })
            if certificates.isEmpty {
                certificates = try await from(keyStore: { () throws(KeyStoreError) in try await store.certificates() })
                    .filter { $0.area == .qualified }
            }
            let held = Set(certificates.map(\.identifier))
            unpaired = pairs.filter { !held.contains($0.identifier) }
        }
        guard certificates.count + unpaired.count >= limit else { return }
        let requests = unpaired.map { pair in
            entries.first { $0.state.isOpen && $0.token == store.token.identity && $0.keyIdentifier == pair.identifier }
        }
        throw .renewal(
            .noRoom(
                QualifiedAreaUse(
                    token: store.token.identity,
                    limit: limit,
                    certificates: certificates.count,
                    removable: try removable(certificates, keeping: plan.certificate, entries),
                    waiting: requests.compactMap(\.self),
                    unpairedKeys: requests.count { $0 == nil }
                )
            )
        )
    }

    private func removable(
        _ certificates: [StoredCertificate],
        keeping renewed: RenewableCertificate,
        _ entries: [JournalEntry]
    ) throws(EnrollmentError) -> [QualifiedAreaUse.Removable] {
        let use = try CertificateUse(context.journal, entries, at: context.now())
        let others = certificates.filter { $0.der != renewed.certificate.der }.compactMap { stored in
            (try? Certificate(parsing: stored.der)).flatMap { try? CertificateDetails(of: $0) }.map { details in
                QualifiedAreaUse.Removable(details: details, reason: use.reason(of: stored.der, details))
            }
        }
        return others.sorted { left, right in
            let (leftServes, rightServes) = (left.reason == .current, right.reason == .current)
            return leftServes == rightServes ? left.details.notBefore < right.details.notBefore : rightServes
        }
    }
}
