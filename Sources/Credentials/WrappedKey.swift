// SPDX-License-Identifier: Apache-2.0

/// A private key on its way out of a store that lets it go: a PKCS#8 structure (RFC 5958) under AES-256 in CBC mode
/// with PKCS#7 padding, and the key to it, which lives as long as this.
public struct WrappedKey: ~Copyable, Sendable {
    /// The public half.
    public let publicKey: PublicKey
    /// The encrypted structure.
    public let ciphertext: [UInt8]
    /// 32 bytes, used once.
    public let wrappingKey: Secret<WrappingKeyRole>
    /// 16 bytes.
    public let initialisationVector: [UInt8]

    /// Puts the parts together.
    public init(
        publicKey: PublicKey,
        ciphertext: [UInt8],
        wrappingKey: consuming Secret<WrappingKeyRole>,
        initialisationVector: [UInt8]
    ) {
        self.publicKey = publicKey
        self.ciphertext = ciphertext
        self.wrappingKey = wrappingKey
        self.initialisationVector = initialisationVector
    }
}

/// The role of a key that wraps another one on its way out.
public enum WrappingKeyRole: SecretRole {
    /// It protects what a password will protect a moment later.
    public static var kind: SecretKind { .password }
}

extension Secret where Role == WrappingKeyRole {
    /// Fresh and random.
    public static func random() -> Secret? {
        unsafe Secret(filling: { room in
            var generator = SystemRandomNumberGenerator()
            for index in 0..<32 { unsafe room[index] = UInt8.random(in: .min ... .max, using: &generator) }
            return 32
        })
    }
}
