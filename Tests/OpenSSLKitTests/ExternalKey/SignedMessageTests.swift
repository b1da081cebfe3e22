// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// Signed messages, read by the openssl command and by ourselves.
@Suite struct SignedMessageTests {
    static let content = Array("{\"csr\":\"…\"}\r\n\u{0}end".utf8)

    private struct Signer {
        let laboratory: Laboratory
        let identity: SigningIdentity
        let key: LaboratoryKey
    }

    private static func signer(_ kind: String, trouble: LaboratoryKey.Trouble = .none) async throws -> Signer {
        let laboratory = try Laboratory()
        try await laboratory.certificate("root", .authority())
        let issuing = try await laboratory.certificate("issuing", .authority(issuer: "root"))
        let leaf = try await laboratory.certificate("own", .leaf(issuer: "issuing").with { $0.kind = kind })
        let key = try LaboratoryKey("own", in: laboratory, certificate: leaf, trouble: trouble)
        let identity = try SigningIdentity(
            certificate: Certificate(parsing: leaf),
            chain: [issuing],
            key: key,
            secrets: NoSecrets()
        )
        return Signer(laboratory: laboratory, identity: identity, key: key)
    }

    @Test(arguments: ["rsa:2048", "ec:P-256", "ec:P-384"], [SignedMessage.Form.enclosing, .detached])
    func `openssl cms verifies a message with its chain`(kind: String, form: SignedMessage.Form) async throws {
        let signer = try await Self.signer(kind)
        let laboratory = signer.laboratory
        for padding in kind.hasPrefix("rsa") ? [RSAPadding.pkcs1, .pss] : [.pkcs1] {
            let message = try await SignedMessage.sign(
                Self.content,
                as: signer.identity,
                form: form,
                padding: padding
            )
            try laboratory.write(message, to: "message")
            try laboratory.write(Self.content, to: "content")
            var arguments = [
                "cms", "-verify", "-binary", "-cades", "-inform", "DER", "-in", laboratory.path("message"), "-CAfile",
                laboratory.path("root.crt"), "-purpose", "any", "-out", laboratory.path("out"),
            ]
            if form == .detached { arguments += ["-content", laboratory.path("content")] }
            try await ChildProcess.output(of: "openssl", arguments)
            #expect(try laboratory.bytes("out") == Self.content)
            let text = try await laboratory.openssl(
                "cms",
                "-cmsout",
                "-print",
                "-inform",
                "DER",
                "-in",
                laboratory.path("message")
            )
            for attribute in ["contentType", "signingTime", "messageDigest", "id-smime-aa-signingCertificateV2"] {
                #expect(text.contains(attribute), "\(attribute) in \(text)")
            }
            #expect(text.contains("rsassaPss") == (padding == .pss))
        }
        #expect(signer.key.signed.count == (kind.hasPrefix("rsa") ? 2 : 1), "each message is one signature")
    }

    @Test func `a message says who signed what`() async throws {
        let signer = try await Self.signer("ec:P-256")
        let enclosing = try await SignedMessage.sign(Self.content, as: signer.identity)
        let verified = try SignedMessage.verify(enclosing)
        #expect(verified.content == Self.content)
        #expect(verified.signer == signer.identity.certificate)
        #expect(Set(verified.certificates) == Set(signer.identity.chain + [signer.identity.certificate.der]))
        let detached = try await SignedMessage.sign([], as: signer.identity, form: .detached)
        #expect(try SignedMessage.verify(detached, content: []).content.isEmpty)
    }

    @Test func `a message that was changed anywhere is refused`() async throws {
        let signer = try await Self.signer("ec:P-256")
        let message = try await SignedMessage.sign(Self.content, as: signer.identity)
        let range = try #require(message.firstRange(of: Self.content))
        var changed = message
        changed[range.lowerBound] ^= 1
        #expect(throws: OpenSSLError(.failed)) { try SignedMessage.verify(changed) }
        changed = message
        changed[message.count - 1] ^= 1
        #expect(throws: OpenSSLError.self) { try SignedMessage.verify(changed) }
        #expect(throws: OpenSSLError(.malformed)) { try SignedMessage.verify(message + [0]) }
        #expect(throws: OpenSSLError(.malformed)) { try SignedMessage.verify(Array(message.dropLast())) }
        #expect(throws: OpenSSLError(.malformed)) { try SignedMessage.verify([]) }
        let detached = try await SignedMessage.sign(Self.content, as: signer.identity, form: .detached)
        #expect(throws: OpenSSLError.self) { try SignedMessage.verify(detached, content: Self.content + [0x20]) }
        #expect(throws: OpenSSLError.self) { try SignedMessage.verify(detached) }
    }

    @Test func `messages of the openssl command are read, but not every one is accepted`() async throws {
        let signer = try await Self.signer("rsa:2048")
        let laboratory = signer.laboratory
        try laboratory.write(Self.content, to: "content")
        func message(_ options: String...) async throws -> [UInt8] {
            let basis = [
                "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", laboratory.path("content"), "-out",
                laboratory.path("theirs"), "-signer", laboratory.path("own.crt"), "-inkey", laboratory.path("own.key"),
            ]
            try await ChildProcess.output(of: "openssl", basis + options)
            return try laboratory.bytes("theirs")
        }
        let plain = try await message()
        #expect(try SignedMessage.verify(plain).content == Self.content)
        let weak = try await message("-md", "sha1")
        #expect(throws: OpenSSLError(.malformed)) { try SignedMessage.verify(weak) }
        let anonymous = try await message("-nocerts")
        #expect(throws: OpenSSLError(.failed)) { try SignedMessage.verify(anonymous) }
        let double = try await message("-signer", laboratory.path("root.crt"), "-inkey", laboratory.path("root.key"))
        #expect(throws: OpenSSLError(.malformed)) { try SignedMessage.verify(double) }
    }

    @Test func `a device that signs wrongly is found out before anything leaves`() async throws {
        for kind in ["rsa:2048", "ec:P-256"] {
            let signer = try await Self.signer(kind, trouble: .wrong)
            await #expect(throws: ExternalKeyError.self) {
                try await SignedMessage.sign(Self.content, as: signer.identity)
            }
        }
    }

    @Test func `a key that refuses is told in its own words`() async throws {
        let signer = try await Self.signer("rsa:2048", trouble: .refused(KeyStoreError(.tokenRemoved)))
        let error = await refusal { () throws(ExternalKeyError) in
            try await SignedMessage.sign(Self.content, as: signer.identity)
        }
        #expect(error?.keyError == KeyStoreError(.tokenRemoved))
        #expect(signer.key.signed.count == 1)
    }

    @Test func `a certificate is not paired with another's key`() async throws {
        let one = try await Self.signer("ec:P-256")
        let other = try await Self.signer("ec:P-256")
        #expect(throws: OpenSSLError(.keyNotSupported)) {
            try SigningIdentity(
                certificate: one.identity.certificate,
                chain: [],
                key: other.key,
                secrets: NoSecrets()
            )
        }
    }
}
