// SPDX-License-Identifier: Apache-2.0

/// A public key as its numbers, however a module or a certificate happened to write them.
///
/// Two keys are equal when their numbers are: some modules put zeros before an exponent, others wrap a point once
/// more, and a certificate must still find its key.
public struct PublicKey: Hashable, Sendable {
    /// The numbers of a key.
    public enum Material: Hashable, Sendable {
        /// Modulus and public exponent, big-endian, without leading zeros (RFC 8017, section 3.1).
        case rsa(modulus: [UInt8], exponent: [UInt8])
        /// An uncompressed point, `04 ‖ x ‖ y` (SEC 1, section 2.3.3).
        case elliptic(curve: EllipticCurve, point: [UInt8])
    }

    /// The numbers of this key, normalised.
    public let material: Material

    /// An RSA key. Leading zeros are dropped.
    ///
    /// - Returns: `nil` when either number is empty or zero.
    public static func rsa(modulus: [UInt8], exponent: [UInt8]) -> PublicKey? {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        guard !modulus.isEmpty, !exponent.isEmpty else { return nil }
        return PublicKey(material: .rsa(modulus: modulus, exponent: exponent))
    }

    /// A key on a curve, from an uncompressed point, bare or inside a DER OCTET STRING (PKCS#11 2.40, section 2.3.3).
    ///
    /// - Returns: `nil` when the bytes are neither.
    public static func elliptic(curve: EllipticCurve, point: [UInt8]) -> PublicKey? {
        let length = 1 + 2 * curve.coordinateLength
        var point = point
        if point.count == length + 2, point[0] == 0x04, Int(point[1]) == length { point.removeFirst(2) }
        guard point.count == length, point[0] == 0x04 else { return nil }
        return PublicKey(material: .elliptic(curve: curve, point: point))
    }

    /// The kind of key, when it is one that requests can be made for.
    public var algorithm: KeyAlgorithm? {
        switch material {
        case .rsa: KeyAlgorithm.allCases.first { $0.modulusBits == strengthInBits }
        case .elliptic(let curve, _): curve == .p256 ? .p256 : .p384
        }
    }

    /// The length in bits of the modulus, or of the curve's field.
    public var strengthInBits: Int {
        switch material {
        case .rsa(let modulus, _): modulus.count * 8 - modulus[0].leadingZeroBitCount
        case .elliptic(let curve, _): curve.coordinateLength * 8
        }
    }

    private init(material: Material) { self.material = material }
}
