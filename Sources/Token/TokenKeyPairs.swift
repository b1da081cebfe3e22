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
        let pairs = try pairs(in: area, on: open)
        guard device.qualifiedArea.marksItsKeys else { return pairs }
        // Nobody can say where a lone public half was meant to live.
        return pairs.filter { ($0.claims?.alwaysAuthenticate == .yes) == (area == .qualified) }
    }

    /// All key pairs in every area, as far as they can be seen without asking for a secret.
    public func visibleKeyPairs() throws(KeyStoreError) -> [StoredKeyPair] {
        var found: [StoredKeyPair] = []
        for area in device.qualifiedArea.areasWithSlots {
            found += try pairs(in: area, on: try openSlot(for: area))
        }
        return found
    }

    private func pairs(in area: KeyArea, on open: OpenSlot) throws(KeyStoreError) -> [StoredKeyPair] {
        let (privates, publics) = try open.perform { session throws(KeyStoreError) in
            (try session.keyHalves(CKO_PRIVATE_KEY), try session.keyHalves(CKO_PUBLIC_KEY))
        }
        var widows = publics
        var pairs: [StoredKeyPair] = []
        for half in privates {
            let partner = widows.firstIndex { $0.isPartner(of: half) }.map { widows.remove(at: $0) }
            pairs.append(StoredKeyPair(half, partner, claims: half.claims.map(device.profile.corrected), in: area))
        }
        return pairs + widows.map { StoredKeyPair(nil, $0, claims: nil, in: area) }
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
