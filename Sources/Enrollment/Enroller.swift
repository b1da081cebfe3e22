// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import CSRBuilder
public import Credentials
internal import OpenSSLKit

/// The story of a request, for a first certificate or a following one: journal, key, request, CA. Every step looks at
/// what an interrupted run left behind, so that beginning and carrying on are the same thing. Next hops: `CSRBuilder`,
/// `RenewalSigning`, `Collector`, `Installer`.
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
    /// - Parameter keepingOpen: whether the device stays open for an installation that may follow at once. Otherwise it
    ///   is logged out as soon as the request is signed: some modules let every process sign meanwhile.
    /// - Returns: the entry, with its request ID.
    public func begin(
        _ plan: EnrollmentPlan,
        on store: any KeyStore,
        keepingOpen: Bool = false
    ) async throws(EnrollmentError) -> JournalEntry {
        try await begin(plan, renewing: nil, on: store, keepingOpen: keepingOpen, opening: nil)
    }

    /// Begins a request, of a first certificate or of a following one.
    ///
    /// - Parameter open: opens the device of the key that signs a renewal's order, where it is another one.
    func begin(
        _ plan: EnrollmentPlan,
        renewing renewal: Renewal?,
        on store: any KeyStore,
        keepingOpen: Bool,
        opening open: StoreOpener?
    ) async throws(EnrollmentError) -> JournalEntry {
        // What no certificate can hold is said before a key is spent on it.
        do { _ = try SubjectName(name: plan.contact.name, email: plan.contact.email) } catch { throw .request(error) }
        try context.requireSoundAuthority()
        if let file = plan.backupFile { try await backup?.prepare(file, on: store) }
        // Whether a marker can be asked for is learnt before anything is changed: it may need the CA.
        let certified = try await certification(of: store)
        var entry = try from(journal: { () throws(JournalError) in
            try context.journal.begin(
                plan,
                renewing: renewal,
                authority: context.profile.name,
                token: store.token.identity
            )
        })
        let lock = try from(journal: { () throws(JournalError) in try context.journal.lock(entry) })
        defer { withExtendedLifetime(lock) {} }
        do {
            try await makeKeyAndRequest(&entry, on: store, certified: certified, fresh: true)
        } catch {
            // The person will begin again; an intent that came to nothing must not become a second request then.
            if entry.state == .planned, case .keyStore(let cause) = error, cause.leftTheDeviceAlone {
                try from(journal: { () throws(JournalError) in try context.journal.discard(entry) })
            }
            throw error
        }
        try await signOrder(&entry, holding: store, opening: open)
        if !keepingOpen { await store.close() }
        try await submit(&entry)
        return entry
    }

    /// Carries an interrupted request on, as far as the CA. The device is opened only if it is still needed.
    ///
    /// - Parameter file: where the backup of the key goes instead, if it is still to be written.
    public func carryOn(
        _ entry: JournalEntry,
        backingUpInto file: String? = nil,
        opening open: @escaping StoreOpener
    ) async throws(EnrollmentError) -> JournalEntry {
        let lock = try from(journal: { () throws(JournalError) in try context.journal.lock(entry) })
        defer { withExtendedLifetime(lock) {} }
        var entry = try from(journal: { () throws(JournalError) in try context.journal.entry(numbered: entry.id) })
        if let file {
            guard let backup else { throw .tokenWork(.backupNotOpen(entry)) }
            if try backup.move(&entry, to: file) { try context.record(&entry) }
        }
        var store: (any KeyStore)?
        do {
            if entry.state == .planned || entry.state == .keyGenerated {
                let opened = try await from(keyStore: { () throws(KeyStoreError) in try await open(entry.token) })
                store = opened
                let certified = try await certification(of: opened)
                try await makeKeyAndRequest(&entry, on: opened, certified: certified, fresh: false)
            }
            try await signOrder(&entry, holding: store, opening: open)
        } catch {
            await store?.close()
            throw error
        }
        await store?.close()
        try await submit(&entry)
        return entry
    }

    private func makeKeyAndRequest(
        _ entry: inout JournalEntry,
        on store: any KeyStore,
        certified: Certification,
        fresh: Bool
    ) async throws(EnrollmentError) {
        let (key, origin) = try await key(for: &entry, on: store, fresh: fresh)
        if entry.plan.backupFile != nil {
            guard let backup else { throw .tokenWork(.passwordNeeded) }
            try await backup.make(&entry, of: key, on: store, in: context.journal)
        }
        try await sign(&entry, with: key, origin: origin, certified: certified)
    }

    /// Hands the request in. Known to have been handed in already, it is left alone; unknown, it is sent again under
    /// the same idempotency key.
    private func submit(_ entry: inout JournalEntry) async throws(EnrollmentError) {
        guard entry.state == .csrSigned || entry.state == .submitted, entry.request != nil else { return }
        guard entry.renewal == nil || entry.signedOrder != nil else { throw .wrongState(entry) }
        if entry.state == .csrSigned {
            (entry.reason, entry.refusal) = (nil, nil)
            try context.record(&entry, as: .submitted)
        }
        await context.console.report(.submitting(authority: context.profile.name))
        let receipt: SubmissionReceipt
        do {
            receipt = try await hand(in: entry)
        } catch {
            if entry.renewal != nil, error.refusesOrderForNow {
                // Another day, or with another voucher or term, the same key will do.
                entry.forgetOrder()
                entry.note(error)
                try context.record(&entry, as: .csrSigned)
                throw .orderPutOff(entry, error)
            }
            if error.refusesForGood {
                entry.note(error)
                try context.record(&entry, as: .rejected)
            }
            guard error.isRefusal else { throw .authority(error) }
            throw .notTaken(entry, error)
        }
        try keep(receipt, of: &entry)
        guard !entry.state.isEnded else { throw .requestEnded(entry) }
        await context.console.report(.submitted(receipt.id))
    }

    /// Writes down what the CA calls the request, and its end if that has come already. An ID that another request of
    /// this CA has is no answer: whoever asked by it would be told of the other one.
    private func keep(_ receipt: SubmissionReceipt, of entry: inout JournalEntry) throws(EnrollmentError) {
        var taken = entry
        taken.requestID = receipt.id
        taken.accessToken = receipt.accessToken
        taken.remoteState = receipt.state
        taken.nextPoll = Polling.nextPoll(after: receipt.retryAfter, now: context.now())
        (taken.reason, taken.refusal) = (nil, nil)
        do {
            try context.record(&taken, as: EnrollmentState(end: receipt.state) ?? .pending)
        } catch .journal(let error) where error.code == .idTaken {
            throw .authority(CAError(.answerInvalid, detail: "the ID of another request: \(receipt.id)"))
        }
        entry = taken
    }

    private func hand(in entry: JournalEntry) async throws(CAError) -> SubmissionReceipt {
        if let message = entry.signedOrder {
            return try await context.authority.renew(signed: message, idempotencyKey: entry.idempotencyKey)
        }
        guard let request = entry.request else { throw CAError(.problem(.csrInvalid)) }
        let submission = Submission(
            type: entry.plan.type,
            holder: entry.plan.holder,
            request: request,
            contact: entry.plan.contact,
            device: entry.device,
            locale: entry.plan.locale
        )
        return try await context.authority.submit(submission, idempotencyKey: entry.idempotencyKey)
    }
}

extension KeyStoreError {
    /// Whether the device refused before it made or removed anything.
    public var leftTheDeviceAlone: Bool {
        switch code {
        case .secretWrong, .secretLocked, .secretAtFinalTry, .secretInvalid, .secretNotInitialised, .secretUnavailable,
            .secretMalformed, .secretRefused, .secretIsFactory, .secretUncertain, .changeNotOffered, .unblockNotOffered,
            .newSecretOnDevice, .cancelled, .algorithmNotOffered, .tokenFull, .importRefused, .writeProtected:
            true
        case .tokenNotFound, .tokenAmbiguous, .tokensAlike, .selectorInvalid, .tokenRemoved, .moduleUnusable,
            .moduleCrashed,
            .moduleHung, .keyNotFound,
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
            .problem(.deviceUnknown), .problem(.deviceCertificationEnded), .problem(.bindingConflict),
            .problem(.certificateRevoked), .problem(.certificateExpired), .problem(.certificateUnknown),
            .problem(.alreadyRenewed), .problem(.renewalNotOffered):
            true
        // A code that this version does not know, on a status that says: understood, and wrong in itself (RFC 9110,
        // section 15.5). What may be otherwise tomorrow (401, 403, 404, 408, 409, 425, 429) is none of these.
        case .problem(.other): [400, 413, 414, 415, 422].contains(status)
        default: false
        }
    }
}
