// SPDX-License-Identifier: Apache-2.0

/// Something that can sign: the private half never leaves the place where it was made.
///
/// Everything in this package that needs a signature is written against this protocol; next hop: `KeyStore`.
public protocol SigningKey: Sendable {
    /// The public half.
    var publicKey: PublicKey { get }

    /// Signs once. A key that wants its own code for every signature asks `secrets` for it here.
    ///
    /// - Returns: a block as long as the modulus for RSA; `r ‖ s` (two coordinates, PKCS#11 form) on a curve.
    func sign(_ content: ContentToSign, secrets: any SecretSource) async throws(KeyStoreError) -> [UInt8]
}

/// What is to be signed, ready for modules that hash and for modules that do not.
///
/// A token may have a mechanism that hashes by itself, one that takes a digest, or only one of the two; whoever asks
/// for a signature has a hash function at hand and the token's driver has not.
public struct ContentToSign: Sendable {
    /// The whole message, for modules that hash; `nil` where only the digest is known.
    public let message: [UInt8]?
    /// The digest of the message.
    public let digest: [UInt8]
    /// The function that made the digest.
    public let digestAlgorithm: DigestAlgorithm
    /// How the digest is padded under an RSA key; without meaning on a curve.
    public let padding: RSAPadding

    /// Binds a message to its digest; `digest` must be `digestAlgorithm.length` bytes long.
    public init(message: [UInt8]?, digest: [UInt8], digestAlgorithm: DigestAlgorithm, padding: RSAPadding = .pkcs1) {
        precondition(digest.count == digestAlgorithm.length, "a digest of another function")
        self.message = message
        self.digest = digest
        self.digestAlgorithm = digestAlgorithm
        self.padding = padding
    }
}

/// The paddings of RSA signatures (RFC 8017, section 8).
public enum RSAPadding: Sendable {
    /// RSASSA-PKCS1-v1_5.
    case pkcs1
    /// RSASSA-PSS with a salt as long as the digest and MGF1 over the same function.
    case pss
}
