// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

@Suite struct PublicKeyTests {
    private static let kinds: [(String, KeyAlgorithm)] = [
        ("rsa:2048", .rsa2048), ("rsa:3072", .rsa3072), ("ec:P-256", .p256), ("ec:P-384", .p384),
    ]

    @Test(arguments: kinds)
    func `a key is written as the openssl command writes it`(_ kind: String, _ algorithm: KeyAlgorithm) async throws {
        let laboratory = try Laboratory()
        let certificate = try Certificate(
            parsing: try await laboratory.certificate("root", .authority().with { $0.kind = kind })
        )
        let key = try #require(certificate.publicKey)
        try await laboratory.openssl(
            "pkey",
            "-in",
            laboratory.path("root.key"),
            "-pubout",
            "-outform",
            "DER",
            "-out",
            laboratory.path("pub")
        )
        #expect(key.algorithm == algorithm)
        #expect(try key.subjectPublicKeyInfo() == laboratory.bytes("pub"))
        let digest = try await laboratory.openssl("dgst", "-sha256", "-r", laboratory.path("pub"))
        #expect(try key.fingerprint() == digest.prefix { $0 != " " })
    }

    @Test(arguments: kinds, [DigestAlgorithm.sha256, .sha384, .sha512])
    func `a signature of the openssl command is accepted, and nothing near it`(
        _ kind: (String, KeyAlgorithm),
        _ digest: DigestAlgorithm
    ) async throws {
        let laboratory = try Laboratory()
        let der = try await laboratory.certificate("root", .authority().with { $0.kind = kind.0 })
        let key = try #require(try Certificate(parsing: der).publicKey)
        let message = Array("Žluťoučký kůň".utf8)
        let content = ContentToSign.hashing(message, with: digest)
        let signature = try await sign(content, in: laboratory, key: key, options: [])
        #expect(key.verify(signature, of: content))
        #expect(key.verify(signature, of: ContentToSign(message: nil, digest: content.digest, digestAlgorithm: digest)))
        for bit in stride(from: 0, to: signature.count * 8, by: 13) {
            var wrong = signature
            wrong[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.verify(wrong, of: content), "bit \(bit)")
        }
        #expect(!key.verify(signature, of: .hashing(message + [0], with: digest)))
        #expect(!key.verify(signature.dropLast(), of: content))
        #expect(!key.verify(signature + [0], of: content))
        #expect(!key.verify([0] + signature, of: content))
        #expect(!key.verify([], of: content))
        #expect(!key.verify([UInt8](repeating: 0, count: signature.count), of: content))
        #expect(!key.verify([UInt8](repeating: 0xFF, count: signature.count), of: content))
        if case .rsa = key.material {
            #expect(!key.verify(signature, of: .hashing(message, with: digest, padding: .pss)))
        }
    }

    @Test(arguments: [DigestAlgorithm.sha256, .sha384, .sha512])
    func `a PSS signature is accepted with a salt as long as the digest alone`(_ digest: DigestAlgorithm) async throws {
        let laboratory = try Laboratory()
        let der = try await laboratory.certificate("root", .authority().with { $0.kind = "rsa:2048" })
        let key = try #require(try Certificate(parsing: der).publicKey)
        let content = ContentToSign.hashing([1, 2, 3], with: digest, padding: .pss)
        let pss = ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen"]
        func signature(_ salt: String) async throws -> [UInt8] {
            try await sign(content, in: laboratory, key: key, options: pss.dropLast() + ["rsa_pss_saltlen:\(salt)"])
        }
        let right = try await signature("digest")
        #expect(key.verify(right, of: content))
        #expect(!key.verify(right, of: .hashing([1, 2, 3], with: digest)))
        #expect(!key.verify(try await signature("20"), of: content))
        #expect(!key.verify(try await signature("max"), of: content))
    }

    // The private numbers are small ones of which a coordinate of the public point begins with a zero.
    @Test(arguments: [
        (EllipticCurve.p256, UInt16(379)), (.p256, 43), (.p384, 197), (.p384, 176),
    ])
    func `a coordinate that begins with zeros keeps its length`(_ curve: EllipticCurve, _ number: UInt16) async throws {
        let laboratory = try Laboratory()
        let length = curve.coordinateLength
        let scalar = [UInt8](repeating: 0, count: length - 2) + [UInt8(number >> 8), UInt8(number & 255)]
        let name = hexadecimal(curve == .p256 ? "a00a06082a8648ce3d030107" : "a00706052b81040022")
        let body = [0x02, 0x01, 0x01, 0x04, UInt8(length)] + scalar + name
        try laboratory.write([0x30, UInt8(body.count)] + body, to: "scalar")
        try await laboratory.openssl(
            "pkey",
            "-inform",
            "DER",
            "-in",
            laboratory.path("scalar"),
            "-out",
            laboratory.path("root.key")
        )
        let der = try await laboratory.certificate("root", .authority())
        let key = try #require(try Certificate(parsing: der).publicKey)
        guard case .elliptic(_, let point) = key.material else { throw OpenSSLError(.keyNotSupported) }
        #expect(point[1] == 0 || point[1 + length] == 0)
        #expect(Data(der).range(of: Data(point)) != nil)
        #expect(Data(der).range(of: Data(try key.subjectPublicKeyInfo())) != nil)
    }

    @Test func `a point off the curve is no key`() throws {
        for curve in [EllipticCurve.p256, .p384] {
            let point = [0x04] + [UInt8](repeating: 7, count: 2 * curve.coordinateLength)
            let key = try #require(PublicKey.elliptic(curve: curve, point: point))
            #expect(throws: OpenSSLError(.keyNotSupported)) { try key.subjectPublicKeyInfo() }
            #expect(
                !key.verify([UInt8](repeating: 1, count: 2 * curve.coordinateLength), of: .hashing([], with: .sha256))
            )
        }
    }

    @Test func `an RSA key without sense verifies nothing`() throws {
        for (modulus, exponent) in [
            ([1], [1]), ([UInt8](repeating: 0xFF, count: 4_096), [3]), ([6], [UInt8](repeating: 0xFF, count: 300)),
        ] as [([UInt8], [UInt8])] {
            let key = try #require(PublicKey.rsa(modulus: modulus, exponent: exponent))
            for signature in [[], [0], [1], modulus] as [[UInt8]] {
                #expect(!key.verify(signature, of: .hashing([], with: .sha256)))
            }
        }
    }

    @Test(arguments: ["ed25519", "rsa-pss:2048", "ec:P-521", "ec:secp256k1"])
    func `a certificate for a key of another kind is read without its key`(_ kind: String) async throws {
        let laboratory = try Laboratory()
        let wish = Laboratory.Wish.authority().with {
            $0.kind = kind
            $0.digest = kind == "ed25519" ? "null" : "sha256"
        }
        let certificate = try Certificate(parsing: try await laboratory.certificate("root", wish))
        #expect(certificate.publicKey == nil)
        #expect(try CertificateDetails(of: certificate).subject.commonName == "root")
    }

    /// Signs with `root.key` and gives the signature the form of PKCS#11.
    private func sign(
        _ content: ContentToSign,
        in laboratory: Laboratory,
        key: PublicKey,
        options: [String]
    ) async throws -> [UInt8] {
        try laboratory.write(content.digest, to: "digest")
        let arguments = [
            "pkeyutl", "-sign", "-inkey", laboratory.path("root.key"), "-in", laboratory.path("digest"), "-pkeyopt",
            "digest:\(content.digestAlgorithm.rawValue)", "-out", laboratory.path("signature"),
        ]
        try await ChildProcess.output(of: "openssl", arguments + options)
        let signature = try laboratory.bytes("signature")
        guard case .elliptic(let curve, _) = key.material else { return signature }
        let text = try await laboratory.openssl("asn1parse", "-inform", "DER", "-in", laboratory.path("signature"))
        return text.split(separator: "\n").filter { $0.contains("INTEGER") }.flatMap { line in
            let digits = line.split(separator: ":").last.map(String.init) ?? ""
            return hexadecimal(String(repeating: "0", count: 2 * curve.coordinateLength - digits.count) + digits)
        }
    }
}

/// The bytes that hexadecimal digits stand for.
func hexadecimal(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
}
