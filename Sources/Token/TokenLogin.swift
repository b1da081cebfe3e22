// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// Secrets on their way from a person to the device.
extension PKCS11Token {
    /// The open slot of an area, logged in; nobody is asked when it already is.
    func loggedInSlot(
        for area: KeyArea,
        purpose: SecretRequest.Purpose,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> OpenSlot {
        let open = try openSlot(for: area)
        // Whoever comes while a person types waits for the outcome instead of asking a second time.
        while open.isAsking {
            await withCheckedContinuation { open.waiting.append($0) }
        }
        guard !open.isLoggedIn, open.slot.token.requiresLogin else { return open }
        open.isAsking = true
        defer {
            open.isAsking = false
            let waiting = open.waiting
            open.waiting = []
            for continuation in waiting { continuation.resume() }
        }
        let kind = device.slotSecret(for: area)
        let state = open.slot.token.secretState
        if state == .locked { throw blocked(kind) }
        if state == .notInitialised { throw neverSet(kind) }
        let secret = try await ask(kind, on: open, state: state, purpose: purpose, secrets: secrets)
        try give(secret, to: open, user: CKU_USER)
        open.isLoggedIn = true
        return open
    }

    /// The open slot of an area, logged in, and the other one too where the profile says that nothing can be written
    /// without: cards keep their directories, and what an interrupted write left behind, under the first PIN.
    func writableSlot(
        for area: KeyArea,
        purpose: SecretRequest.Purpose,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> OpenSlot {
        if area == .qualified, device.qualifiedArea.writingOpensBoth {
            _ = try await loggedInSlot(for: .general, purpose: purpose, secrets: secrets)
        }
        return try await loggedInSlot(for: area, purpose: purpose, secrets: secrets)
    }

    /// Asks for a secret, or says that the device asks by itself.
    func ask(
        _ kind: SecretKind,
        on open: OpenSlot,
        state: SecretState,
        purpose: SecretRequest.Purpose,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> GivenSecret {
        let request = SecretRequest(
            kind: kind,
            token: device.general.token.identity,
            purpose: purpose,
            state: state,
            lengths: device.lengths(of: kind)
        )
        if device.asksByItself(for: kind, in: open.slot) {
            try await secrets.announceDeviceEntry(of: request)
            return .onDevice(kind)
        }
        let given: GivenSecret =
            kind == .qpin ? .qpin(try await secrets.qpin(for: request)) : .pin(try await secrets.pin(for: request))
        guard request.lengths.contains(given.count ?? 0) else { throw KeyStoreError(.secretInvalid, secret: kind) }
        // Seen here, where it costs no try; other uses are not held up by it.
        if purpose == .generateKey, given.isOne(of: device.profile.factoryValue(of: kind)) {
            throw ofFactory(kind)
        }
        return given
    }

    /// Gives a secret to the device: one call, whatever comes of it.
    func give(_ secret: consuming GivenSecret, to open: OpenSlot, user: CK_USER_TYPE) throws(KeyStoreError) {
        let kind = secret.kind
        do throws(KeyStoreError) {
            switch secret {
            case .pin(let pin):
                try pin.withBytes { bytes throws(KeyStoreError) in try open.session.logIn(user, as: kind, with: bytes) }
            case .qpin(let qpin):
                try qpin.withBytes { bytes throws(KeyStoreError) in try open.session.logIn(user, as: kind, with: bytes)
                }
            case .onDevice:
                try open.session.logIn(user, as: kind, with: nil)
            }
        } catch  where error.isReturnValue(CKR_USER_ALREADY_LOGGED_IN) {
            return
        } catch  where error.code == .secretWrong || error.code == .secretLocked {
            // The flags of a slot tell of the secret that opens it, and of no other.
            let tellsOfIt = user == CKU_USER || device.slot(of: kind) != nil
            let state = tellsOfIt ? open.refreshedSecretState() : nil
            throw KeyStoreError(
                error.code,
                secret: kind,
                function: error.function,
                returnValue: error.returnValue,
                state: error.code == .secretLocked ? .locked : state,
                triesLeft: tellsOfIt && error.code == .secretWrong ? cardSecrets()?.triesLeft(of: kind) : nil,
                canBeMendedHere: canUnblock(kind)
            )
        } catch {
            throw open.explained(error)
        }
    }
}

/// A secret that was typed for one use, or one that the device asks for by itself.
enum GivenSecret: ~Copyable {
    case pin(PIN)
    case qpin(QPIN)
    case onDevice(SecretKind)

    var kind: SecretKind {
        switch self {
        case .pin: .pin
        case .qpin: .qpin
        case .onDevice(let kind): kind
        }
    }

    /// Whether it is a value that the maker publishes.
    borrowing func isOne(of published: String?) -> Bool {
        guard let published else { return false }
        return switch self {
        case .pin(let pin): pin.isOne(of: [Array(published.utf8)])
        case .qpin(let qpin): qpin.isOne(of: [Array(published.utf8)])
        case .onDevice: false
        }
    }

    /// The length in bytes; `nil` where nothing was typed here.
    var count: Int? {
        switch self {
        case .pin(let pin): pin.count
        case .qpin(let qpin): qpin.count
        case .onDevice: nil
        }
    }
}
