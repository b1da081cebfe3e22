// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// Key pairs that are made on the token.
extension PKCS11Token {
    /// Looks whether anything that is known before a secret is typed stands in the way of a new key.
    ///
    /// - Throws: `algorithmNotOffered` for kinds of key that the mechanism list or the profile lacks, with those that
    ///   there are; RSA-2048 is taken without reading the list, because every device in the field has it.
    public func admit(_ algorithm: KeyAlgorithm, in area: KeyArea) throws(KeyStoreError) {
        if algorithm != .rsa2048 {
            let offered = try algorithms(in: area)
            guard offered.contains(algorithm) else {
                throw KeyStoreError(.algorithmNotOffered, candidates: offered.map(\.rawValue))
            }
        }
        let general = try current(device.general)
        let signature = try device.qualifiedArea.ownSlot.map { slot throws(KeyStoreError) in try current(slot) }
        let opened = area == .qualified ? signature ?? general : general
        let kind = device.slotSecret(for: area)
        if opened.requiresLogin {
            if opened.secretState == .locked { throw blocked(kind) }
            if opened.secretState == .notInitialised { throw neverSet(kind) }
        }
        let marked = device.factorySecrets(general: general, signature: signature)
        // The one that is typed now comes first.
        guard let first = marked.first(where: { $0 == kind }) ?? marked.first else { return }
        throw ofFactory(first)
    }

    /// Generates a key pair that stays on the device, and reads back what the device says of it.
    ///
    /// - Throws: what `admit` throws before anything is made.
    public func generateKey(
        _ specification: KeySpecification,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> StoredKey {
        let area = specification.area
        guard letsKeysOut || !specification.mayLeave else { throw KeyStoreError(.algorithmNotOffered) }
        try admit(specification.algorithm, in: area)
        let open = try await writableSlot(for: area, purpose: .generateKey, secrets: secrets)
        let opening = area == .qualified ? device.qualifiedArea.openingForGeneration : .nothing
        if opening == .areaFirst { try await openQualifiedArea(on: open, secrets: secrets) }
        do throws(KeyStoreError) {
            return try generate(specification, on: open)
        } catch  where error.isReturnValue(CKR_USER_NOT_LOGGED_IN) {
            // Nothing was made: the module wants more to be open than any profile knew.
            switch opening {
            case .nothing, .areaFirst: throw error
            case .areaWhenAsked: try await openQualifiedArea(on: open, secrets: secrets)
            case .generalSlotWhenAsked:
                _ = try await loggedInSlot(for: .general, purpose: .generateKey, secrets: secrets)
            }
            return try generate(specification, on: open)
        }
    }

    /// Opens the qualified area for one key: by a login that belongs to no operation, or by the module itself, which
    /// then asks while it generates.
    private func openQualifiedArea(on open: OpenSlot, secrets: any SecretSource) async throws(KeyStoreError) {
        let secret = try await ask(.qpin, on: open, state: .ok, purpose: .generateKey, secrets: secrets)
        guard secret.count != nil else { return }
        try give(secret, to: open, user: CKU_CONTEXT_SPECIFIC)
    }

    private func generate(
        _ specification: KeySpecification,
        on open: OpenSlot
    ) throws(KeyStoreError) -> StoredKey {
        let authenticatesAlways = specification.area == .qualified && device.qualifiedArea.marksItsKeys
        let handles: KeyPairHandles
        do throws(KeyStoreError) {
            handles = try open.perform { session throws(KeyStoreError) in
                try session.generateKeyPair(specification, alwaysAuthenticate: authenticatesAlways)
            }
        } catch  where !error.nothingWasDone {
            // A module may fail after the pair was made. Its identifier is random: what bears it was made here.
            guard let made = (try? pair(specification.identifier, on: open)) ?? nil else { throw error }
            handles = made
        } catch  where specification.algorithm != .rsa2048 && error.isReturnValue(CKR_ATTRIBUTE_VALUE_INVALID) {
            throw KeyStoreError(.algorithmNotOffered, function: error.function, returnValue: error.returnValue)
        } catch  where error.code == .tokenFull {
            throw explained(error, in: specification.area)
        } catch  where error.secret == nil && (error.code == .secretWrong || error.code == .secretLocked) {
            // The module has asked by itself, and does not say for what.
            let kind = specification.area == .qualified ? device.signatureSecret(for: .qualified) : .pin
            throw KeyStoreError(
                error.code,
                secret: kind,
                function: error.function,
                returnValue: error.returnValue,
                state: error.state,
                canBeMendedHere: canUnblock(kind)
            )
        }
        return try open.perform { session throws(KeyStoreError) in
            let curve = specification.algorithm.curve
            guard let publicKey = try session.publicKey(of: handles.publicKey, curve: curve),
                publicKey.algorithm == specification.algorithm
            else {
                throw KeyStoreError(returnValue: CKR_PUBLIC_KEY_INVALID, function: "C_GetAttributeValue", secret: nil)
            }
            let claims = device.profile.corrected(try session.claims(of: handles.privateKey))
            return storedKey(
                specification.identifier,
                in: specification.area,
                publicKey: publicKey,
                handle: handles.privateKey,
                claims: claims
            )
        }
    }

    private func pair(_ identifier: KeyIdentifier, on open: OpenSlot) throws(KeyStoreError) -> KeyPairHandles? {
        let publicKeys = try open.session.find(.key(CKO_PUBLIC_KEY, identifier), limit: 2)
        let privateKeys = try open.session.find(.key(CKO_PRIVATE_KEY, identifier), limit: 2)
        guard publicKeys.count == 1, privateKeys.count == 1 else { return nil }
        return KeyPairHandles(publicKey: publicKeys[0], privateKey: privateKeys[0])
    }
}

extension PKCS11Token {
    /// What is full: a qualified area whose limit is known, or the memory of the device.
    func explained(_ full: KeyStoreError, in area: KeyArea) -> KeyStoreError {
        let limit = area == .qualified ? device.profile.qualifiedCertificates?.limit : nil
        return KeyStoreError(.tokenFull, function: full.function, returnValue: full.returnValue, areaLimit: limit)
    }

    /// A key pair as the rest of the client knows it.
    func storedKey(
        _ identifier: KeyIdentifier,
        in area: KeyArea,
        publicKey: PublicKey,
        handle: CK_OBJECT_HANDLE,
        claims: KeyClaims
    ) -> StoredKey {
        let key = TokenKey(
            publicKey: publicKey,
            handle: handle,
            area: area,
            alwaysAuthenticate: claims.alwaysAuthenticate,
            token: self
        )
        return StoredKey(identifier: identifier, area: area, claims: claims, signingKey: key)
    }
}

extension Template {
    /// The keys of one class with an identifier.
    static func key(_ objectClass: CK_OBJECT_CLASS, _ identifier: KeyIdentifier) -> Template {
        var template = Template(class: objectClass)
        template.bytes(CKA_ID, identifier.bytes)
        return template
    }
}
