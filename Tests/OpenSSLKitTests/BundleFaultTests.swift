// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// What is not understood is named, and nothing else is taken in its stead.
@Suite struct BundleFaultTests {
    private let laboratory: Laboratory
    private let first: [UInt8]
    private let second: [UInt8]

    init() async throws {
        laboratory = try Laboratory()
        first = try await laboratory.certificate("first", .authority())
        second = try await laboratory.certificate("second", .leaf(issuer: "first"))
    }

    private func text(_ der: [UInt8], _ label: String = "CERTIFICATE") -> String { PEM.encode(der, label: label) }

    private func fault(in text: String) -> BundleFault? {
        do throws(BundleError) { _ = try CertificateBundle(Array(text.utf8)) } catch {
            if case .unreadable(let fault) = error { return fault }
        }
        return nil
    }

    @Test func `a block that must hold a certificate and does not is named by its number, wherever it stands`() {
        let whole = text(first)
        let lines = text(second).split(separator: "\n")
        let inner = lines.dropFirst().dropLast().joined(separator: "\n")
        let cases: [(String, BundleFault.Reason)] = [
            (lines.dropLast().joined(separator: "\n") + "\n", .cutOff),
            (lines.dropFirst().joined(separator: "\n") + "\n", .firstLineMissing),
            ("-----BEGIN CERTIFICATE\n\(inner)\n-----END CERTIFICATE-----\n", .firstLineBroken),
            (text(second).replacing("M", with: "*"), .notBase64),
            ("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n", .notBase64),
            ("-----BEGIN CERTIFICATE-----\n\(inner)\n-----END PKCS12-----\n", .cutOff),
            (text(Array(second.dropLast())), .notCertificate(.other)),
            (text(Array(second.prefix(20))), .notCertificate(.other)),
            (text(second + [1]), .followed),
        ]
        for (broken, reason) in cases {
            for (file, number) in [(broken + whole, 1), (whole + broken, 2), (whole + broken + whole, 2)] {
                let found = fault(in: file)
                #expect(found?.block == number, "\(reason)")
                #expect(found?.reason == reason, "\(broken)")
            }
        }
    }

    @Test func `a block that holds something else than its label says is named as what it is`() async throws {
        try await laboratory.openssl(
            "req",
            "-new",
            "-key",
            laboratory.path("second.key"),
            "-subj",
            "/CN=x",
            "-outform",
            "DER",
            "-out",
            laboratory.path("request")
        )
        let request = try laboratory.bytes("request")
        #expect(fault(in: text(first) + text(request))?.reason == .notCertificate(.request))
        let empty = try await emptyMessage()
        #expect(fault(in: text(empty, "PKCS7") + text(first))?.reason == .notCertificate(.message))
    }

    @Test func `other blocks beside certificates are left alone and named, broken ones too`() throws {
        let others =
            text([0x30, 0x00], "PRIVATE KEY") + text([1], "DH PARAMETERS") + text([1], "CERTIFICATE REQUEST")
            + text([1], "NEW CERTIFICATE REQUEST") + text([1], "X509 CRL") + text([1], "RSA PRIVATE KEY")
            + text([1], "SOMETHING NEW") + "-----BEGIN PUBLIC KEY-----\n***\n-----END PUBLIC KEY-----\n"
        let bundle = try CertificateBundle(Array((others + text(second) + others + text(first)).utf8))
        #expect(bundle.certificates == [second, first])
        #expect(
            bundle.passedOver == [
                .privateKey, .parameters, .request, .revocationList, .block("SOMETHING NEW"), .publicKey,
            ]
        )
        // A certificate under a label that nobody knows may be there because it is distrusted.
        let unknown = try CertificateBundle(Array((text(second, "DISTRUSTED CERTIFICATE") + text(first)).utf8))
        #expect(unknown.certificates == [first])
        #expect(unknown.passedOver == [.block("DISTRUSTED CERTIFICATE")])
    }

    @Test func `a file without a certificate says what it holds`() async throws {
        try await laboratory.openssl(
            "req",
            "-new",
            "-key",
            laboratory.path("second.key"),
            "-subj",
            "/CN=x",
            "-outform",
            "DER",
            "-out",
            laboratory.path("request")
        )
        try await laboratory.openssl(
            "pkcs12",
            "-export",
            "-in",
            laboratory.path("second.crt"),
            "-inkey",
            laboratory.path("second.key"),
            "-out",
            laboratory.path("second.p12"),
            "-passout",
            "pass:x"
        )
        for (form, name) in [("DER", "key"), ("PEM", "key.pem")] {
            try await laboratory.openssl(
                "pkcs8",
                "-topk8",
                "-nocrypt",
                "-in",
                laboratory.path("second.key"),
                "-outform",
                form,
                "-out",
                laboratory.path(name)
            )
        }
        try await laboratory.openssl(
            "pkcs8",
            "-topk8",
            "-passout",
            "pass:x",
            "-in",
            laboratory.path("second.key"),
            "-outform",
            "DER",
            "-out",
            laboratory.path("locked")
        )
        try await laboratory.openssl(
            "pkey",
            "-in",
            laboratory.path("second.key"),
            "-pubout",
            "-outform",
            "DER",
            "-out",
            laboratory.path("public")
        )
        let store = try laboratory.bytes("second.p12")
        let files: [([UInt8], [BundlePart])] = [
            ([], []), ([0x0A, 0x20, 0x00], []), ([0xEF, 0xBB, 0xBF], []), (Array("nothing here".utf8), [.other]),
            (Array("\u{FEFF}\r\n<!DOCTYPE html>".utf8), [.page]), (Array("<?xml?>".utf8), [.page]),
            (Array("%PDF-1.7".utf8), [.document]), ([0x50, 0x4B, 0x03, 0x04, 0x14, 0x00], [.archive]),
            ([0xFE, 0xED, 0xFE, 0xED, 0x00, 0x00, 0x00, 0x02], [.javaKeyStore]),
            (try laboratory.bytes("request"), [.request]), (store, [.keyFile]),
            (Array(text(store, "PKCS12").utf8), [.keyFile]),
            (Array(Data(store).base64EncodedString().utf8), [.keyFile]),
            (try laboratory.bytes("key"), [.privateKey]), (try laboratory.bytes("key.pem"), [.privateKey]),
            (try laboratory.bytes("locked"), [.privateKey]), (try laboratory.bytes("public"), [.publicKey]),
            (try await emptyMessage(), [.message]),
            (
                Array((text([1], "ATTRIBUTE CERTIFICATE") + text([1], "CERTIFICATE REQUEST")).utf8),
                [.attributeCertificate, .request]
            ),
        ]
        for (index, file) in files.enumerated() {
            #expect(throws: BundleError.noCertificate(file.1), "file \(index)") { try CertificateBundle(file.0) }
        }
    }

    @Test func `anchors that cannot be read are left out and named, and a broken file is refused`() throws {
        let odd = text([0x30, 0x03, 0x02, 0x01, 0x05])
        let anchors = try TrustAnchors(reading: Array((text(second) + odd + text(first) + text(second)).utf8))
        #expect(anchors.bundle == [second, first])
        #expect(anchors.unreadable.map(\.block) == [2])
        #expect(anchors.pem == Array((text(second) + text(first)).utf8))
        #expect(throws: BundleError.self) { try TrustAnchors(reading: Array(odd.utf8)) }
        #expect(throws: BundleError.self) {
            try TrustAnchors(reading: Array((text(first) + "-----BEGIN CERTIFICATE-----\nMII\n").utf8))
        }
    }

    private func emptyMessage() async throws -> [UInt8] {
        try await laboratory.openssl("crl2pkcs7", "-nocrl", "-out", laboratory.path("empty"), "-outform", "DER")
        return try laboratory.bytes("empty")
    }
}
