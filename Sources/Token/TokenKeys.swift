// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// Keys that are on the token already.
extension PKCS11Token {
    /// Finds a key pair.
    ///
    /// For an RSA key whose numbers are known, the modulus is part of the search, so that the match proves equality
    /// and nothing more has to be read: the claims are then unreported. In the qualified area, and without numbers to
    /// match, the claims are read.
    ///
    /// - Returns: `nil` when the area has no such private key.
    public func findKey(
        _ identifier: KeyIdentifier,
        in area: KeyArea,
        matching publicKey: PublicKey?,
        for purpose: SecretRequest.Purpose,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> StoredKey? {
        let open = try await loggedInSlot(for: area, purpose: purpose, secrets: secrets)
        return try open.perform { session throws(KeyStoreError) in
            guard let (handle, found) = try privateKey(identifier, matching: publicKey, in: session) else { return nil }
            var claims = KeyClaims.unreported
            if area == .qualified || publicKey == nil {
                claims = device.profile.corrected(try session.claims(of: handle))
            }
            return storedKey(identifier, in: area, publicKey: found, handle: handle, claims: claims)
        }
    }

    /// Whether either half of a key pair is on the device, as far as it can be seen now; no secret is asked for.
    public func hasHalf(_ identifier: KeyIdentifier, in area: KeyArea) throws(KeyStoreError) -> Bool {
        try openSlot(for: area).perform { session throws(KeyStoreError) in
            for half in [CKO_PUBLIC_KEY, CKO_PRIVATE_KEY] {
                if try !session.find(.key(half, identifier), limit: 1).isEmpty { return true }
            }
            return false
        }
    }

    private func privateKey(
        _ identifier: KeyIdentifier,
        matching publicKey: PublicKey?,
        in session: borrowing Session
    ) throws(KeyStoreError) -> (CK_OBJECT_HANDLE, PublicKey)? {
        let template = Template.key(CKO_PRIVATE_KEY, identifier)
        if let publicKey, case .rsa(let modulus, _) = publicKey.material {
            var exact = template
            exact.bytes(CKA_MODULUS, modulus)
            if let handle = try session.find(exact, limit: 2).first { return (handle, publicKey) }
        }
        // A module may store the modulus with a zero in front, or not at all beside a private key.
        for handle in try session.find(template, limit: 16) {
            guard let numbers = try numbers(of: handle, identifier, in: session) else { continue }
            if publicKey == nil || publicKey == numbers { return (handle, numbers) }
        }
        return try publicKey.flatMap { (publicKey) throws(KeyStoreError) in
            try muteKey(identifier, of: publicKey, in: session)
        }
    }

    /// A key on a curve whose public half the token does not keep: it is taken for the one that is meant where it is
    /// alone under its identifier and on the same curve. Whoever uses it proves it by a signature.
    private func muteKey(
        _ identifier: KeyIdentifier,
        of publicKey: PublicKey,
        in session: borrowing Session
    ) throws(KeyStoreError) -> (CK_OBJECT_HANDLE, PublicKey)? {
        guard case .elliptic(let curve, _) = publicKey.material, !identifier.bytes.isEmpty else { return nil }
        let handles = try session.find(.key(CKO_PRIVATE_KEY, identifier), limit: 2)
        guard let handle = handles.first, handles.count == 1,
            try session.find(.key(CKO_PUBLIC_KEY, identifier), limit: 1).isEmpty,
            try session.read([(CKA_EC_PARAMS, 64)], of: handle).first == curve.objectIdentifier
        else { return nil }
        return (handle, publicKey)
    }

    /// The numbers of a private key: its own where it has a modulus, else those of the public half beside it.
    private func numbers(
        of privateKey: CK_OBJECT_HANDLE,
        _ identifier: KeyIdentifier,
        in session: borrowing Session
    ) throws(KeyStoreError) -> PublicKey? {
        let read = try session.read(
            [(CKA_MODULUS, 1024), (CKA_PUBLIC_EXPONENT, 1024), (CKA_EC_PARAMS, 64)],
            of: privateKey
        )
        if let modulus = read[0], let exponent = read[1], let key = PublicKey.rsa(modulus: modulus, exponent: exponent)
        {
            return key
        }
        let publicHalf = Template.key(CKO_PUBLIC_KEY, identifier)
        guard let object = try session.find(publicHalf, limit: 2).first else { return nil }
        guard let parameters = read[2] else { return try session.publicKey(of: object, curve: nil) }
        let curve = [EllipticCurve.p256, .p384].first { $0.objectIdentifier == parameters }
        return try curve.flatMap { (curve) throws(KeyStoreError) in
            try session.publicKey(of: object, curve: curve)
        }
    }
}

extension KeyClaims {
    /// Nothing was asked.
    static let unreported = KeyClaims(
        local: .unreported,
        sensitive: .unreported,
        neverExtractable: .unreported,
        alwaysAuthenticate: .unreported
    )
}
