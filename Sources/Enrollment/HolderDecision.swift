// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials

/// The holder's word on a certificate on its way to the CA: written down before it leaves, never repeated before the CA
/// was asked what it has heard, and never turned into its opposite.
extension Installer {
    /// Where an earlier run may have told the CA a word, finds out whether the CA heard it, or has ended the request.
    ///
    /// - Parameter decision: the word that was given now; it goes before the earlier one.
    /// - Returns: the word that counts; `nil` when the person has not been asked yet.
    /// - Throws: `requestEnded`, unless the end is the one that was wanted.
    func wordThatCounts(
        _ decision: Decision?,
        on entry: inout JournalEntry
    ) async throws(EnrollmentError) -> Decision? {
        guard let earlier = entry.wordMayBeKnown else { return decision }
        let word = decision ?? earlier
        if word != entry.decision {
            // Whatever becomes of this run, no later one repeats the word that was taken back.
            entry.decision = word
            try context.record(&entry)
        }
        entry = try await context.askedAgain(entry)
        if entry.state.isEnded, entry.state != .rejected || word == .accepted { throw .requestEnded(entry) }
        return word
    }

    /// Tells the CA that the holder rejects the certificate.
    ///
    /// - Throws: `acceptedAlready` when the CA has heard before that it is accepted.
    func reject(_ entry: JournalEntry, because decision: Decision) async throws(EnrollmentError) -> JournalEntry {
        var entry = entry
        guard !entry.state.isEnded else { return entry }
        guard entry.remoteState?.isConfirmed != true else { throw .acceptedAlready(entry) }
        let status = try await tell(decision, of: &entry)
        if status.state?.isConfirmed == true {
            entry.remoteState = status.state
            try context.record(&entry)
            throw .acceptedAlready(entry)
        }
        try context.end(&entry, by: status)
        guard entry.state == .rejected else { throw .requestEnded(entry) }
        return entry
    }

    /// Tells the CA that the holder accepts the certificate, unless it has confirmed that.
    ///
    /// - Throws: `requestEnded` when the CA has ended the request meanwhile.
    func accept(_ entry: inout JournalEntry) async throws(EnrollmentError) {
        if entry.state == .accepted, entry.remoteState?.isConfirmed == true { return }
        let status = try await tell(.accepted, of: &entry)
        guard status.state?.isEnd != true else {
            try context.end(&entry, by: status)
            throw .requestEnded(entry)
        }
        entry.remoteState = status.state
        try context.record(&entry)
    }

    /// - Returns: where the request stands then. A refusal of the word is followed by the question why: the certificate
    ///   may have been revoked meanwhile.
    private func tell(
        _ decision: Decision,
        of entry: inout JournalEntry
    ) async throws(EnrollmentError) -> RequestStatus {
        guard let ticket = entry.ticket else { throw .wrongState(entry) }
        entry.decision = decision
        try context.record(&entry, as: decision == .accepted ? .accepted : nil)
        await context.console.report(.tellingDecision(decision))
        do throws(CAError) {
            return try await context.authority.decide(decision, on: ticket)
        } catch {
            if let end = error.end(of: ticket) { return end }
            if error.isRefusal, let status = try? await context.standing(of: ticket),
                let state = status.state, state.isEnd || state.isConfirmed
            {
                return status
            }
            if let cause = error.keyStoreError { throw .keyStore(cause) }
            throw .authority(error)
        }
    }
}
