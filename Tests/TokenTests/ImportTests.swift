// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

@testable import Token

/// A key from a file on a token: it signs, and it is never taken for one that was made there.
@Suite struct ImportTests {
    static let rsa = ["-newkey", "rsa:2048"]
    static let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]

    private static func specification(_ algorithm: KeyAlgorithm, in area: KeyArea = .general) -> KeySpecification {
        KeySpecification(
            identifier: .random(),
            algorithm: algorithm,
            area: area,
            label: "imported",
            mayDecrypt: algorithm.modulusBits != nil
        )
    }

    /// Writes the key of a file, signs with it, and looks at what the token then says.
    private static func story(_ token: PKCS11Token, _ file: [UInt8], _ secrets: TypedSecrets) async throws {
        let opened = try PKCS12(reading: file, password: .typed("heslo"))
        let publicKey = opened.key.publicKey
        let algorithm = try #require(publicKey.algorithm)
        let specification = specification(algorithm)
        let key = try await token.importKey(opened.takeKey(), as: specification, secrets: secrets)
        #expect(key.claims.local == .no && key.claims.denyOnDeviceKey)
        let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
        #expect(try await opensslVerifies(signature, of: Story.content, under: publicKey))
        let pairs = try await token.keyPairs(in: .general, for: .readObjects, secrets: secrets)
        #expect(pairs.map(\.publicKey) == [publicKey])
        #expect(pairs.allSatisfy { $0.hasPrivateHalf && $0.hasPublicHalf && $0.label == "imported" })
        let found = try await token.findKey(
            specification.identifier,
            in: .general,
            matching: publicKey,
            for: .readObjects,
            secrets: secrets
        )
        #expect(found != nil)
    }

    @Test(arguments: [rsa, curve]) func `a key from a file signs on SoftHSM`(key: [String]) async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        let file = try await SelfSigned.file(key, password: "heslo")
        await #expect(processExitsWith: .success) { [path = hsm.path as String, file = file as [UInt8]] in
            let token = try await Story.directory(path).open(nil)
            let secrets = TypedSecrets(pin: ["123456"])
            try await ImportTests.story(token, file, secrets)
            #expect(secrets.questions == [.pin])
        }
    }

    @Test func `a card that takes no key from outside is left as it was`() async throws {
        let card = try await CardStack()
        let file = try await SelfSigned.file(Self.rsa, password: "heslo")
        await #expect(processExitsWith: .success) {
            [
                environment = card.environment as [String: String], path = card.path as String,
                module = try card.module() as String, file = file as [UInt8]
            ] in
            for (name, value) in environment { setenv(name, value, 1) }
            let token = try await TokenDirectory(modules: .files([module])).open(nil)
            let pin = try String(contentsOfFile: "\(path)/secrets/pin", encoding: .utf8)
            let secrets = TypedSecrets(pin: [pin.trimmingCharacters(in: .newlines)])
            let key = try PKCS12(reading: file, password: .typed("heslo")).takeKey()
            do throws(KeyStoreError) {
                _ = try await token.importKey(key, as: ImportTests.specification(.rsa2048), secrets: secrets)
                Issue.record("the key was taken")
            } catch {
                // The module's own word for it is kept.
                #expect(error.code == .importRefused && error.function == "C_CreateObject")
            }
            #expect(try await token.keyPairs(in: .general, for: .readObjects, secrets: secrets).isEmpty)
            _ = try await token.generateKey(Story.key(), secrets: secrets)
        }
    }

    @Test func `the qualified area takes no key from outside, and nobody is asked`() async throws {
        let device = try await SimulatedDevice.provision()
        let file = try await SelfSigned.file(Self.rsa, password: "heslo")
        await #expect(processExitsWith: .success) { [path = device.path as String, file = file as [UInt8]] in
            let (token, secrets, _) = try await Story.device(path)
            let opened = try PKCS12(reading: file, password: .typed("heslo"))
            let key = opened.takeKey()
            do throws(KeyStoreError) {
                _ = try await token.importKey(
                    key,
                    as: ImportTests.specification(.rsa2048, in: .qualified),
                    secrets: secrets
                )
                Issue.record("the key was taken")
            } catch {
                #expect(error.code == .importRefused)
            }
            #expect(secrets.questions.isEmpty)
            try await ImportTests.story(token, file, secrets)
        }
    }

    @Test(arguments: ["C_CreateObject:2 return 0x5", "C_CreateObject:2 return 0x31"])
    func `a key of which only one half could be written leaves nothing`(fault: String) async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault(fault)
        let file = try await SelfSigned.file(Self.rsa, password: "heslo")
        await #expect(processExitsWith: .success) { [path = device.path as String, file = file as [UInt8]] in
            let (token, secrets, _) = try await Story.device(path)
            let key = try PKCS12(reading: file, password: .typed("heslo")).takeKey()
            do throws(KeyStoreError) {
                _ = try await token.importKey(key, as: ImportTests.specification(.rsa2048), secrets: secrets)
                Issue.record("the key was taken")
            } catch {
                #expect(error.code == (error.returnValue == 5 ? .importRefused : .tokenFull))
            }
            #expect(try await token.keyPairs(in: .general, for: .readObjects, secrets: secrets).isEmpty)
        }
    }
}
