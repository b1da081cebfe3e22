// SPDX-License-Identifier: Apache-2.0

import Credentials
import Testing

@Suite struct PublicKeyTests {
    private let modulus = [UInt8](repeating: 0xA5, count: 256)

    @Test func `zeros before an RSA number change nothing`() throws {
        let plain = try #require(PublicKey.rsa(modulus: modulus, exponent: [1, 0, 1]))
        #expect(PublicKey.rsa(modulus: [0, 0] + modulus, exponent: [0, 1, 0, 1]) == plain)
        #expect(plain.material == .rsa(modulus: modulus, exponent: [1, 0, 1]))
        #expect(PublicKey.rsa(modulus: modulus, exponent: [3]) != plain)
        #expect(PublicKey.rsa(modulus: modulus + [0], exponent: [1, 0, 1]) != plain)
    }

    @Test func `a number that is nothing makes no RSA key`() {
        #expect(PublicKey.rsa(modulus: [], exponent: [1, 0, 1]) == nil)
        #expect(PublicKey.rsa(modulus: [0, 0], exponent: [1, 0, 1]) == nil)
        #expect(PublicKey.rsa(modulus: modulus, exponent: []) == nil)
        #expect(PublicKey.rsa(modulus: modulus, exponent: [0]) == nil)
    }

    @Test(arguments: [
        (256, 0x80, KeyAlgorithm.rsa2048, 2_048), (384, 0xFF, .rsa3072, 3_072), (512, 0x80, .rsa4096, 4_096),
        (256, 0x7F, nil, 2_047), (128, 0x80, nil, 1_024), (257, 0x01, nil, 2_049),
    ])
    func `the size of an RSA key counts from its highest bit`(
        _ length: Int,
        _ first: UInt8,
        _ algorithm: KeyAlgorithm?,
        _ bits: Int
    ) throws {
        let numbers = [first] + [UInt8](repeating: 1, count: length - 1)
        let key = try #require(PublicKey.rsa(modulus: numbers, exponent: [1, 0, 1]))
        #expect(key.algorithm == algorithm)
        #expect(key.strengthInBits == bits)
    }

    @Test(arguments: [(EllipticCurve.p256, KeyAlgorithm.p256, 256), (.p384, .p384, 384)])
    func `a point is read bare and wrapped`(_ curve: EllipticCurve, _ algorithm: KeyAlgorithm, _ bits: Int) throws {
        let point = [0x04] + (0..<UInt8(2 * curve.coordinateLength)).map { $0 }
        let key = try #require(PublicKey.elliptic(curve: curve, point: point))
        #expect(PublicKey.elliptic(curve: curve, point: [0x04, UInt8(point.count)] + point) == key)
        #expect(key.material == .elliptic(curve: curve, point: point))
        #expect(key.algorithm == algorithm)
        #expect(key.strengthInBits == bits)
    }

    @Test func `a point that begins like a wrapping is still bare`() throws {
        let point = [0x04, 0x41, 0x04] + [UInt8](repeating: 7, count: 62)
        let key = try #require(PublicKey.elliptic(curve: .p256, point: point))
        #expect(key.material == .elliptic(curve: .p256, point: point))
    }

    @Test(arguments: EllipticCurve.allCurves)
    func `a point of another length, form or wrapping is refused`(_ curve: EllipticCurve) {
        let point = [0x04] + [UInt8](repeating: 7, count: 2 * curve.coordinateLength)
        let wrongs: [[UInt8]] = [
            [], [0x04], Array(point.dropLast()), point + [0], [0x02] + point.dropFirst(),
            [0x02] + point.dropFirst().prefix(curve.coordinateLength), [0x03, UInt8(point.count)] + point,
            [0x04, UInt8(point.count + 1)] + point, [0x04, UInt8(point.count)] + [0x03] + point.dropFirst(),
        ]
        for wrong in wrongs {
            #expect(PublicKey.elliptic(curve: curve, point: wrong) == nil, "\(wrong.count) bytes")
        }
        let other: EllipticCurve = curve == .p256 ? .p384 : .p256
        #expect(PublicKey.elliptic(curve: other, point: point) == nil)
    }

    @Test func `algorithms, curves and digests belong together`() {
        #expect(KeyAlgorithm.allCases.map(\.modulusBits) == [2_048, 3_072, 4_096, nil, nil])
        #expect(KeyAlgorithm.allCases.map(\.curve) == [nil, nil, nil, .p256, .p384])
        #expect(KeyAlgorithm.allCases.map(\.digest) == [.sha256, .sha256, .sha256, .sha256, .sha384])
        #expect([DigestAlgorithm.sha256, .sha384, .sha512].map(\.length) == [32, 48, 64])
    }
}

extension EllipticCurve {
    static let allCurves: [EllipticCurve] = [.p256, .p384]
}
