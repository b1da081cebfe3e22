// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// Which key pairs there are.
extension PKCS11Token {
    /// All key pairs of an area, and halves without their partners.
    ///
    /// A private half without numbers of its own (keys on a curve) belongs to the public half with its identifier. On
    /// a device with one slot, keys that want their own code are those of the qualified area.
    public func keyPairs(
        in area: KeyArea,
        for purpose: SecretRequest.Purpose,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> [StoredKeyPair] {
        let open = try await loggedInSlot(for: area, purpose: purpose, secrets: secrets)
        let (privates, publics) = try open.perform { session throws(KeyStoreError) in
            (try session.keyHalves(CKO_PRIVATE_KEY), try session.keyHalves(CKO_PUBLIC_KEY))
        }
        var widows = publics
        var pairs: [StoredKeyPair] = []
        for half in privates {
            let partner = widows.firstIndex { $0.isPartner(of: half) }.map { widows.remove(at: $0) }
            let claims = half.claims.map(device.profile.corrected)
            guard isIn(area, claims) else { continue }
            pairs.append(StoredKeyPair(half, partner, claims: claims, in: area))
        }
        // On a device with one slot nobody can say where a lone public half was meant to live.
        if !device.asksForEachSignature || area == .general {
            pairs += widows.map { StoredKeyPair(nil, $0, claims: nil, in: area) }
        }
        return pairs
    }

    private func isIn(_ area: KeyArea, _ claims: KeyClaims?) -> Bool {
        guard device.asksForEachSignature else { return true }
        return (claims?.alwaysAuthenticate == .yes) == (area == .qualified)
    }
}

extension KeyHalf {
    /// Whether this public half belongs to that private one.
    func isPartner(of half: KeyHalf) -> Bool {
        guard identifier == half.identifier else { return false }
        guard let numbers = half.publicKey, let own = publicKey else { return half.publicKey == nil }
        return numbers == own
    }
}

extension StoredKeyPair {
    fileprivate init(_ privateHalf: KeyHalf?, _ publicHalf: KeyHalf?, claims: KeyClaims?, in area: KeyArea) {
        let half = privateHalf ?? publicHalf
        self.init(
            identifier: half?.identifier ?? KeyIdentifier(bytes: []),
            label: half?.label ?? "",
            area: area,
            publicKey: privateHalf?.publicKey ?? publicHalf?.publicKey,
            hasPrivateHalf: privateHalf != nil,
            hasPublicHalf: publicHalf != nil,
            claims: claims
        )
    }
}
