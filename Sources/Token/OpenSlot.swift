// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials
internal import Foundation

/// A slot with its one session, and what has been learnt of it since it was opened. Owned by one token actor.
final class OpenSlot {
    /// The slot; its token's information is read anew after a wrong secret.
    private(set) var slot: Slot
    private(set) var session: Session

    /// Whether the user's secret opened the slot.
    var isLoggedIn = false

    /// Mechanisms that the module refused once and need not be tried again.
    var refusedMechanisms: Set<CK_MECHANISM_TYPE> = []

    /// Whether somebody is being asked for this slot's secret just now, and who waits to know what came of it.
    var isAsking = false
    var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ slot: Slot) throws(KeyStoreError) {
        self.slot = slot
        session = try Session(on: slot)
    }

    /// Drops an operation that was left open. The new session is opened first: were there a moment without one, the
    /// token would log out.
    func renewSession() throws(KeyStoreError) { session = try Session(on: slot) }

    /// Reads the flags anew.
    ///
    /// - Returns: how near to its blocking the slot's secret is; `nil` when the token does not answer.
    func refreshedSecretState() -> SecretState? {
        guard let fresh = try? slot.refreshed() else { return nil }
        slot = fresh
        return fresh.token.secretState
    }

    /// The error that a person should see for the one that a module gave: some say "general error" when the token
    /// has been pulled out.
    ///
    /// The smart-card service looks at its readers a few times a second and OpenSC once a second at the service, so that
    /// both learn of a removal later than whoever was just talking to the card; the module is asked for a while.
    func explained(_ failure: KeyStoreError) -> KeyStoreError {
        guard failure.mayMeanRemoval else { return failure }
        do throws(KeyStoreError) {
            for _ in 0..<16 {
                guard try slot.isPresent() else { throw KeyStoreError(.tokenRemoved) }
                _ = try slot.refreshed()
                Thread.sleep(forTimeInterval: 0.1)
            }
            return failure
        } catch {
            let isGone =
                error.code == .tokenRemoved || error.isReturnValue(CKR_SLOT_ID_INVALID, CKR_TOKEN_NOT_RECOGNIZED)
            guard isGone else { return failure }
            return KeyStoreError(.tokenRemoved, function: failure.function, returnValue: failure.returnValue)
        }
    }

    /// Does something with the session and explains what goes wrong.
    func perform<Result>(
        _ body: (borrowing Session) throws(KeyStoreError) -> Result
    ) throws(KeyStoreError) -> Result {
        do throws(KeyStoreError) {
            return try body(session)
        } catch {
            throw explained(error)
        }
    }
}
