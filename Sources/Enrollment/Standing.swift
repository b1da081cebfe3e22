// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Foundation

/// What a CA says of a request that was handed in, and how the request ends here when it has ended there.
extension EnrollmentContext {
    /// Asks where a request stands. That it was withdrawn, or its certificate revoked, is an answer, however it comes.
    func standing(of ticket: RequestTicket) async throws(EnrollmentError) -> RequestStatus {
        do throws(CAError) {
            let status = try await authority.status(of: ticket)
            guard status.state != nil else { throw CAError(.problem(.requestUnknown)) }
            return status
        } catch {
            if let end = error.end(of: ticket) { return end }
            if let cause = error.keyStoreError { throw .keyStore(cause) }
            throw .authority(error)
        }
    }

    /// Asks again about a request that has its certificate, which may have been revoked since.
    ///
    /// - Returns: the entry as it stands now, ended if the CA says so.
    func askedAgain(_ entry: JournalEntry) async throws(EnrollmentError) -> JournalEntry {
        guard let ticket = entry.ticket else { throw .wrongState(entry) }
        var entry = entry
        let status = try await standing(of: ticket)
        if status.state?.isEnd == true {
            try end(&entry, by: status)
        } else if entry.remoteState != status.state {
            entry.remoteState = status.state
            try record(&entry)
        }
        return entry
    }

    /// Writes the end of a request down: nothing is installed any more, and its key may go. What the holder rejected is
    /// the holder's end, in whatever way the CA puts it.
    func end(_ entry: inout JournalEntry, by status: RequestStatus) throws(EnrollmentError) {
        guard let remote = status.state, let state = EnrollmentState(end: remote) else { throw .wrongState(entry) }
        entry.remoteState = remote
        if case .rejected(let reason) = entry.decision, remote != .expired {
            entry.reason = reason
            try record(&entry, as: .rejected)
        } else {
            entry.reason = status.reason ?? entry.reason
            try record(&entry, as: state)
        }
    }
}

extension CAError {
    /// The end of a request, where a refusal means that.
    func end(of ticket: RequestTicket) -> RequestStatus? {
        switch code {
        case .problem(.certificateRevoked): RequestStatus(id: ticket.id, state: .revoked, reason: detail)
        case .problem(.requestWithdrawn): RequestStatus(id: ticket.id, state: .withdrawn, reason: detail)
        default: nil
        }
    }

    /// Whether the CA has understood and said no, for a reason that time alone does not change.
    var isRefusal: Bool {
        if case .problem = code { !isPassing } else { false }
    }
}
