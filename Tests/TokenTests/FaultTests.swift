// SPDX-License-Identifier: Apache-2.0

import CP11Kit
import Credentials
import TestSupport
import Testing

@testable import Token

/// A device that fails, before or after it did what it was asked.
@Suite struct FaultTests {
    @Test(arguments: ["0x5", "0x6", "0x30", "0x80000001"])
    func `a key that was made in spite of an error is found, and not made twice`(value: String) async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault("C_GenerateKeyPair:1 return-after \(value)")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            let key = try await token.generateKey(Story.key(), secrets: secrets)
            let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            #expect(try await token.hasHalf(key.identifier, in: .general))
        }
        #expect(try device.count(of: "C_GenerateKeyPair") == 1)
    }

    @Test func `a key that was not made stays an error and is not tried again`() async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault("C_GenerateKeyPair:1 return 0x5")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            let error = await #expect(throws: KeyStoreError.self) {
                try await token.generateKey(Story.key(), secrets: secrets)
            }
            #expect(error?.code == .functionFailed)
            #expect(error?.returnValue == 5)
        }
        #expect(try device.count(of: "C_GenerateKeyPair") == 1)
    }

    @Test(arguments: ["return-after 0x5", "return 0x5"])
    func `a certificate that was written in spite of an error counts, one that was not does not`(
        fault: String
    ) async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault("C_CreateObject:1 \(fault)")
        await #expect(processExitsWith: .success) {
            [path = device.path as String, wasWritten = fault.hasPrefix("return-after") as Bool] in
            let (token, secrets, _) = try await Story.device(path)
            let identifier = KeyIdentifier.random()
            var code: KeyStoreError.Code?
            do throws(KeyStoreError) {
                try await token.write(Story.certificate, beside: identifier, label: "s", in: .general, secrets: secrets)
            } catch { code = error.code }
            #expect(code == (wasWritten ? nil : .functionFailed))
            #expect(try await token.certificates().count == (wasWritten ? 1 : 0))
        }
        #expect(try device.count(of: "C_CreateObject") == 1)
    }

    @Test(arguments: ["C_Sign:1 unplug", "C_SignInit:1 unplug", "C_GenerateKeyPair:1 unplug", "C_Login:1 unplug"])
    func `a device that is pulled out is said to be gone, and no secret is called wrong`(fault: String) async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault(fault)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, directory) = try await Story.device(path)
            let error = await #expect(throws: KeyStoreError.self) {
                let key = try await token.generateKey(Story.key(), secrets: secrets)
                _ = try await key.signingKey.sign(Story.content, secrets: secrets)
            }
            #expect(error?.code == .tokenRemoved)
            let none = await #expect(throws: KeyStoreError.self) { try await directory.open(nil) }
            #expect(none?.code == .tokenNotFound)
        }
    }

    @Test func `a general error of a device that is gone is explained as that`() async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault("C_Sign:1 return 0x5")
        try device.setFault("C_GetTokenInfo:3 unplug")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            let key = try await token.generateKey(Story.key(), secrets: secrets)
            let error = await #expect(throws: KeyStoreError.self) {
                try await key.signingKey.sign(Story.content, secrets: secrets)
            }
            #expect(error?.code == .tokenRemoved)
            #expect(error?.returnValue == 5)
        }
    }

    @Test func `a module that takes no bare digest gets the message, and is not asked for the other form again`()
        async throws
    {
        let device = try await SimulatedDevice.provision()
        try device.setFault("C_SignInit:1 return 0x70")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            let key = try await token.generateKey(Story.key(), secrets: secrets)
            for _ in 0..<2 {
                let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
                #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            }
        }
        #expect(try device.count(of: "C_SignInit") == 3)
    }

    @Test func `an operation that somebody left open does not stop a signature`() async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault("C_SignInit:1 return-after 0x90")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            let key = try await token.generateKey(Story.key(), secrets: secrets)
            let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            #expect(secrets.questions == [.pin])
        }
    }
}
