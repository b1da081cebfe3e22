// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// Certificates that somebody tampered with: read or refused, never more than that.
@Suite struct HostileCertificateTests {
    private let der: [UInt8]
    private let root: [UInt8]

    init() async throws {
        let laboratory = try Laboratory()
        root = try await laboratory.certificate("root", .authority())
        der = try await laboratory.certificate(
            "leaf",
            .leaf(issuer: "root").with {
                $0.subject = "/C=CZ/O=Kůň/CN=Josef Čapek/SN=Čapek"
                $0.extensions += [
                    "1.3.6.1.5.5.7.1.3=DER:30293008060604008e4601013008060604008e460104"
                        + "3013060604008e4601063009060704008e46010601",
                    "certificatePolicies=0.4.0.194112.1.2", "subjectAltName=email:kun@example.cz",
                ]
            }
        )
    }

    @Test func `a certificate cut off anywhere is refused`() {
        for length in 0..<der.count {
            #expect(throws: OpenSSLError(.malformed)) { try Certificate(parsing: Array(der.prefix(length))) }
        }
    }

    @Test func `a certificate with anything after it is refused`() {
        for tail in [[0], [0, 0], der, [UInt8](repeating: 0xFF, count: 1_000)] as [[UInt8]] {
            #expect(throws: OpenSSLError(.malformed)) { try Certificate(parsing: der + tail) }
        }
    }

    @Test func `a certificate that is no DER, though it could be read, is refused`() throws {
        // The length of the whole with a byte more than it needs; a signature with unused bits that are not zero; a name that is not
        // marked as constructed.
        #expect(der[1] == 0x82)
        let longer = [0x30, 0x83, 0x00] + der.dropFirst(2)
        var unused = der
        let signature = try #require(Data(der).range(of: Data([0x04, 0x03, 0x02, 0x03]), options: .backwards))
        unused[signature.upperBound + 1] = 0x02
        unused[unused.count - 1] |= 0x01
        var name = der
        let issuer = try #require(Data(der).range(of: Data([0x30, 0x0F, 0x31, 0x0D, 0x30, 0x0B, 0x06, 0x03])))
        name[issuer.lowerBound] = 0x10
        for wrong in [longer, unused, name] {
            #expect(throws: OpenSSLError(.malformed)) { try Certificate(parsing: wrong) }
        }
    }

    @Test func `no single wrong bit is believed`() throws {
        let anchors = try TrustAnchors(bundle: root)
        #expect(throws: Never.self) {
            try ChainVerification.verify(leaf: der, intermediates: [], anchors: anchors, at: inTheMiddle)
        }
        var readable = 0
        for bit in 0..<(der.count * 8) {
            var wrong = der
            wrong[bit / 8] ^= 0x80 >> UInt8(bit % 8)
            if let certificate = try? Certificate(parsing: wrong) {
                readable += 1
                #expect(certificate.der == wrong)
                _ = try? CertificateDetails(of: certificate)
            }
            #expect(throws: ChainError.self, "bit \(bit)") {
                try ChainVerification.verify(leaf: wrong, intermediates: [], anchors: anchors, at: inTheMiddle)
            }
        }
        #expect(readable > der.count, "hardly anything was read: the test would prove nothing")
    }

    @Test func `random damage never brings the reader down`() throws {
        var generator = Generator(state: 20_260_101)
        for _ in 0..<20_000 {
            var wrong = der
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                let place = Int.random(in: wrong.indices, using: &generator)
                switch UInt8.random(in: 0...3, using: &generator) {
                case 0: wrong[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 1: wrong.remove(at: place)
                case 2: wrong.insert(UInt8.random(in: .min ... .max, using: &generator), at: place)
                default: wrong[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                }
            }
            guard let certificate = try? Certificate(parsing: wrong) else { continue }
            #expect(certificate.der == wrong)
            _ = try? CertificateDetails(of: certificate)
            _ = try? certificate.publicKey?.subjectPublicKeyInfo()
        }
    }

    /// The same numbers in every run (SplitMix64).
    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
