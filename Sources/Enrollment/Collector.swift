// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
internal import Foundation

/// Asks the CA what became of a request and fetches what it issued; no token is needed. Next hop: `Installer`.
public struct Collector: Sendable {
    let context: EnrollmentContext

    /// Tells stories in a context.
    public init(_ context: EnrollmentContext) { self.context = context }

    /// Asks once. When the certificate is there it is fetched, checked, and kept in the journal; one that is kept already
    /// is asked about again, because it may have been revoked since.
    ///
    /// - Parameter keepingUnchecked: keeps it whatever it is, for a holder who wants to reject it.
    /// - Returns: the entry as it stands now; pending is no error.
    /// - Throws: `certificateRefused`, with the journal left as it was: the CA may mend what it sends.
    public func check(
        _ entry: JournalEntry,
        keepingUnchecked: Bool = false
    ) async throws(EnrollmentError) -> JournalEntry {
        try await ask(entry, keepingUnchecked: keepingUnchecked).entry
    }

    /// Asks again and again until the certificate is there, the request has ended, or the time is over.
    ///
    /// - Parameters:
    ///   - time: how long to go on; the last question is asked at its end.
    ///   - store: a device that is open for the installation. A CA that issues by itself does so within seconds; when
    ///     it takes longer, the device is logged out, and its secret is asked for again.
    public func wait(
        for entry: JournalEntry,
        atMost time: Duration,
        holding store: (any KeyStore)? = nil
    ) async throws(EnrollmentError) -> JournalEntry {
        let clock = ContinuousClock()
        let deadline = clock.now + time
        let patience = clock.now + Polling.holdingAtMost
        var held = store
        var entry = entry
        while true {
            var pause: Duration?
            do {
                let answer = try await ask(entry)
                entry = answer.entry
                pause = answer.retryAfter
            } catch .authority(let error) where error.isPassing {
                pause = error.retryAfter
                guard clock.now < deadline else { throw .authority(error) }
            }
            guard entry.state == .pending, let id = entry.requestID,
                let rest = Polling.pause(after: pause, remaining: deadline - clock.now)
            else { return entry }
            await context.console.report(.waiting(id, entry.remoteState, rest))
            if let store = held, clock.now + rest > patience {
                await store.close()
                held = nil
            }
            do {
                try await Task.sleep(for: rest, clock: clock)
            } catch {
                throw .authority(CAError(.cancelled))
            }
        }
    }

    /// Fetches the issuance protocol, a PDF document.
    public func issuanceProtocol(of entry: JournalEntry) async throws(EnrollmentError) -> [UInt8] {
        guard let ticket = entry.ticket else { throw .wrongState(entry) }
        return try await from(authority: { () throws(CAError) in
            try await context.authority.issuanceProtocol(of: ticket)
        })
    }

    private func ask(
        _ entry: JournalEntry,
        keepingUnchecked: Bool = false
    ) async throws(EnrollmentError) -> (entry: JournalEntry, retryAfter: Duration?) {
        var entry = entry
        if entry.state == .issued || entry.state == .accepted { return (try await context.askedAgain(entry), nil) }
        guard entry.state == .pending, let ticket = entry.ticket else { return (entry, nil) }
        let status = try await context.standing(of: ticket)
        guard let state = status.state else { throw .authority(CAError(.problem(.requestUnknown))) }
        entry.remoteState = state
        entry.nextPoll = Polling.nextPoll(after: status.retryAfter, now: context.now())
        switch state {
        case .rejected, .expired, .withdrawn, .revoked: try context.end(&entry, by: status)
        case .issued, .accepted, .installed:
            let chain: IssuedChain
            do {
                chain = try await context.authority.certificate(of: ticket)
            } catch {
                guard let end = error.end(of: ticket) else { throw .authority(error) }
                try context.end(&entry, by: end)
                return (entry, nil)
            }
            entry.chain = AnsweredChain.ordered(chain.certificates, for: entry.publicKey, at: context.now())
            entry.serverSkew = chain.serverTime.map { $0.timeIntervalSince(context.now()) }
            if !keepingUnchecked { await context.complete(&entry) }
            if !keepingUnchecked, case .failure(let refusal) = context.check(entry) {
                throw .certificateRefused(refusal.findings)
            }
            try context.record(&entry, as: .issued)
            await context.console.report(.issued(ticket.id))
        case .received, .verifying, .approved:
            try context.record(&entry)
        }
        return (entry, status.retryAfter)
    }
}

extension JournalEntry {
    /// What is needed to ask about the entry; `nil` before the CA has given it an ID.
    public var ticket: RequestTicket? {
        requestID.map { RequestTicket(id: $0, accessToken: accessToken) }
    }
}
