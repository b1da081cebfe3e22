// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// Answers that the openssl command gives as a responder, believed and not.
@Suite struct OCSPQuestionTests {
    private let laboratory: Laboratory
    private let certificate: Certificate
    private let issuer: [UInt8]
    private let anchors: TrustAnchors

    init() async throws {
        laboratory = try Laboratory()
        anchors = try TrustAnchors(bundle: try await laboratory.certificate("root", .authority()))
        issuer = try await laboratory.certificate("issuer", .authority(issuer: "root"))
        let leaf = try await laboratory.certificate("leaf", .leaf(issuer: "issuer").with { $0.serial = "0A" })
        certificate = try Certificate(parsing: leaf)
    }

    /// What a responder says that signs with one of the laboratory's keys.
    private func answer(
        _ question: OCSPQuestion,
        signedBy signer: String,
        line: String = "V\t360101000000Z\t\t0A\tunknown\t/CN=leaf",
        _ options: String...
    ) async throws -> [UInt8] {
        try laboratory.write(Array((line + "\n").utf8), to: "index.txt")
        try laboratory.write(question.der, to: "question.der")
        let arguments = [
            "ocsp", "-index", laboratory.path("index.txt"), "-CA", laboratory.path("issuer.crt"), "-rsigner",
            laboratory.path("\(signer).crt"), "-rkey", laboratory.path("\(signer).key"), "-reqin",
            laboratory.path("question.der"), "-respout", laboratory.path("answer.der"), "-ndays", "1",
        ]
        try await ChildProcess.output(of: "openssl", arguments + options)
        return try laboratory.bytes("answer.der")
    }

    private func question() throws -> OCSPQuestion { try OCSPQuestion(about: certificate, issuedBy: issuer) }

    @Test func `the issuer itself is believed, about what is good, revoked and unknown`() async throws {
        let question = try question()
        func read(_ line: String) async throws -> RevocationAnswer {
            try question.read(try await answer(question, signedBy: "issuer", line: line), anchors: anchors, at: Date())
        }
        #expect(try await read("V\t360101000000Z\t\t0A\tunknown\t/CN=leaf") == .good)
        #expect(
            try await read("R\t360101000000Z\t260301120000Z,superseded\t0A\tunknown\t/CN=leaf")
                == .revoked(at: Date(timeIntervalSince1970: 1_772_366_400), reason: .superseded)
        )
        #expect(try await read("V\t360101000000Z\t\t0B\tunknown\t/CN=other") == .unknown)
    }

    @Test func `whom the issuer charged with it is believed, its other certificates are not`() async throws {
        let question = try question()
        let charged = Laboratory.Wish.leaf(issuer: "issuer").with { wish in
            wish.serial = "0C"
            wish.extensions = ["keyUsage=critical,digitalSignature", "extendedKeyUsage=OCSPSigning"]
        }
        try await laboratory.certificate("delegate", charged)
        let good = try await answer(question, signedBy: "delegate")
        #expect(try question.read(good, anchors: anchors, at: Date()) == .good)
        try await laboratory.certificate("clerk", .leaf(issuer: "issuer").with { $0.serial = "0D" })
        let clerk = try await answer(question, signedBy: "clerk")
        #expect(throws: RevocationDoubt(code: .wrongSigner, detail: "")) {
            try question.read(clerk, anchors: anchors, at: Date())
        }
        // Charged, but by the root: for the root's certificates alone.
        try await laboratory.certificate("stranger", charged.with { $0.issuer = "root" })
        let stranger = try await answer(question, signedBy: "stranger")
        #expect(throws: RevocationDoubt(code: .wrongSigner, detail: "")) {
            try question.read(stranger, anchors: anchors, at: Date())
        }
        // Charged, and over.
        try await laboratory.certificate(
            "former",
            charged.with { wish in
                wish.validity = ("20250101000000Z", "20260102000000Z")
                wish.serial = "0E"
            }
        )
        let former = try await answer(question, signedBy: "former")
        #expect(throws: RevocationDoubt(code: .wrongSigner, detail: "")) {
            try question.read(former, anchors: anchors, at: Date())
        }
    }

    @Test func `the answer to another question, and one that is over or has not begun, are not believed`() async throws
    {
        let question = try question()
        let other = try await answer(try self.question(), signedBy: "issuer")
        #expect(throws: RevocationDoubt(code: .wrongNonce, detail: "")) {
            try question.read(other, anchors: anchors, at: Date())
        }
        let mine = try await answer(question, signedBy: "issuer")
        #expect(throws: RevocationDoubt(code: .outdated, detail: "")) {
            try question.read(mine, anchors: anchors, at: Date() + 3 * 86_400)
        }
        #expect(throws: RevocationDoubt(code: .fromFuture, detail: "")) {
            try question.read(mine, anchors: anchors, at: Date() - 600)
        }
        #expect(try question.read(mine, anchors: anchors, at: Date() - 200) == .good)
    }

    @Test func `changed, cut, longer and empty answers are not believed, and none of them ends the process`()
        async throws
    {
        let question = try question()
        let answer = try await answer(question, signedBy: "issuer")
        for bytes in [[], Array(answer.dropLast()), answer + [0], [0x30, 0x03, 0x0A, 0x01, 0x06], [0x30, 0x80]] {
            #expect(throws: RevocationDoubt.self) { try question.read(bytes, anchors: anchors, at: Date()) }
        }
        for place in stride(from: 0, to: answer.count, by: 3) {
            var changed = answer
            changed[place] ^= 0x41
            if let verdict = try? question.read(changed, anchors: anchors, at: Date()) { #expect(verdict == .good) }
        }
        #expect(throws: RevocationDoubt(code: .malformed, detail: "")) {
            try question.read([UInt8](repeating: 0x30, count: 70_000), anchors: anchors, at: Date())
        }
    }
}
