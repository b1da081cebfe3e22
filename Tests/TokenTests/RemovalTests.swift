// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import Token

/// What is listed and taken off a token, on one that says what it did and on one that does not.
@Suite struct RemovalTests {
    @Test func `key pairs are listed with one login, each with its numbers and claims`() async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let token = try await Story.directory(path).open(nil)
            let secrets = TypedSecrets(pin: ["123456"])
            let rsa = try await token.generateKey(Story.key(), secrets: secrets)
            let curve = try await token.generateKey(Story.key(.p384), secrets: secrets)
            let pairs = try await token.keyPairs(in: .general, for: .readObjects, secrets: secrets)
            #expect(Set(pairs.map(\.publicKey)) == [rsa.signingKey.publicKey, curve.signingKey.publicKey])
            #expect(pairs.allSatisfy { $0.hasPrivateHalf && $0.hasPublicHalf && $0.claims?.local == .yes })
            #expect(pairs.allSatisfy { $0.label == "story" })
            #expect(secrets.questions == [.pin])
            #expect(token.areas == [.general])
        }
    }

    @Test func `a removed pair leaves the one with the same identifier and the certificates alone`() async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let token = try await Story.directory(path).open(nil)
            let secrets = TypedSecrets(pin: ["123456"])
            let identifier = KeyIdentifier.random()
            let first = try await token.generateKey(Story.key(.rsa2048, in: .general, identifier), secrets: secrets)
            let second = try await token.generateKey(Story.key(.rsa2048, in: .general, identifier), secrets: secrets)
            try await token.write(Story.certificate, beside: identifier, label: "s", in: .general, secrets: secrets)
            let pairs = try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets)
            let meant = try #require(pairs.first { $0.publicKey == first.signingKey.publicKey })
            try await token.remove(meant, secrets: secrets)
            let left = try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets)
            #expect(left.map(\.publicKey) == [second.signingKey.publicKey])
            #expect(left.allSatisfy { $0.hasPrivateHalf && $0.hasPublicHalf })
            #expect(try await token.certificates().count == 1)
            let again = await #expect(throws: KeyStoreError.self) { try await token.remove(meant, secrets: secrets) }
            #expect(again?.code == .keyNotFound)
            #expect(secrets.questions == [.pin])
        }
        let calls = try hsm.calls()
        #expect(calls.count { $0 == "C_DestroyObject" } == 2)
    }

    @Test func `a certificate is removed by its bytes, and its key stays`() async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let token = try await Story.directory(path).open(nil)
            let secrets = TypedSecrets(pin: ["123456"])
            let key = try await token.generateKey(Story.key(.p256), secrets: secrets)
            try await token.write(Story.certificate, beside: key.identifier, label: "s", in: .general, secrets: secrets)
            let certificate = try #require(try await token.certificates().first)
            try await token.remove(certificate, secrets: secrets)
            #expect(try await token.certificates().isEmpty)
            _ = try await key.signingKey.sign(Story.content, secrets: secrets)
            let again = await #expect(throws: KeyStoreError.self) {
                try await token.remove(certificate, secrets: secrets)
            }
            #expect(again?.code == .certificateNotFound)
        }
    }

    @Test(arguments: [SimulatedDevice.Model.separateSlot, .alwaysAuthenticate])
    func `keys of the qualified area are listed and removed there alone`(model: SimulatedDevice.Model) async throws {
        let device = try await SimulatedDevice.provision(model: model)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            #expect(token.areas == [.general, .qualified])
            let general = try await token.generateKey(Story.key(), secrets: secrets)
            let qualified = try await token.generateKey(Story.key(.rsa2048, in: .qualified), secrets: secrets)
            for (area, key) in [(KeyArea.general, general), (.qualified, qualified)] {
                let pairs = try await token.keyPairs(in: area, for: .removeObjects, secrets: secrets)
                #expect(pairs.map(\.publicKey) == [key.signingKey.publicKey])
                try await token.remove(try #require(pairs.first), secrets: secrets)
                #expect(try await token.keyPairs(in: area, for: .removeObjects, secrets: secrets).isEmpty)
            }
        }
    }

    @Test(arguments: ["C_DestroyObject:1 return-after 0x5", "C_DestroyObject:2 return-after 0x30"])
    func `a removal that the module calls failed counts when the key is gone`(fault: String) async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault(fault)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            let key = try await token.generateKey(Story.key(), secrets: secrets)
            let pair = try #require(try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets).first)
            try await token.remove(pair, secrets: secrets)
            #expect(try await !token.hasHalf(key.identifier, in: .general))
        }
    }

    @Test(arguments: [("0x5", KeyStoreError.Code.functionFailed), ("0x0", .notRemoved)])
    func `a removal that did not happen is an error, whatever the module says`(
        value: String,
        code: KeyStoreError.Code
    ) async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault("C_DestroyObject:1 return \(value)")
        await #expect(processExitsWith: .success) { [path = device.path as String, code = code.rawValue as String] in
            let (token, secrets, _) = try await Story.device(path)
            _ = try await token.generateKey(Story.key(), secrets: secrets)
            let pair = try #require(try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets).first)
            let error = await #expect(throws: KeyStoreError.self) { try await token.remove(pair, secrets: secrets) }
            #expect(error?.code.rawValue == code)
            let left = try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets)
            #expect(left.map(\.hasPrivateHalf) == [true])
        }
    }

    @Test func `a token that is pulled during a removal is said to be gone`() async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault("C_DestroyObject:2 unplug")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            _ = try await token.generateKey(Story.key(), secrets: secrets)
            let pair = try #require(try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets).first)
            let error = await #expect(throws: KeyStoreError.self) { try await token.remove(pair, secrets: secrets) }
            #expect(error?.code == .tokenRemoved)
        }
    }

    @Test func `a card of OpenSC lists and removes a pair and its certificate`() async throws {
        let card = try await CardStack()
        await #expect(processExitsWith: .success) {
            [
                environment = card.environment as [String: String], path = card.path as String,
                file = try card.module()
                    as String
            ] in
            for (name, value) in environment { setenv(name, value, 1) }
            let directory = TokenDirectory(modules: .files([file]))
            let token = try await directory.open(nil)
            let pin = try String(contentsOfFile: "\(path)/secrets/pin", encoding: .utf8)
            let secrets = TypedSecrets(pin: [pin.trimmingCharacters(in: .newlines)])
            let kept = try await token.generateKey(Story.key(.p256), secrets: secrets)
            let key = try await token.generateKey(Story.key(), secrets: secrets)
            try await token.write(
                try await SelfSigned.certificate(),
                beside: key.identifier,
                label: "s",
                in: .general,
                secrets: secrets
            )
            let certificate = try #require(try await token.certificates().first)
            #expect(certificate.hasKey)
            try await token.remove(certificate, secrets: secrets)
            #expect(try await token.certificates().isEmpty)
            let pairs = try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets)
            #expect(pairs.count == 2 && pairs.allSatisfy { $0.hasPrivateHalf && $0.hasPublicHalf })
            try await token.remove(
                try #require(pairs.first { $0.publicKey == key.signingKey.publicKey }),
                secrets: secrets
            )
            let left = try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets)
            #expect(left.map(\.publicKey) == [kept.signingKey.publicKey])
            let signature = try await left.isEmpty ? [] : kept.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: kept.signingKey.publicKey))
            #expect(secrets.questions == [.pin])
        }
    }
}
