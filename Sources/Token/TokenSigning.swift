// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// Signatures with keys on the token.
extension PKCS11Token {
    /// Signs once.
    ///
    /// A key that is not known to want its own code is tried without: a wrong guess costs two calls, where a code that
    /// was not wanted might cost a try.
    func sign(
        _ content: ContentToSign,
        with key: TokenKey,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> [UInt8] {
        let forms = SignatureForm.forms(for: content, under: key.publicKey)
        let open = try await loggedInSlot(for: key.area, purpose: .signRequest, secrets: secrets)
        if key.alwaysAuthenticate != .yes {
            do throws(KeyStoreError) {
                return try signature(forms, with: key, on: open, authenticate: nil)
            } catch  where error.isReturnValue(CKR_USER_NOT_LOGGED_IN) {
                // Some modules leave the operation open (tpm2-pkcs11), and the next one would meet it.
                try open.renewSession()
            }
        }
        // Asked for before C_SignInit: no operation is left open while a person thinks.
        let kind = device.signatureSecret(for: key.area)
        let state: SecretState = device.qualifiedArea.marksItsKeys ? .ok : open.slot.token.secretState
        if state == .locked { throw blocked(kind) }
        let secret = try await ask(kind, on: open, state: state, purpose: .signRequest, secrets: secrets)
        if kind == .qpin, secret.isOne(of: device.profile.factoryValue(of: kind)), try isNew(key, on: open) {
            throw ofFactory(kind, keyWasMade: true)
        }
        return try signature(forms, with: key, on: open, authenticate: secret)
    }

    /// Whether no certificate is beside a key yet. Where the QPIN is asked for signatures alone, the first one is the
    /// request's, and the last chance to insist on a QPIN that is not the factory's.
    private func isNew(_ key: TokenKey, on open: OpenSlot) throws(KeyStoreError) -> Bool {
        try open.perform { session throws(KeyStoreError) in
            guard let identifier = try session.read([(CKA_ID, 256)], of: key.handle)[0], !identifier.isEmpty else {
                return false
            }
            return try session.find(.key(CKO_CERTIFICATE, KeyIdentifier(bytes: identifier)), limit: 1).isEmpty
        }
    }

    /// Tries the forms that a module may take until it takes one.
    private func signature(
        _ forms: [SignatureForm],
        with key: TokenKey,
        on open: OpenSlot,
        authenticate secret: consuming GivenSecret?
    ) throws(KeyStoreError) -> [UInt8] {
        let form = try start(forms, with: key, on: open)
        let length = key.publicKey.signatureLength
        do throws(KeyStoreError) {
            if let secret = secret.take() { try give(secret, to: open, user: CKU_CONTEXT_SPECIFIC) }
            return try open.perform { session throws(KeyStoreError) in
                try session.finishSigning(form, length: length)
            }
        } catch {
            // Whatever was left open must not meet the next signature.
            if error.function == "C_Login" { try? open.renewSession() }
            throw error
        }
    }

    private func start(
        _ forms: [SignatureForm],
        with key: TokenKey,
        on open: OpenSlot
    ) throws(KeyStoreError) -> SignatureForm {
        var refusal = KeyStoreError(returnValue: CKR_MECHANISM_INVALID, function: "C_SignInit", secret: nil)
        for form in forms where !open.refusedMechanisms.contains(form.mechanism) {
            do throws(KeyStoreError) {
                try startAfresh(form, with: key, on: open)
                return form
            } catch  where error.isReturnValue(CKR_MECHANISM_INVALID) {
                open.refusedMechanisms.insert(form.mechanism)
                refusal = error
            }
        }
        throw refusal
    }

    private func startAfresh(_ form: SignatureForm, with key: TokenKey, on open: OpenSlot) throws(KeyStoreError) {
        do throws(KeyStoreError) {
            try open.perform { session throws(KeyStoreError) in try session.startSigning(form, with: key.handle) }
        } catch  where error.isReturnValue(CKR_OPERATION_ACTIVE) {
            try open.renewSession()
            try open.perform { session throws(KeyStoreError) in try session.startSigning(form, with: key.handle) }
        }
    }
}
