// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// The forms in which people have certificates.
@Suite struct BundleFormsTests {
    private let laboratory: Laboratory
    private let first: [UInt8]
    private let second: [UInt8]

    init() async throws {
        laboratory = try Laboratory()
        first = try await laboratory.certificate("first", .authority())
        second = try await laboratory.certificate("second", .leaf(issuer: "first"))
    }

    private func text(_ certificates: [[UInt8]], label: String = "CERTIFICATE") -> String {
        certificates.map { PEM.encode($0, label: label) }.joined()
    }

    @Test(arguments: ["X509 CERTIFICATE", "X.509 CERTIFICATE", "TRUSTED CERTIFICATE", "CERTIFICATE"])
    func `a certificate is read under each of its labels, before one with another`(label: String) throws {
        let file = Array((text([second], label: label) + text([first])).utf8)
        #expect(try CertificateBundle.read(file) == [second, first])
        #expect(try CertificateBundle.read(Array(text([second], label: label).utf8)) == [second])
    }

    @Test(arguments: ["PKCS7", "PKCS #7 SIGNED DATA", "CMS", "CERTIFICATE", "X509 CERTIFICATE"])
    func `a message with certificates is read under each label under which it is found`(label: String) async throws {
        let message = try await message([second, first])
        #expect(try CertificateBundle.read(Array(text([message], label: label).utf8)) == [second, first])
        // And beside certificates in blocks of their own.
        let both = text([message], label: label) + text([first])
        #expect(try CertificateBundle.read(Array(both.utf8)) == [second, first, first])
    }

    @Test func `the trust that OpenSSL appends is cut off, and a certificate that it denies is no anchor`() async throws
    {
        try laboratory.write(Array(text([second]).utf8), to: "second.pem")
        for (name, arguments) in [
            ("trusted", ["-addtrust", "emailProtection", "-setalias", "mine"]),
            ("rejected", ["-addreject", "serverAuth"]),
        ] {
            try await ChildProcess.output(
                of: "openssl",
                ["x509", "-in", laboratory.path("second.pem"), "-trustout", "-out", laboratory.path(name)] + arguments
            )
        }
        let (trusted, rejected) = (try laboratory.bytes("trusted"), try laboratory.bytes("rejected"))
        for file in [trusted, rejected] { #expect(try CertificateBundle.read(file) == [second]) }
        #expect(try TrustAnchors(reading: trusted).bundle == [second])
        let both = try TrustAnchors(reading: rejected + Array(text([first]).utf8))
        #expect(both.bundle == [first])
        #expect(both.passedOver == [.distrustedCertificate])
        #expect(throws: BundleError.noCertificate([.distrustedCertificate])) { try TrustAnchors(reading: rejected) }
    }

    @Test func `the sequence of certificates that NSS and OpenSSL know is read`() async throws {
        try laboratory.write(Array(text([second, first]).utf8), to: "all.pem")
        let (source, target) = (laboratory.path("all.pem"), laboratory.path("sequence"))
        try await laboratory.openssl("nseq", "-toseq", "-in", source, "-out", target)
        #expect(try CertificateBundle.read(try laboratory.bytes("sequence")) == [second, first])
    }

    @Test func `base64 without a block is read, wrapped or not, of a certificate and of a message`() async throws {
        for (bytes, wanted) in [(first, [first]), (try await message([second, first]), [second, first])] {
            let line = Data(bytes).base64EncodedString()
            let wrapped = Data(bytes).base64EncodedString(options: [
                .lineLength76Characters, .endLineWithCarriageReturn,
            ])
            for text in [line, line + "\r\n", wrapped, " \t" + wrapped + "\n\n", "\u{FEFF}" + line] {
                #expect(try CertificateBundle.read(Array(text.utf8)) == wanted)
            }
        }
        let cut = String(Data(first).base64EncodedString().dropLast(3))
        #expect(throws: BundleError.self) { try CertificateBundle(Array(cut.utf8)) }
    }

    /// A text as programs save it.
    enum Saving: String, CaseIterable {
        case plain, mark, carriageReturns, oldMac, utf16LittleEndian, utf16BigEndian, utf16Unmarked, utf16BigUnmarked
        case utf32, blanksBefore, blanksAround, dosEnd, noLastLineEnd

        func bytes(of text: String) -> [UInt8] {
            let wide = { (order: [Int], width: Int, mark: [UInt8]) -> [UInt8] in
                mark
                    + text.unicodeScalars.flatMap { scalar in
                        order.map { UInt8(truncatingIfNeeded: scalar.value >> UInt32(8 * $0)) }
                    }
            }
            switch self {
            case .plain: return Array(text.utf8)
            case .mark: return [0xEF, 0xBB, 0xBF] + Array(text.utf8)
            case .carriageReturns: return Array(text.replacing("\n", with: "\r\n").utf8)
            case .oldMac: return Array(text.replacing("\n", with: "\r").utf8)
            case .utf16LittleEndian: return wide([0, 1], 2, [0xFF, 0xFE])
            case .utf16BigEndian: return wide([1, 0], 2, [0xFE, 0xFF])
            case .utf16Unmarked: return wide([0, 1], 2, [])
            case .utf16BigUnmarked: return wide([1, 0], 2, [])
            case .utf32: return wide([0, 1, 2, 3], 4, [0xFF, 0xFE, 0x00, 0x00])
            case .blanksBefore: return Array((" \n\t\n" + text).utf8)
            case .blanksAround: return Array(text.split(separator: "\n").map { "  \($0) \t\n" }.joined().utf8)
            case .dosEnd: return Array(text.utf8) + [0x1A]
            case .noLastLineEnd: return Array(text.dropLast().utf8)
            }
        }
    }

    @Test(arguments: Saving.allCases) func `it does not matter how a text was saved`(saving: Saving) throws {
        let words = saving == .utf16BigUnmarked || saving == .utf16Unmarked ? "" : "příšerně žluťoučký\n"
        let file = saving.bytes(of: words + text([second, first]))
        #expect(try CertificateBundle.read(file) == [second, first])
        // Two files one behind the other: the mark is in the middle, and a line end may be missing.
        #expect(try CertificateBundle.read(file + saving.bytes(of: text([first]))) == [second, first, first])
    }

    @Test func `words around the blocks may be in any encoding, or none`() throws {
        for words in [
            [0x8A, 0x9A, 0xE8, 0xF8, 0x0A], Array("subject=CN = x\n 0 s:C = CZ\n".utf8),
            [0x00, 0x01, 0xC3, 0x28, 0x0D, 0x0A],
            Array("0 s:CN=the first byte is that of DER\n".utf8), Array("-----\n---BEGIN\n---- BEGIN X ----\n".utf8),
            Array("A block begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.\n".utf8),
        ] as [[UInt8]] {
            let block = Array(text([second]).utf8)
            #expect(
                try CertificateBundle.read(words + block + words + Array(text([first]).utf8) + words) == [
                    second, first,
                ]
            )
        }
        // A remark without a line end, as files look that were put together.
        let glued = Array(("# my root" + text([second]) + "# the other" + text([first])).utf8)
        #expect(try CertificateBundle.read(glued) == [second, first])
        let oneLine = text([second]).replacing("\n", with: "")
        #expect(
            try CertificateBundle.read(Array((oneLine + oneLine + "\n" + text([first])).utf8)) == [
                second, second, first,
            ]
        )
    }

    @Test func `header fields and the other spelling at the end do not matter`() throws {
        let body = Data(second).base64EncodedString(options: .lineLength64Characters)
        let file = """
            -----BEGIN CERTIFICATE-----
            Version: 1
            Comment: one
              and its continuation

            \(body)
            -----END X509 CERTIFICATE-----
            """
        #expect(try CertificateBundle.read(Array((file + "\n" + text([first])).utf8)) == [second, first])
    }

    private func message(_ certificates: [[UInt8]]) async throws -> [UInt8] {
        try laboratory.write(Array(text(certificates).utf8), to: "all.pem")
        let (source, target) = (laboratory.path("all.pem"), laboratory.path("all.p7b"))
        try await laboratory.openssl("crl2pkcs7", "-nocrl", "-certfile", source, "-outform", "DER", "-out", target)
        return try laboratory.bytes("all.p7b")
    }
}
