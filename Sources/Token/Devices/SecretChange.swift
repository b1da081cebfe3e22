// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// New values for PIN, QPIN and PUK by those who know the old ones. Next hops: `Session`, `SecretUnblocking`.
extension PKCS11Token {
    /// Whether a way is known in which the device lets a secret be changed.
    public nonisolated func canChange(_ kind: SecretKind) -> Bool {
        switch kind {
        case .pin: true
        case .qpin: device.slot(of: .qpin) != nil
        case .puk: device.profile.knownCare.pukIsOfficerPIN
        case .password: false
        }
    }

    /// A secret that still has the maker's value, as a person hears of it.
    nonisolated func ofFactory(_ kind: SecretKind, keyWasMade: Bool = false) -> KeyStoreError {
        KeyStoreError(.secretIsFactory, secret: kind, canBeMendedHere: canChange(kind), keyWasMade: keyWasMade)
    }

    /// Changes a secret. The old value is asked for first, then the new one until it is a good one; only then the
    /// device gets both.
    ///
    /// - Throws: `secretLocked` before anybody is asked; `changeNotOffered` where no way is known;
    ///   `secretUncertain` when the device broke off, so that nobody knows which value counts.
    public func change(_ kind: SecretKind, secrets: any DeviceSecretSource) async throws(KeyStoreError) {
        guard canChange(kind) else { throw KeyStoreError(.changeNotOffered, secret: kind) }
        switch kind {
        case .pin: try await change(PINRole.self, in: device.general, as: CKU_USER, secrets)
        case .qpin: try await change(QPINRole.self, in: device.slot(of: .qpin) ?? device.general, as: CKU_USER, secrets)
        case .puk: try await change(PUKRole.self, in: device.general, as: CKU_SO, secrets)
        case .password: throw KeyStoreError(.changeNotOffered, secret: kind)
        }
    }

    private func change<Role: DeviceSecretRole>(
        _ role: Role.Type,
        in slot: Slot,
        as user: CK_USER_TYPE,
        _ secrets: any DeviceSecretSource
    ) async throws(KeyStoreError) {
        let kind = role.kind
        let request = try request(for: kind, purpose: .changeSecret(kind))
        if device.asksByItself(for: kind, in: slot) {
            try await secrets.announceDeviceEntry(of: request)
            return try setPIN(kind, in: slot, as: user, old: nil, new: nil)
        }
        let old = try await role.ask(secrets, for: request)
        guard request.lengths.contains(old.count) else { throw KeyStoreError(.secretInvalid, secret: kind) }
        let new = try await chosen(role, replacing: old, secrets)
        try old.withBytes { old throws(KeyStoreError) in
            try new.withBytes { new throws(KeyStoreError) in
                try setPIN(kind, in: slot, as: user, old: old, new: new)
            }
        }
    }

    /// Asks for a new value until it is a good one.
    func chosen<Role: DeviceSecretRole, Old>(
        _ role: Role.Type,
        replacing old: borrowing Secret<Old>,
        _ secrets: any DeviceSecretSource
    ) async throws(KeyStoreError) -> Secret<Role> {
        let lengths = device.lengths(of: role.kind)
        let rule = NewSecretRule(lengths: lengths, factoryValues: device.profile.factoryValues)
        var refusal: NewSecretRefusal?
        while true {
            let new = try await secrets.newSecret(
                role,
                for: NewSecretRequest(
                    kind: role.kind,
                    token: device.general.token.identity,
                    lengths: lengths,
                    refusal: refusal
                )
            )
            refusal = rule.refusal(of: new, replacing: old)
            if refusal == nil { return new }
        }
    }

    /// One typing of a secret that care needs.
    ///
    /// - Throws: when it is blocked, or was never set: nobody is asked for what cannot serve.
    func request(for kind: SecretKind, purpose: SecretRequest.Purpose) throws(KeyStoreError) -> SecretRequest {
        let standing = standing(of: kind)
        let state = standing?.state ?? .ok
        if state == .locked { throw blocked(kind) }
        if state == .notInitialised { throw neverSet(kind) }
        return SecretRequest(
            kind: kind,
            token: device.general.token.identity,
            purpose: purpose,
            state: state,
            lengths: device.lengths(of: kind),
            triesLeft: standing?.triesLeft,
            stake: stake(of: kind),
            belongsTo: device.profile.knownCare.pukPerSecret == true ? purpose.unblocked : nil
        )
    }

    /// One C_SetPIN in a session of its own. Where a login has to come first, the old value is given to C_SetPIN only
    /// after the login proved it right: a wrong one goes to the device once.
    func setPIN(
        _ kind: SecretKind,
        in slot: Slot,
        as user: CK_USER_TYPE,
        old: UnsafeRawBufferPointer?,
        new: UnsafeRawBufferPointer?
    ) throws(KeyStoreError) {
        // Whoever is logged in decides whose secret C_SetPIN changes.
        closeForNewSecret()
        let open = try OpenSlot(slot)
        let wasOfFactory = standing(of: kind)?.isOfFactory ?? false
        do throws(KeyStoreError) {
            if user == CKU_SO || device.profile.knownCare.change == .userSession {
                try open.session.logIn(user, as: kind, with: old)
            }
            try open.session.setPIN(kind, from: old, to: new)
        } catch {
            guard let failure = outcome(of: error, for: kind, wasOfFactory: wasOfFactory, on: open) else { return }
            throw failure
        }
    }

    /// What really happened when a new value was on its way and the module gave an error.
    ///
    /// No try is spent to find out. A device that marks the values of the factory tells by its mark.
    ///
    /// - Returns: `nil` when the new value counts.
    func outcome(
        of failure: KeyStoreError,
        for kind: SecretKind,
        wasOfFactory: Bool = false,
        on open: OpenSlot
    ) -> KeyStoreError? {
        let changes = failure.function == "C_SetPIN" || failure.function == "C_InitPIN"
        switch failure.code {
        case .secretWrong, .secretLocked: return explained(failure)
        case .secretInvalid where changes:
            return KeyStoreError(
                .secretRefused,
                secret: kind,
                function: failure.function,
                returnValue: failure.returnValue,
                refusal: .byDevice
            )
        default:
            guard changes, !failure.nothingWasDone else { return open.explained(failure) }
            if wasOfFactory, let now = standing(of: kind), now.state != nil {
                return now.isOfFactory ? open.explained(failure) : nil
            }
            return KeyStoreError(
                .secretUncertain,
                secret: kind,
                function: failure.function,
                returnValue: failure.returnValue
            )
        }
    }

    /// A wrong or blocked secret with what the device now tells of it.
    private func explained(_ failure: KeyStoreError) -> KeyStoreError {
        let now = failure.secret.flatMap { standing(of: $0) }
        return KeyStoreError(
            failure.code,
            secret: failure.secret,
            function: failure.function,
            returnValue: failure.returnValue,
            state: failure.code == .secretLocked ? .locked : now?.state,
            triesLeft: now?.triesLeft,
            canBeMendedHere: failure.secret.map(canUnblock) ?? true
        )
    }
}

extension SecretRequest.Purpose {
    /// The secret that gets a new value by a PUK.
    fileprivate var unblocked: SecretKind? {
        if case .unblock(let kind) = self { return kind }
        return nil
    }
}
