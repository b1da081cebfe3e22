// SPDX-License-Identifier: Apache-2.0

import Credentials
import OpenSSLKit
import Testing

@Suite struct SignatureEncodingTests {
    @Test(arguments: [EllipticCurve.p256, .p384])
    func `a high bit gets a zero before it and leading zeros go`(_ curve: EllipticCurve) throws {
        let length = curve.coordinateLength
        func half(_ bytes: [UInt8]) -> [UInt8] { [UInt8](repeating: 0, count: length - bytes.count) + bytes }
        func encoded(_ r: [UInt8], _ s: [UInt8]) throws -> [UInt8] {
            try SignatureEncoding.der(fromRaw: half(r) + half(s), curve: curve)
        }
        #expect(try encoded([1], [0x7F]) == [0x30, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x7F])
        #expect(try encoded([0x80], [0xFF]) == [0x30, 0x08, 0x02, 0x02, 0x00, 0x80, 0x02, 0x02, 0x00, 0xFF])
        #expect(try encoded([1, 0], [0x80, 0]) == [0x30, 0x09, 0x02, 0x02, 1, 0, 0x02, 0x03, 0, 0x80, 0])
        let full = [UInt8](repeating: 0xFF, count: length)
        let number: [UInt8] = [0x02, UInt8(length + 1), 0x00] + full
        #expect(try encoded(full, full) == [0x30, UInt8(2 * number.count)] + number + number)
    }

    @Test(arguments: [EllipticCurve.p256, .p384])
    func `another length or a half of nothing is refused`(_ curve: EllipticCurve) {
        let length = curve.coordinateLength
        let one = [UInt8](repeating: 1, count: length)
        let zero = [UInt8](repeating: 0, count: length)
        let wrongs: [[UInt8]] = [
            [], one, one + one.dropLast(), one + one + [1], one + one + one, zero + one, one + zero, zero + zero,
        ]
        for wrong in wrongs {
            #expect(throws: OpenSSLError(.malformed)) { try SignatureEncoding.der(fromRaw: wrong, curve: curve) }
        }
    }
}
