// SPDX-License-Identifier: Apache-2.0

public import Credentials
internal import Foundation
internal import OpenSSLKit

/// Makes room on a token: what is to go is written down, removed, looked for, and written down as gone. Next hops:
/// `CleaningSurvey`, `KeyStore.remove`.
public struct Cleaner: Sendable {
    let context: TokenWorkContext
    let store: any KeyStore

    /// Cleans one token.
    public init(_ context: TokenWorkContext, on store: any KeyStore) {
        self.context = context
        self.store = store
    }

    /// What may be removed. Keys are listed only when they are asked for; then the secrets of all areas are needed.
    public func candidates(certificates: Bool, keys: Bool) async throws(EnrollmentError) -> [CleaningCandidate] {
        try await CleaningSurvey(context: context, store: store).candidates(certificates: certificates, keys: keys)
    }

    /// Removes what was chosen, after asking.
    ///
    /// - Parameters:
    ///   - isAgreed: whether the person agreed beforehand; for the key of an open request that is not enough, and
    ///     without anybody to ask it is kept.
    /// - Returns: what is gone. What was kept was told.
    public func remove(
        _ chosen: [CleaningCandidate],
        isAgreed: Bool
    ) async throws(EnrollmentError) -> [CleaningCandidate] {
        guard !chosen.isEmpty else { return [] }
        let console = context.console
        if !isAgreed {
            guard try await console.agrees(to: .remove(chosen)) else { throw .tokenWork(.declined) }
            let keys = chosen.filter(\.isKey)
            if !keys.isEmpty, try await !console.agrees(to: .removeKeys(keys)) { throw .tokenWork(.declined) }
        }
        var gone: [CleaningCandidate] = []
        for candidate in chosen {
            if try await remove(candidate, canAsk: !isAgreed) { gone.append(candidate) }
        }
        return gone
    }

    /// Removes one thing.
    ///
    /// - Returns: `false` when it was kept.
    private func remove(_ candidate: CleaningCandidate, canAsk: Bool) async throws(EnrollmentError) -> Bool {
        // A certificate may come at this very moment: nobody else may work on the request, and its state is read anew.
        var lock: EntryLock?
        if candidate.isKey, let entry = candidate.entry {
            lock = try from(journal: { () throws(JournalError) in try context.journal.lock(entry) })
        }
        defer { withExtendedLifetime(lock) {} }
        if try isStillProtected(candidate) {
            guard canAsk, try await context.console.agrees(to: .removeProtectedKey(candidate)) else {
                await context.console.report(.protected(candidate))
                return false
            }
            if let entry = candidate.entry {
                try from(journal: { () throws(JournalError) in try context.journal.withdrawUnsent(entry) })
            }
        }
        var removal = try from(journal: { () throws(JournalError) in
            try context.journal.begin(Removal(candidate, from: store.token.identity, at: context.now()))
        })
        await context.console.report(.removing(candidate))
        do {
            try await from(keyStore: { () throws(KeyStoreError) in
                switch candidate.object {
                case .certificate(let certificate, _): try await store.remove(certificate, secrets: context.console)
                case .key(let pair): try await store.remove(pair, secrets: context.console)
                }
            })
        } catch {
            // Of a token that was pulled nobody knows: the next run looks.
            if case .keyStore(let cause) = error, cause.code != .tokenRemoved {
                try end(&removal, as: .failed, reason: cause.description)
            }
            throw error
        }
        try end(&removal, as: .removed)
        await context.console.report(.removed(candidate))
        return true
    }

    private func isStillProtected(_ candidate: CleaningCandidate) throws(EnrollmentError) -> Bool {
        guard case .key(let pair) = candidate.object, pair.hasPrivateHalf else { return false }
        guard let entry = candidate.entry else { return candidate.unreadable != nil }
        return try from(journal: { () throws(JournalError) in try context.journal.entry(numbered: entry.id) })
            .state.isOpen
    }

    private func end(
        _ removal: inout Removal,
        as state: RemovalState,
        reason: String? = nil
    ) throws(EnrollmentError) {
        removal.state = state
        removal.reason = reason
        removal.ended = context.now()
        let changed = removal
        try from(journal: { () throws(JournalError) in try context.journal.record(changed) })
    }

    /// Finds out what became of removals that an earlier run had begun on this token, and finishes those of which a
    /// half is left: a public half alone serves nothing. What is whole stays, and is a candidate again.
    ///
    /// - Parameter keys: whether keys may be looked at, which needs the secrets of their areas.
    public func settle(keys: Bool) async throws(EnrollmentError) {
        let open = try from(journal: { () throws(JournalError) in
            try context.journal.removals().filter { $0.state == .begun && $0.token == store.token.identity }
        })
        for var removal in open where keys || removal.certificate != nil {
            let state = try await outcome(of: removal)
            try end(&removal, as: state)
            await context.console.report(.removalInterrupted(removal, state))
        }
        if !keys, let waiting = open.first(where: { $0.certificate == nil }) {
            await context.console.report(.removalInterrupted(waiting, .begun))
        }
    }

    private func outcome(of removal: Removal) async throws(EnrollmentError) -> RemovalState {
        try await from(keyStore: { () throws(KeyStoreError) in
            if let der = removal.certificate {
                return try await store.certificates().contains { $0.der == der || $0.value == der } ? .failed : .removed
            }
            let pairs = try await store.keyPairs(in: removal.area, for: .removeObjects, secrets: context.console)
            let left = pairs.filter {
                $0.identifier == removal.identifier
                    && (try? $0.publicKey?.subjectPublicKeyInfo()) == removal.publicKey
            }
            guard !left.contains(where: \.hasPrivateHalf) else { return .failed }
            for half in left { try await store.remove(half, secrets: context.console) }
            return .removed
        })
    }
}
