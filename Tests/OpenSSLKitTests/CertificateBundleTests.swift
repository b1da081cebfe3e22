// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

@Suite struct CertificateBundleTests {
    private let laboratory: Laboratory
    private let first: [UInt8]
    private let second: [UInt8]

    init() async throws {
        laboratory = try Laboratory()
        first = try await laboratory.certificate("first", .authority())
        second = try await laboratory.certificate("second", .leaf(issuer: "first"))
    }

    @Test func `one certificate is read as DER and as PEM`() throws {
        #expect(try CertificateBundle.read(first) == [first])
        #expect(try CertificateBundle.read(pem([first])) == [first])
    }

    @Test func `many certificates are read in their order, whatever stands around them`() throws {
        let words = Array("# CAfile\n".utf8)
        #expect(
            try CertificateBundle.read(words + pem([second, first]) + words + pem([second])) == [second, first, second]
        )
        #expect(try CertificateBundle.read(Array("\u{FEFF}\r\n".utf8) + pem([first])) == [first])
    }

    @Test(arguments: ["DER", "PEM"])
    func `a bundle of PKCS#7 is read`(_ form: String) async throws {
        #expect(try CertificateBundle.read(try await pkcs7([first, second], form)) == [first, second])
    }

    @Test(arguments: ["DER", "PEM"])
    func `a signed message that holds certificates is read as a bundle`(_ form: String) async throws {
        try await laboratory.openssl(
            "smime",
            "-sign",
            "-binary",
            "-nodetach",
            "-in",
            laboratory.path("second.crt"),
            "-signer",
            laboratory.path("second.crt"),
            "-inkey",
            laboratory.path("second.key"),
            "-outform",
            form,
            "-out",
            laboratory.path("message")
        )
        #expect(try CertificateBundle.read(try laboratory.bytes("message")) == [second])
    }

    @Test func `padding, line ends and further certificates may follow DER, and nothing else`() async throws {
        let message = try await pkcs7([first, second], "DER")
        let paddings: [[UInt8]] = [
            [0], [0x0A], [0x0D, 0x0A], [0x1A], [UInt8](repeating: 0, count: 900), [0xFF, 0xFF],
        ]
        for padding in paddings {
            #expect(try CertificateBundle.read(first + padding) == [first])
            #expect(try CertificateBundle.read(message + padding) == [first, second])
            #expect(try CertificateBundle.read(pem([first + padding])) == [first])
            #expect(try CertificateBundle.read(first + padding + second + padding) == [first, second])
        }
        #expect(try CertificateBundle.read(message + second) == [first, second, second])
        for rest in [[0x01], [0x30], [0x30, 0x00], Array("end".utf8), Array(second.dropLast())] as [[UInt8]] {
            #expect(throws: OpenSSLError(.malformed)) { try CertificateBundle.read(first + rest) }
            #expect(throws: OpenSSLError(.malformed)) { try CertificateBundle.read(pem([first + rest])) }
            #expect(throws: OpenSSLError(.malformed)) { try CertificateBundle.read(message + rest) }
        }
        // A block holds one certificate (RFC 7468, section 5.1), and programs would take the first.
        #expect(throws: OpenSSLError(.malformed)) { try CertificateBundle.read(pem([first + second])) }
    }

    @Test(
        arguments: [
            [], [0x30], [0x30, 0x80], [0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF], [0x00], Array("<!DOCTYPE html>".utf8),
            Array("-----BEGIN CERTIFICATE-----\n".utf8), [0xFF, 0xFE, 0x00, 0xD8],
            Array("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n".utf8),
            Array("-----BEGIN PKCS7-----\nMAA=\n-----END PKCS7-----\n".utf8),
        ] as [[UInt8]]
    )
    func `what is no bundle is refused`(_ bytes: [UInt8]) {
        #expect(throws: OpenSSLError(.malformed)) { try CertificateBundle.read(bytes) }
    }

    // Seconds, where anything quadratic would take hours.
    @Test(.timeLimit(.minutes(10))) func `what is no bundle is refused soon, however long it is`() {
        let lines: [[UInt8]] = [
            [0x30], [0x0A], [0x2D], Array("-----BEGIN ".utf8), Array(" -----BEGIN CERTIFICATE-----\n".utf8),
            Array("-----END X-----".utf8),
        ]
        for line in lines {
            let bytes = Array(repeatElement(line, count: CertificateBundle.largestBundle / line.count).joined())
            #expect(throws: OpenSSLError.self) { try CertificateBundle.read(bytes) }
        }
    }

    @Test func `one bad certificate spoils the bundle`() throws {
        for bad in [[0x30, 0x00], Array(first.dropLast()), first + [1]] {
            #expect(throws: OpenSSLError(.malformed)) { try CertificateBundle.read(pem([first, bad])) }
        }
    }

    @Test func `a request, a key and an empty PKCS#7 are no bundle`() async throws {
        try await laboratory.openssl("crl2pkcs7", "-nocrl", "-out", laboratory.path("empty"), "-outform", "DER")
        try await laboratory.openssl(
            "pkcs8",
            "-topk8",
            "-nocrypt",
            "-in",
            laboratory.path("first.key"),
            "-outform",
            "DER",
            "-out",
            laboratory.path("key")
        )
        for file in ["empty", "key", "first.csr", "first.key"] {
            let bytes = try laboratory.bytes(file)
            #expect(throws: OpenSSLError(.malformed), "\(file)") { try CertificateBundle.read(bytes) }
        }
    }

    @Test(arguments: [33, 150, 600])
    func `as many certificates are taken as a system's store has, and more`(count: Int) async throws {
        let many = [[UInt8]](repeating: first, count: count) + [second]
        #expect(try CertificateBundle.read(pem(many)) == many)
        #expect(try CertificateBundle.read(try await pkcs7(many, "DER")) == many)
        #expect(try CertificateBundle.read(Array(many.joined())) == many)
    }

    @Test func `what is too large is not read`() async throws {
        let blanks = [UInt8](repeating: 0x0A, count: CertificateBundle.largestBundle)
        #expect(throws: OpenSSLError(.tooLarge)) { try CertificateBundle.read(blanks + pem([first])) }
        let value = "1.2.3.4=DER:0482" + "FFF0" + String(repeating: "00", count: 0xFFF0)
        let large = try await laboratory.certificate("large", .authority().with { $0.extensions.append(value) })
        try #require(large.count > CertificateBundle.largestCertificate)
        #expect(throws: OpenSSLError(.tooLarge)) { try Certificate(parsing: large) }
        #expect(throws: OpenSSLError.self) { try CertificateBundle.read(large) }
        #expect(throws: OpenSSLError(.tooLarge)) { try CertificateBundle.read(pem([first, large])) }
    }

    private func pem(_ certificates: [[UInt8]]) -> [UInt8] {
        Array(certificates.map { PEM.encode($0, label: "CERTIFICATE") }.joined().utf8)
    }

    private func pkcs7(_ certificates: [[UInt8]], _ form: String) async throws -> [UInt8] {
        try laboratory.write(pem(certificates), to: "all.pem")
        try await laboratory.openssl(
            "crl2pkcs7",
            "-nocrl",
            "-certfile",
            laboratory.path("all.pem"),
            "-outform",
            form,
            "-out",
            laboratory.path("all.p7b")
        )
        return try laboratory.bytes("all.p7b")
    }
}
