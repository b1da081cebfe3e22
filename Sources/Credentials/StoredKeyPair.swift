// SPDX-License-Identifier: Apache-2.0

/// A key pair on a device, or what is left of one, as a listing shows it. Next hop: `KeyStore.remove`.
public struct StoredKeyPair: Hashable, Sendable {
    /// What binds it to its certificate; may be empty, and other keys may bear the same.
    public let identifier: KeyIdentifier
    /// The label, with control characters taken away.
    public let label: String
    /// Where it lives.
    public let area: KeyArea
    /// The numbers of the pair; `nil` where neither half gives any that are understood.
    public let publicKey: PublicKey?
    /// Whether the private half is there.
    public let hasPrivateHalf: Bool
    /// Whether the public half is there. Some modules keep none.
    public let hasPublicHalf: Bool
    /// What the device says of the private half; `nil` where it is missing.
    public let claims: KeyClaims?

    /// Describes a key pair on a device.
    public init(
        identifier: KeyIdentifier,
        label: String,
        area: KeyArea,
        publicKey: PublicKey?,
        hasPrivateHalf: Bool,
        hasPublicHalf: Bool,
        claims: KeyClaims?
    ) {
        self.identifier = identifier
        self.label = label
        self.area = area
        self.publicKey = publicKey
        self.hasPrivateHalf = hasPrivateHalf
        self.hasPublicHalf = hasPublicHalf
        self.claims = claims
    }
}
