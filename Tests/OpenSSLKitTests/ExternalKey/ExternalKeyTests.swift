// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import OpenSSLKit

/// Keys that libcrypto uses and does not have, against the openssl command.
@Suite struct ExternalKeyTests {
    static let kinds = ["rsa:2048", "rsa:3072", "ec:P-256", "ec:P-384"]
    static let digests: [DigestAlgorithm] = [.sha256, .sha384, .sha512]

    private static func made(
        _ kind: String,
        trouble: LaboratoryKey.Trouble = .none
    ) async throws -> (laboratory: Laboratory, key: LaboratoryKey, certificate: [UInt8]) {
        let laboratory = try Laboratory()
        let certificate = try await laboratory.certificate("own", .authority().with { $0.kind = kind })
        try await laboratory.openssl(
            "pkey",
            "-in",
            laboratory.path("own.key"),
            "-pubout",
            "-out",
            laboratory.path("own.pub")
        )
        let key = try LaboratoryKey("own", in: laboratory, certificate: certificate, trouble: trouble)
        return (laboratory, key, certificate)
    }

    @Test(arguments: kinds, digests) func `the openssl command verifies what such a key signs`(
        kind: String,
        digest: DigestAlgorithm
    ) async throws {
        let (laboratory, key, _) = try await Self.made(kind)
        let pieces = [Array("to be ".utf8), Array("signed".utf8)]
        let external = ExternalKey(key, secrets: NoSecrets())
        try laboratory.write(pieces.flatMap(\.self), to: "message")
        for padding in kind.hasPrefix("rsa") ? [RSAPadding.pkcs1, .pss] : [.pkcs1] {
            let signature = try await external.use { key throws(OpenSSLError) in
                try DirectUse.sign(pieces, key, digest: digest, padding: padding)
            }
            try laboratory.write(signature, to: "signature")
            var options = ["dgst", "-\(digest.rawValue)", "-verify", laboratory.path("own.pub")]
            if padding == .pss { options += ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:digest"] }
            options += ["-signature", laboratory.path("signature"), laboratory.path("message")]
            #expect(try await ChildProcess.output(of: "openssl", options).hasPrefix("Verified OK"))
        }
        // A module that insists on hashing can have the message.
        #expect(key.signed.allSatisfy { $0.message == pieces.flatMap(\.self) && $0.digestAlgorithm == digest })
    }

    @Test(arguments: kinds) func `a digest made elsewhere is signed too, and the same handle verifies`(
        kind: String
    ) async throws {
        let (_, key, _) = try await Self.made(kind)
        let message = Array("message".utf8)
        let digest = Digests.digest(message, .sha384)
        let (right, spoilt) = try await ExternalKey(key, secrets: NoSecrets()).use { key throws(OpenSSLError) in
            let signature = try DirectUse.sign(digest: digest, of: .sha384, key)
            return (
                try DirectUse.verify(signature, message, key, digest: .sha384),
                try DirectUse.verify(signature, message + [0], key, digest: .sha384)
            )
        }
        #expect(right && !spoilt)
        #expect(key.signed.count == 1 && key.signed[0].message == nil && key.signed[0].digest == digest)
    }

    @Test(arguments: ["rsa:2048", "ec:P-256"]) func `the private half is nowhere to be had`(kind: String) async throws {
        let (laboratory, key, certificate) = try await Self.made(kind)
        let other = try await laboratory.certificate("other", .authority().with { $0.kind = kind })
        let external = ExternalKey(key, secrets: NoSecrets())
        let refusals = try await external.use { key throws(OpenSSLError) in try DirectUse.refusals(key) }
        #expect(refusals.values.allSatisfy { !$0 }, "\(refusals)")
        let (own, others) = try await external.use { key throws(OpenSSLError) in
            (try DirectUse.fits(certificate, key), try DirectUse.fits(other, key))
        }
        #expect(own && !others)
        #expect(key.signed.isEmpty)
    }

    @Test func `a message too long to keep is signed by its digest`() async throws {
        let (_, key, _) = try await Self.made("ec:P-256")
        let long = [UInt8](repeating: 0x61, count: 70_000)
        let signature = try await ExternalKey(key, secrets: NoSecrets()).use { key throws(OpenSSLError) in
            try DirectUse.sign(
                [Array(long.prefix(40_000)), Array(long.dropFirst(40_000))],
                key,
                digest: nil,
                padding: .pkcs1
            )
        }
        #expect(!signature.isEmpty)
        #expect(key.signed.map(\.message) == [nil])
        #expect(key.signed.map(\.digest) == [Digests.digest(long, .sha256)])
    }

    @Test func `what the key says is what its user hears`() async throws {
        let wrong = KeyStoreError(.secretWrong, secret: .qpin, state: .final)
        let (_, key, _) = try await Self.made("ec:P-256", trouble: .refused(wrong))
        let error = await refusal { () throws(ExternalKeyError) in
            try await ExternalKey(key, secrets: NoSecrets()).use { key throws(OpenSSLError) in
                try DirectUse.sign([[1]], key, digest: .sha256, padding: .pkcs1)
            }
        }
        #expect(error?.keyError == wrong)
        #expect(error?.keyError?.secret == .qpin && error?.keyError?.state == .final)
        #expect(key.signed.count == 1, "asked once, whatever it says")
    }

    @Test func `a signature of the wrong length is refused`() async throws {
        for kind in ["rsa:2048", "ec:P-384"] {
            let (_, key, _) = try await Self.made(kind, trouble: .tooShort)
            await #expect(throws: ExternalKeyError.self) {
                try await ExternalKey(key, secrets: NoSecrets()).use { key throws(OpenSSLError) in
                    try DirectUse.sign([[1]], key, digest: .sha256, padding: .pkcs1)
                }
            }
        }
    }

    @Test func `OpenSSL's own refusals are told as such, without the key being asked`() async throws {
        let (_, key, _) = try await Self.made("rsa:2048")
        let error = await refusal { () throws(ExternalKeyError) in
            try await ExternalKey(key, secrets: NoSecrets()).use { key throws(OpenSSLError) in
                try DirectUse.sign(digest: [1, 2, 3], of: .sha256, key)
            }
        }
        #expect(error?.libraryError?.detail.contains("wrong length") == true, "\(String(describing: error))")
        #expect(key.signed.isEmpty)
    }

    @Test func `a key that is too small is not taken`() async throws {
        let (_, key, _) = try await Self.made("rsa:1024")
        let error = await refusal { () throws(ExternalKeyError) in
            try await ExternalKey(key, secrets: NoSecrets()).use { _ throws(OpenSSLError) in }
        }
        #expect(error?.libraryError == OpenSSLError(.keyNotSupported))
    }

    @Test func `many signatures at once need no thread of the pool`() async throws {
        let (_, key, _) = try await Self.made("ec:P-256")
        let external = ExternalKey(key, secrets: NoSecrets())
        let results = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in UInt8(0)..<24 {
                group.addTask {
                    try await external.use { key throws(OpenSSLError) in
                        let signature = try DirectUse.sign([[number]], key, digest: .sha256, padding: .pkcs1)
                        return try DirectUse.verify(signature, [number], key, digest: .sha256)
                    }
                }
            }
            return try await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(results == [Bool](repeating: true, count: 24))
        #expect(key.signed.count == 24)
    }

    @Test(.timeLimit(.minutes(2))) func `the last user of a key lets go of what it kept`() async throws {
        weak var kept: LaboratoryKey?
        let life: AsyncStream<Void>
        do {
            let (_, key, _) = try await Self.made("ec:P-256")
            kept = key
            life = key.life
            let signature = try await ExternalKey(key, secrets: NoSecrets()).use { key throws(OpenSSLError) in
                try DirectUse.sign([[1]], key, digest: .sha256, padding: .pkcs1)
            }
            #expect(!signature.isEmpty)
        }
        // The thread that OpenSSL ran on may let go last.
        for await _ in life {}
        #expect(kept == nil)
    }
}
