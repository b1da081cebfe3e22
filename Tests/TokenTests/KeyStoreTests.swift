// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

@testable import Token

/// The key store on a real module. SoftHSM neither locks nor is ever full: what needs a device is tested on one.
@Suite struct KeyStoreTests {
    @Test func `a commercial certificate costs at most 19 calls and one login`() async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let directory = Story.directory(path)
            let token = try await directory.open(nil)
            let secrets = TypedSecrets(pin: ["123456"])
            let identifier = KeyIdentifier.random()
            let key = try await token.generateKey(Story.key(.rsa2048, in: .general, identifier), secrets: secrets)
            let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            #expect(key.claims.local == .yes && key.claims.sensitive == .yes && key.claims.neverExtractable == .yes)
            try await token.write(
                Story.certificate,
                beside: identifier,
                label: "story",
                in: .general,
                secrets: secrets
            )
            _ = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(secrets.questions == [.pin])
            await token.close()
            await directory.shutdown()
        }
        let calls = try hsm.calls()
        #expect(calls.count + 1 <= 19, "with C_GetFunctionList: \(calls)")
        #expect(calls.filter { $0 == "C_Login" }.count == 1)
    }

    @Test func `installing beside a known key costs at most 15 calls`() async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let directory = Story.directory(path)
            let identifier = KeyIdentifier.random()
            let first = try await directory.open(nil)
            let made = try await first.generateKey(
                Story.key(.rsa2048, in: .general, identifier),
                secrets: TypedSecrets(pin: ["123456"])
            )
            await first.close()
            try Data().write(to: URL(fileURLWithPath: "\(path)/calls"))
            let token = try await directory.open(nil)
            let secrets = TypedSecrets(pin: ["123456"])
            let key = try #require(
                try await token.findKey(
                    identifier,
                    in: .general,
                    matching: made.signingKey.publicKey,
                    for: .installCertificate,
                    secrets: secrets
                )
            )
            try await token.write(Story.certificate, beside: identifier, label: "s", in: .general, secrets: secrets)
            let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            let other = PublicKey.rsa(modulus: [0x81] + Array(repeating: 1, count: 255), exponent: [1, 0, 1])
            let foreign = try await token.findKey(
                identifier,
                in: .general,
                matching: other,
                for: .installCertificate,
                secrets: secrets
            )
            #expect(foreign == nil)
            let listed = try await token.certificates()
            #expect(listed.map(\.hasKey) == [true])
            #expect(listed.first?.der == Story.certificate.der)
            await token.close()
        }
        // The two lookups after the signature are not part of the budget; C_GetFunctionList and C_Initialize are.
        let calls = try hsm.calls()
        let upToSignature = calls.prefix(through: try #require(calls.firstIndex(of: "C_Sign")))
        #expect(upToSignature.count + 4 <= 15, "with load, start, close and end: \(upToSignature)")
    }

    @Test(arguments: [KeyAlgorithm.rsa3072, .p256, .p384])
    func `other keys sign too, where the module only takes digests`(algorithm: KeyAlgorithm) async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String, name = algorithm.rawValue as String] in
            let token = try await Story.directory(path).open(nil)
            let secrets = TypedSecrets(pin: ["123456"])
            let algorithm = try #require(KeyAlgorithm(rawValue: name))
            let key = try await token.generateKey(Story.key(algorithm), secrets: secrets)
            let content = ContentToSign.hashing(Array("text".utf8), with: algorithm.digest)
            let signature = try await key.signingKey.sign(content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: content, under: key.signingKey.publicKey))
        }
    }

    @Test func `a wrong PIN goes to the device once, and one of a wrong length never`() async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let token = try await Story.directory(path).open(nil)
            let secrets = TypedSecrets(pin: ["12", "999999", "123456"])
            for expected in [KeyStoreError.Code.secretInvalid, .secretWrong] {
                let error = await #expect(throws: KeyStoreError.self) {
                    try await token.generateKey(Story.key(.p256), secrets: secrets)
                }
                #expect(error?.code == expected)
                #expect(error?.secret == .pin)
                if expected == .secretWrong { #expect(error?.state == .low) }
            }
            await token.close()
        }
        #expect(try hsm.calls().filter { $0 == "C_Login" }.count == 1)
        #expect(try !hsm.calls().contains("C_GenerateKeyPair"))
    }

    @Test func `PIN and QPIN each open their own slot and are never mixed`() async throws {
        let hsm = try await SoftHSM.provision([
            .init(label: "DEV", pin: "123456"), .init(label: "DEV (QPIN)", pin: "654321"),
        ])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let token = try Story.twoSlots(path)
            let secrets = TypedSecrets(pin: ["123456"], qpin: ["654321"])
            let qualified = try await token.generateKey(Story.key(.p256, in: .qualified), secrets: secrets)
            _ = try await token.generateKey(Story.key(.p256), secrets: secrets)
            let signature = try await qualified.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: qualified.signingKey.publicKey))
            #expect(secrets.questions == [.qpin, .pin])
        }
        #expect(try hsm.calls().filter { $0 == "C_Login" }.count == 2)
    }

    @Test func `a key that always authenticates asks for the QPIN for each signature`() async throws {
        // SoftHSM has one PIN: the roles are told apart by who is asked, not by what is typed.
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            SoftHSM.adopt(path)
            let slot = try #require(try Slot.all(of: Module.load(path: SoftHSM.loggingModule)).first)
            let card = DeviceCatalogue.builtIn.profiles.first { $0.name == "ProID+Q" }
            let token = PKCS11Token(Device(general: slot, signature: nil, profile: try #require(card)))
            let secrets = TypedSecrets(pin: ["123456"], qpin: ["123456", "999999", "123456"])
            let key = try await token.generateKey(Story.key(.rsa2048, in: .qualified), secrets: secrets)
            #expect(key.claims.alwaysAuthenticate == .yes)
            let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            let error = await #expect(throws: KeyStoreError.self) {
                try await key.signingKey.sign(Story.content, secrets: secrets)
            }
            #expect(error?.code == .secretWrong)
            #expect(error?.secret == .qpin)
            // Nothing is left open by the failure, and the next QPIN serves.
            _ = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(secrets.questions == [.pin, .qpin, .qpin, .qpin])
        }
        #expect(try hsm.calls().filter { $0 == "C_Login" }.count == 4)
    }

    @Test func `which of two tokens is meant must be said`() async throws {
        let hsm = try await SoftHSM.provision([.init(label: "ONE", pin: "123456"), .init(label: "TWO", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let directory = Story.directory(path)
            let both = await #expect(throws: KeyStoreError.self) { try await directory.open(nil) }
            #expect(both?.code == .tokenAmbiguous)
            #expect(both?.candidates.count == 2)
            let none = await #expect(throws: KeyStoreError.self) {
                try await directory.open(TokenSelector(parsing: "THREE"))
            }
            #expect(none?.code == .tokenNotFound)
            let one = try await directory.open(TokenSelector(parsing: "pkcs11:token=TWO"))
            #expect(one.token.identity.label == "TWO")
            #expect(!one.token.isQualifiedDevice)
            #expect(try await directory.tokens().count == 2)
        }
        #expect(try hsm.calls().filter { $0 == "C_Initialize" }.count == 1)
    }

    @Test func `the mechanism list tells the algorithms and nobody is asked`() async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let offered = try await Story.directory(path).open(nil).algorithms(in: .general)
            #expect(offered == KeyAlgorithm.allCases)
        }
    }

    @Test(arguments: ["/does/not/exist.so", "/etc/passwd", "/lib/x86_64-linux-gnu/libz.so.1"])
    func `a file that is no module says so`(path: String) async {
        let directory = TokenDirectory(modules: .files([path]))
        let error = await #expect(throws: KeyStoreError.self) { try await directory.tokens() }
        #expect(error?.code == .moduleUnusable)
        #expect(error?.candidates == [path])
    }
}
