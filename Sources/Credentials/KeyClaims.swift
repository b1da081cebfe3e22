// SPDX-License-Identifier: Apache-2.0

/// What a device says of a key, attribute by attribute (PKCS#11 2.40, section 4.9).
public struct KeyClaims: Hashable, Codable, Sendable {
    /// One attribute as it was read back: some modules leave out what others insist on.
    public enum Claim: String, Codable, Sendable {
        /// The device says so.
        case yes
        /// The device denies it.
        case no
        /// The device does not say, or its profile knows that what it says is wrong.
        case unreported
    }

    /// Made on the device (CKA_LOCAL).
    public var local: Claim
    /// Never shown in the clear (CKA_SENSITIVE and CKA_ALWAYS_SENSITIVE).
    public var sensitive: Claim
    /// Never could leave (CKA_NEVER_EXTRACTABLE, and not CKA_EXTRACTABLE).
    public var neverExtractable: Claim
    /// Wants its own code for every signature (CKA_ALWAYS_AUTHENTICATE).
    public var alwaysAuthenticate: Claim

    /// States the four.
    public init(local: Claim, sensitive: Claim, neverExtractable: Claim, alwaysAuthenticate: Claim) {
        self.local = local
        self.sensitive = sensitive
        self.neverExtractable = neverExtractable
        self.alwaysAuthenticate = alwaysAuthenticate
    }

    /// Whether any attribute says that the key may be known outside the device.
    public var denyOnDeviceKey: Bool { [local, sensitive, neverExtractable].contains(.no) }
}
