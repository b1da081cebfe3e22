// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import CSRBuilder

/// What can go wrong between the request and the key.
@Suite struct SigningTests {
    @Test(arguments: GoldenRequest.keys)
    func `a signature of another key is noticed before anybody sees the request`(_ key: String) async throws {
        let folder = try TemporaryFolder(named: "keys")
        let options: [String]
        switch key {
        case "rsa2048": options = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]
        case "p256": options = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        default: options = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]
        }
        let other = try await SoftwareKey(generating: options, in: folder)
        let impostor = Impostor(publicKey: try await SoftwareKey(key).publicKey, hand: other)
        await #expect(throws: CSRError(.selfCheckFailed)) {
            try await GoldenRequest.all[0].build(signingWith: impostor)
        }
    }

    @Test(arguments: GoldenRequest.keys)
    func `a single wrong bit in a signature is noticed`(_ key: String) async throws {
        var key = try await SoftwareKey(key)
        key.spoiling = { signature in
            var signature = signature
            signature[signature.count / 2] ^= 0x10
            return signature
        }
        let spoilt = key
        await #expect(throws: CSRError(.selfCheckFailed)) {
            try await GoldenRequest.all[0].build(signingWith: spoilt)
        }
    }

    @Test(arguments: GoldenRequest.keys, [0, 1, 17, 4_096])
    func `a signature of another length is refused`(_ key: String, _ length: Int) async throws {
        var key = try await SoftwareKey(key)
        key.spoiling = { _ in [UInt8](repeating: 0x5A, count: length) }
        let spoilt = key
        await #expect(throws: CSRError.self) { try await GoldenRequest.all[0].build(signingWith: spoilt) }
    }

    @Test func `what the key says is kept`() async throws {
        struct Locked: SigningKey {
            let publicKey: PublicKey
            func sign(_ content: ContentToSign, secrets: any SecretSource) async throws(KeyStoreError) -> [UInt8] {
                throw KeyStoreError(.secretLocked, secret: .qpin)
            }
        }
        let locked = Locked(publicKey: try await SoftwareKey("rsa2048").publicKey)
        let error = await #expect(throws: CSRError(.signing)) {
            try await GoldenRequest.all[0].build(signingWith: locked)
        }
        #expect(error?.keyStoreError == KeyStoreError(.secretLocked))
        #expect(error?.keyStoreError?.secret == .qpin)
    }

    @Test func `a key is asked once, for the digest of the message that it gets too`() async throws {
        let key = try await SoftwareKey("p384")
        let witness = Witness(key)
        _ = try await GoldenRequest.all[0].build(signingWith: witness)
        let seen = await witness.seen.contents
        #expect(seen.count == 1)
        let content = try #require(seen.first)
        #expect(content.digestAlgorithm == .sha384)
        let digest = try await ChildProcess.run(
            "openssl",
            ["dgst", "-sha384", "-binary"],
            input: Data(try #require(content.message))
        )
        #expect([UInt8](digest.output) == content.digest)
    }

    /// A key that is not the one that it says.
    private struct Impostor: SigningKey {
        let publicKey: PublicKey
        let hand: SoftwareKey

        func sign(_ content: ContentToSign, secrets: any SecretSource) async throws(KeyStoreError) -> [UInt8] {
            try await hand.sign(content, secrets: secrets)
        }
    }

    private struct Witness: SigningKey {
        let key: SoftwareKey
        let seen = Seen()
        var publicKey: PublicKey { key.publicKey }

        init(_ key: SoftwareKey) { self.key = key }

        func sign(_ content: ContentToSign, secrets: any SecretSource) async throws(KeyStoreError) -> [UInt8] {
            await seen.add(content)
            return try await key.sign(content, secrets: secrets)
        }

        actor Seen {
            private(set) var contents: [ContentToSign] = []
            func add(_ content: ContentToSign) { contents.append(content) }
        }
    }
}
