// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import Token

/// The QPIN that is wanted when a key of the qualified area is generated.
@Suite struct QPINModelTests {
    @Test(arguments: [true, false])
    func `the QPIN opens the area for one key, known from the profile or learnt from the module`(
        isKnown: Bool
    ) async throws {
        let device = try await SimulatedDevice.provision(model: .atGeneration)
        await #expect(processExitsWith: .success) { [path = device.path as String, isKnown = isKnown as Bool] in
            let (token, _, _) = try await Story.device(path)
            let asked = isKnown ? try Story.device(path, qpinModel: .atGeneration) : token
            let pin = try SimulatedDevice.secret("pin", of: path)
            let qpin = try SimulatedDevice.secret("qpin", of: path)
            let secrets = TypedSecrets(pin: [pin], qpin: [qpin, qpin])
            let key = try await asked.generateKey(Story.key(in: .qualified), secrets: secrets)
            let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            #expect(secrets.questions == [.pin, .qpin, .qpin])
            #expect(secrets.requests.map(\.purpose) == [.generateKey, .generateKey, .signRequest])
        }
        // Nothing was made by the call that was refused.
        #expect(try device.count(of: "C_GenerateKeyPair") == (isKnown ? 1 : 2))
        #expect(try device.calls().filter { $0.function == "C_Login" }.allSatisfy { $0.outcome == "0x0" })
    }

    @Test func `a wrong QPIN at generation costs one try, and no key is made`() async throws {
        let device = try await SimulatedDevice.provision(model: .atGeneration)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let token = try Story.device(path, qpinModel: .atGeneration)
            let secrets = TypedSecrets(pin: [try SimulatedDevice.secret("pin", of: path)], qpin: ["99887766"])
            let error = await #expect(throws: KeyStoreError.self) {
                try await token.generateKey(Story.key(in: .qualified), secrets: secrets)
            }
            #expect(error?.code == .secretWrong && error?.secret == .qpin)
        }
        #expect(try device.count(of: "C_GenerateKeyPair") == 0)
        #expect(try device.count(of: "C_Login") == 2)
    }

    @Test func `where the module asks by itself it is announced, and NULL goes there and nowhere else`() async throws {
        let device = try await SimulatedDevice.provision(model: .atGeneration)
        try device.set("asks_at_generation", "yes")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let token = try Story.device(path, qpinModel: .atGeneration, protectedPath: [.qpin])
            let secrets = TypedSecrets(pin: [try SimulatedDevice.secret("pin", of: path)])
            let key = try await token.generateKey(Story.key(in: .qualified), secrets: secrets)
            let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            #expect(secrets.questions == [.pin])
            #expect(secrets.announcements == [.qpin, .qpin])
        }
        #expect(try device.count(of: "C_Login") == 2)
    }

    @Test func `what the module asks by itself while it makes a key is told as the signature PIN when it is wrong`()
        async throws
    {
        let device = try await SimulatedDevice.provision(model: .atGeneration)
        try device.set("asks_at_generation", "yes")
        try device.set("keypad_qpin", "\(device.path)/secrets/pin")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let token = try Story.device(path, qpinModel: .atGeneration, protectedPath: [.qpin])
            let secrets = TypedSecrets(pin: [try SimulatedDevice.secret("pin", of: path)])
            for code in [KeyStoreError.Code.secretWrong, .secretWrong, .secretLocked] {
                let error = await #expect(throws: KeyStoreError.self) {
                    try await token.generateKey(Story.key(in: .qualified), secrets: secrets)
                }
                #expect(error?.code == code && error?.secret == .qpin)
                #expect(error?.canBeMendedHere == false)
            }
        }
    }

    @Test func `a QPIN of the factory makes no key, and no try is used`() async throws {
        let device = try await SimulatedDevice.provision(model: .atGeneration, factory: true)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let token = try Story.device(path, qpinModel: .atGeneration)
            let secrets = TypedSecrets(pin: ["12345678"], qpin: ["12345678"])
            let error = await #expect(throws: KeyStoreError.self) {
                try await token.generateKey(Story.key(in: .qualified), secrets: secrets)
            }
            #expect(error?.code == .secretIsFactory && error?.secret == .pin)
        }
        #expect(try device.count(of: "C_Login") == 0)
    }

    @Test func `a signature PIN of the factory does not sign for a key that has no certificate yet`() async throws {
        let device = try await SimulatedDevice.provision(model: .alwaysAuthenticate, factory: true)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            try await token.change(.pin, secrets: try Story.person(path, new: ["640283"]))
            let secrets = TypedSecrets(pin: ["640283"], qpin: ["12345678", "12345678"])
            let key = try await token.generateKey(Story.key(in: .qualified), secrets: secrets)
            let error = await #expect(throws: KeyStoreError.self) {
                try await key.signingKey.sign(Story.content, secrets: secrets)
            }
            #expect(error?.code == .secretIsFactory && error?.secret == .qpin)
            // With a certificate beside it, it belongs to somebody who is not to be locked out.
            try await token.write(
                Story.certificate,
                beside: key.identifier,
                label: "s",
                in: .qualified,
                secrets: secrets
            )
            _ = try await key.signingKey.sign(Story.content, secrets: secrets)
        }
    }
}
