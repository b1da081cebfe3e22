// SPDX-License-Identifier: Apache-2.0

import CSRBuilder
import Credentials
import Foundation
import TestSupport
import Testing

@Suite struct GoldenTests {
    @Test(arguments: GoldenRequest.all)
    func `an RSA request is byte for byte what the openssl command makes`(_ row: GoldenRequest) async throws {
        let request = try await row.build(signingWith: SoftwareKey("rsa2048"))
        #expect(try request.der == row.expected("rsa2048"))
    }

    @Test(arguments: GoldenRequest.all, ["p256", "p384"])
    func `a request on a curve differs from the openssl command's in the signature alone`(
        _ row: GoldenRequest,
        _ key: String
    ) async throws {
        let made = Elements.split(Elements.content(of: try await row.build(signingWith: SoftwareKey(key)).der))
        let expected = Elements.split(Elements.content(of: try row.expected(key)))
        #expect(made.count == 3 && expected.count == 3)
        #expect(made.first == expected.first && made.dropFirst().first == expected.dropFirst().first)
    }

    @Test(arguments: GoldenRequest.all, GoldenRequest.keys)
    func `the markers are there exactly when they may be`(_ row: GoldenRequest, _ key: String) async throws {
        let der = try await row.build(signingWith: SoftwareKey(key)).der
        let qualified = row.type == .qualified
        let compliance: [UInt8] = [0x30, 0x08, 0x06, 0x06, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x01]
        let device: [UInt8] = [0x30, 0x08, 0x06, 0x06, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x04]
        let ncpPlus: [UInt8] = [0x06, 0x06, 0x04, 0x00, 0x8F, 0x7A, 0x01, 0x02]
        let purpose: [UInt8] = [0x30, 0x09, 0x06, 0x07, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x06]
        #expect(der.contains(run: compliance) == qualified)
        #expect(der.contains(run: device) == (qualified && row.onDevice))
        #expect(der.contains(run: ncpPlus) == (!qualified && row.onDevice))
        #expect(der.contains(run: purpose + [0x01]) == (qualified && row.holder == .person))
        #expect(der.contains(run: purpose + [0x02]) == (qualified && row.holder == .seal))
    }
}
