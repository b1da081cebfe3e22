// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// New values for PIN and QPIN by those who know the PUK.
extension PKCS11Token {
    /// Gives PIN or QPIN a new value with the PUK, blocked or forgotten. One way is taken for one typing: where the
    /// card's commands are known, RESET RETRY COUNTER over PC/SC; else the way of PKCS#11 that the profile names.
    ///
    /// - Throws: `unblockNotOffered` where no way is known, before anybody is asked, and when the module has none;
    ///   `secretWrong` and `secretLocked` speak of the PUK.
    public func unblock(_ kind: SecretKind, secrets: any DeviceSecretSource) async throws(KeyStoreError) {
        switch kind {
        case .pin: try await unblock(PINRole.self, in: device.general, secrets)
        case .qpin: try await unblock(QPINRole.self, in: device.slot(of: .qpin), secrets)
        case .puk, .password: throw unblockNotOffered(kind)
        }
    }

    /// Whether a way is known in which the device may let a secret be set anew with the PUK. Which one serves shows only
    /// when it is tried.
    nonisolated func canUnblock(_ kind: SecretKind) -> Bool { device.canUnblock(kind) }

    /// A secret that is blocked, as a person hears of it.
    nonisolated func blocked(_ kind: SecretKind) -> KeyStoreError {
        KeyStoreError(.secretLocked, secret: kind, state: .locked, canBeMendedHere: canUnblock(kind))
    }

    /// A secret that was never set, as a person hears of it.
    nonisolated func neverSet(_ kind: SecretKind) -> KeyStoreError {
        KeyStoreError(.secretNotInitialised, secret: kind, state: .notInitialised, canBeMendedHere: canUnblock(kind))
    }

    private nonisolated func unblockNotOffered(_ kind: SecretKind) -> KeyStoreError {
        KeyStoreError(.unblockNotOffered, secret: kind, canBeMendedHere: canChange(kind))
    }

    /// The ways to a new value.
    private enum Way { case card(CardSecrets), initPIN(Slot), setPIN(Slot) }

    private func unblock<Role: DeviceSecretRole>(
        _ role: Role.Type,
        in slot: Slot?,
        _ secrets: any DeviceSecretSource
    ) async throws(KeyStoreError) {
        let way = try way(to: role.kind, in: slot)
        let request = try request(for: .puk, purpose: .unblock(role.kind))
        if let slot, device.asksByItself(for: .puk, in: slot), case .initPIN = way {
            try await secrets.announceDeviceEntry(of: request)
            closeForNewSecret()
            return try initPIN(role.kind, in: slot, puk: nil, new: nil)
        }
        let puk = try await secrets.puk(for: request)
        guard request.lengths.contains(puk.count) else { throw KeyStoreError(.secretInvalid, secret: .puk) }
        let new = try await chosen(role, replacing: puk, secrets)
        closeForNewSecret()
        if case .card(let card) = way { return try card.reset(role.kind, to: new, with: puk) }
        try puk.withBytes { puk throws(KeyStoreError) in
            try new.withBytes { new throws(KeyStoreError) in
                switch way {
                case .initPIN(let slot): try initPIN(role.kind, in: slot, puk: puk, new: new)
                case .setPIN(let slot): try setPIN(role.kind, in: slot, with: puk, new: new)
                case .card: break
                }
            }
        }
    }

    private func way(to kind: SecretKind, in slot: Slot?) throws(KeyStoreError) -> Way {
        if let card = cardSecrets(), card.facts.reference(of: kind) != nil {
            // The number of a PIN is the personalisation's choice: the card and the module have to agree about it
            // before a PUK is spent on it.
            guard let standing = standing(of: kind), let state = standing.state, let left = standing.triesLeft,
                (state == .locked) == (left == 0), (state == .final) == (left == 1)
            else {
                throw unblockNotOffered(kind)
            }
            return .card(card)
        }
        guard let slot else { throw unblockNotOffered(kind) }
        switch device.profile.knownCare.unblock {
        case .initPIN: return .initPIN(slot)
        case .setPIN:
            // A module that is set up otherwise would take the PUK for the PIN, and a PIN that is not blocked has
            // tries to lose.
            guard try slot.refreshed().token.secretState == .locked else {
                throw unblockNotOffered(kind)
            }
            return .setPIN(slot)
        case .none: throw unblockNotOffered(kind)
        }
    }

    private func initPIN(
        _ kind: SecretKind,
        in slot: Slot,
        puk: UnsafeRawBufferPointer?,
        new: UnsafeRawBufferPointer?
    ) throws(KeyStoreError) {
        let open = try OpenSlot(slot)
        do throws(KeyStoreError) {
            try open.session.logIn(CKU_SO, as: .puk, with: puk)
            try open.session.initPIN(kind, to: new)
        } catch {
            guard let failure = outcome(of: error, for: kind, on: open) else { return }
            throw failure
        }
    }

    private func setPIN(
        _ kind: SecretKind,
        in slot: Slot,
        with puk: UnsafeRawBufferPointer,
        new: UnsafeRawBufferPointer
    ) throws(KeyStoreError) {
        let open = try OpenSlot(slot)
        do throws(KeyStoreError) {
            try open.session.setPIN(.puk, from: puk, to: new)
        } catch {
            // Blocked is the PIN, as it was: the module was not told to take the PUK here.
            if error.isReturnValue(CKR_PIN_LOCKED, CKR_FUNCTION_NOT_SUPPORTED, CKR_USER_NOT_LOGGED_IN) {
                throw KeyStoreError(
                    .unblockNotOffered,
                    secret: kind,
                    function: error.function,
                    returnValue: error.returnValue
                )
            }
            guard let failure = outcome(of: error, for: kind, on: open) else { return }
            throw failure
        }
    }
}

extension Device {
    /// Likewise, before the device is opened.
    func canUnblock(_ kind: SecretKind) -> Bool {
        let facts = profile.knownCare
        if facts.cards?.contains(where: { $0.reference(of: kind) != nil }) == true { return true }
        return switch kind {
        case .pin: facts.unblock != .none
        case .qpin: facts.unblock != .none && slot(of: .qpin) != nil
        case .puk, .password: false
        }
    }
}
