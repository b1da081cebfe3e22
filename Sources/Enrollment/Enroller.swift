// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import CSRBuilder
public import Credentials
internal import OpenSSLKit

/// The story of a first request: journal, key, request, CA. Every step looks at what an interrupted run left behind,
/// so that beginning and carrying on are the same thing. Next hops: `CSRBuilder`, `Collector`, `Installer`.
public struct Enroller: Sendable {
    let context: EnrollmentContext
    let backup: KeyBackup?

    /// Tells stories in a context.
    ///
    /// - Parameter backup: writes the backup of a key whose plan wishes for one.
    public init(_ context: EnrollmentContext, backup: KeyBackup? = nil) {
        self.context = context
        self.backup = backup
    }

    /// Begins a request on a device and brings it to the CA.
    ///
    /// - Returns: the entry, with its request ID.
    public func begin(
        _ plan: EnrollmentPlan,
        on store: any KeyStore
    ) async throws(EnrollmentError) -> JournalEntry {
        // What no certificate can hold is said before a key is spent on it.
        do { _ = try SubjectName(name: plan.contact.name, email: plan.contact.email) } catch { throw .request(error) }
        var password: HeldPassword?
        if let file = plan.backupFile { password = try await backup?.prepare(file, on: store) }
        // Whether a marker can be asked for is learnt before anything is changed: it may need the CA.
        let certified = try await certification(of: store)
        var entry = try from(journal: { () throws(JournalError) in
            try context.journal.begin(plan, authority: context.profile.name, token: store.token.identity)
        })
        let lock = try from(journal: { () throws(JournalError) in try context.journal.lock(entry) })
        defer { withExtendedLifetime(lock) {} }
        do {
            try await makeKeyAndRequest(&entry, on: store, certified: certified, fresh: true, password: password)
        } catch {
            // The person will begin again; an intent that came to nothing must not become a second request then.
            if entry.state == .planned, case .keyStore(let cause) = error, cause.provesNothingWasMade {
                try from(journal: { () throws(JournalError) in try context.journal.discard(entry) })
            }
            throw error
        }
        try await submit(&entry)
        return entry
    }

    /// Carries an interrupted request on, as far as the CA. The device is opened only if it is still needed.
    public func carryOn(
        _ entry: JournalEntry,
        opening open: StoreOpener
    ) async throws(EnrollmentError) -> JournalEntry {
        let lock = try from(journal: { () throws(JournalError) in try context.journal.lock(entry) })
        defer { withExtendedLifetime(lock) {} }
        var entry = try from(journal: { () throws(JournalError) in try context.journal.entry(numbered: entry.id) })
        if entry.state == .planned || entry.state == .keyGenerated {
            let store = try await from(keyStore: { () throws(KeyStoreError) in try await open(entry.token) })
            do {
                let certified = try await certification(of: store)
                try await makeKeyAndRequest(&entry, on: store, certified: certified, fresh: false)
            } catch {
                await store.close()
                throw error
            }
            await store.close()
        }
        try await submit(&entry)
        return entry
    }

    private func makeKeyAndRequest(
        _ entry: inout JournalEntry,
        on store: any KeyStore,
        certified: Certification,
        fresh: Bool,
        password: HeldPassword? = nil
    ) async throws(EnrollmentError) {
        let (key, origin) = try await key(for: &entry, on: store, fresh: fresh)
        if let file = entry.plan.backupFile {
            guard let backup else { throw .tokenWork(.passwordNeeded) }
            let name = entry.plan.contact.name ?? "isignum"
            try await backup.make(file, of: key, named: name, on: store, password: password)
        }
        try await sign(&entry, with: key, origin: origin, certified: certified)
    }

    /// Hands the request in. Known to have been handed in already, it is left alone; unknown, it is sent again under
    /// the same idempotency key.
    private func submit(_ entry: inout JournalEntry) async throws(EnrollmentError) {
        guard entry.state == .csrSigned || entry.state == .submitted, let request = entry.request else { return }
        let submission = Submission(
            type: entry.plan.type,
            holder: entry.plan.holder,
            request: request,
            contact: entry.plan.contact,
            device: entry.device,
            locale: entry.plan.locale
        )
        if entry.state == .csrSigned { try context.record(&entry, as: .submitted) }
        await context.console.report(.submitting(authority: context.profile.name))
        let receipt: SubmissionReceipt
        do {
            receipt = try await context.authority.submit(submission, idempotencyKey: entry.idempotencyKey)
        } catch {
            if error.refusesForGood {
                entry.reason = error.detail
                try context.record(&entry, as: .rejected)
            }
            throw .authority(error)
        }
        entry.requestID = receipt.id
        entry.accessToken = receipt.accessToken
        entry.remoteState = receipt.state
        entry.nextPoll = Polling.nextPoll(after: receipt.retryAfter, now: context.now())
        try context.record(&entry, as: .pending)
        await context.console.report(.submitted(receipt.id))
    }
}

extension KeyStoreError {
    /// Whether the device refused before it made anything.
    fileprivate var provesNothingWasMade: Bool {
        switch code {
        case .secretWrong, .secretLocked, .secretAtFinalTry, .secretInvalid, .secretNotInitialised, .secretUnavailable,
            .secretRefused, .secretIsFactory, .secretUncertain, .changeNotOffered, .unblockNotOffered,
            .cancelled, .algorithmNotOffered, .tokenFull, .importRefused, .writeProtected:
            true
        case .tokenNotFound, .tokenAmbiguous, .selectorInvalid, .tokenRemoved, .moduleUnusable, .keyNotFound,
            .certificateNotFound, .notRemoved, .functionFailed:
            false
        }
    }
}

extension CAError {
    /// Whether sending the same request again can never succeed.
    var refusesForGood: Bool {
        switch code {
        case .problem(.csrInvalid), .problem(.keyWeak), .problem(.keyReused), .problem(.markerNotAllowed),
            .problem(.deviceUnknown), .problem(.deviceCertificationEnded), .problem(.bindingConflict):
            true
        default: false
        }
    }
}
