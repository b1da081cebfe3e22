// SPDX-License-Identifier: Apache-2.0

/// The kinds of key that a request can be made for.
public enum KeyAlgorithm: String, CaseIterable, Codable, Sendable {
    /// RSA with a modulus of 2,048 bits: what every qualified device in the field offers.
    case rsa2048
    /// RSA with a modulus of 3,072 bits.
    case rsa3072
    /// RSA with a modulus of 4,096 bits.
    case rsa4096
    /// NIST P-256 (secp256r1).
    case p256
    /// NIST P-384 (secp384r1).
    case p384

    /// The length of an RSA modulus in bits; `nil` for keys on a curve.
    public var modulusBits: Int? {
        switch self {
        case .rsa2048: 2048
        case .rsa3072: 3072
        case .rsa4096: 4096
        case .p256, .p384: nil
        }
    }

    /// The curve of the key; `nil` for RSA.
    public var curve: EllipticCurve? {
        switch self {
        case .rsa2048, .rsa3072, .rsa4096: nil
        case .p256: .p256
        case .p384: .p384
        }
    }

    /// The digest that a request signed with such a key uses: as strong as the key, never weaker than SHA-256.
    public var digest: DigestAlgorithm { self == .p384 ? .sha384 : .sha256 }
}

/// The named curves that certification authorities in the field accept (RFC 5480, section 2.1.1.1).
public enum EllipticCurve: String, Codable, Sendable {
    /// secp256r1, a coordinate has 32 bytes.
    case p256
    /// secp384r1, a coordinate has 48 bytes.
    case p384

    /// The length in bytes of one coordinate, and of each half of a raw signature.
    public var coordinateLength: Int { self == .p256 ? 32 : 48 }
}

/// A digest of the SHA-2 family (FIPS 180-4).
public enum DigestAlgorithm: String, Codable, Sendable {
    /// SHA-256, 32 bytes.
    case sha256
    /// SHA-384, 48 bytes.
    case sha384
    /// SHA-512, 64 bytes.
    case sha512

    /// The length of a digest in bytes.
    public var length: Int {
        switch self {
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }
}
