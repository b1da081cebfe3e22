// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import Token

/// The key store on the simulated device: two areas, secrets that lock, little room.
@Suite struct DeviceTests {
    @Test func `generating, signing, installing and trying costs at most 19 calls and one login`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, directory) = try await Story.device(path)
            #expect(token.token.qpin == .ok && token.token.isQualifiedDevice)
            #expect(token.token.qualifiedCertificateLimit == 2)
            let identifier = KeyIdentifier.random()
            let key = try await token.generateKey(Story.key(.rsa2048, in: .general, identifier), secrets: secrets)
            _ = try await key.signingKey.sign(Story.content, secrets: secrets)
            try await token.write(Story.certificate, beside: identifier, label: "s", in: .general, secrets: secrets)
            let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            #expect(secrets.questions == [.pin])
            await token.close()
            await directory.shutdown()
        }
        let calls = try device.calls().map(\.function)
        #expect(calls.count <= 19, "\(calls)")
        #expect(calls.count >= 14 && calls.last == "C_Finalize")
        #expect(calls.filter { $0 == "C_Login" }.count == 1)
    }

    @Test func `requesting and installing as two processes cost at most 15 calls each`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, directory) = try await Story.device(path)
            let identifier = KeyIdentifier(bytes: Array(1...16))
            let key = try await token.generateKey(Story.key(.rsa2048, in: .general, identifier), secrets: secrets)
            _ = try await key.signingKey.sign(Story.content, secrets: secrets)
            guard case .rsa(let modulus, _) = key.signingKey.publicKey.material else { return }
            try Data(modulus).write(to: URL(fileURLWithPath: "\(path)/modulus"))
            await token.close()
            await directory.shutdown()
        }
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, directory) = try await Story.device(path)
            let identifier = KeyIdentifier(bytes: Array(1...16))
            let modulus = try Data(contentsOf: URL(fileURLWithPath: "\(path)/modulus"))
            let publicKey = try #require(PublicKey.rsa(modulus: Array(modulus), exponent: [1, 0, 1]))
            let found = try await token.findKey(
                identifier,
                in: .general,
                matching: publicKey,
                for: .installCertificate,
                secrets: secrets
            )
            let key = try #require(found)
            try await token.write(Story.certificate, beside: identifier, label: "s", in: .general, secrets: secrets)
            let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
            #expect(try await opensslVerifies(signature, of: Story.content, under: publicKey))
            await token.close()
            await directory.shutdown()
        }
        let byProcess = Dictionary(grouping: try device.calls(), by: \.process)
        #expect(byProcess.count == 2)
        for calls in byProcess.values {
            #expect(calls.count <= 15, "\(calls.map(\.function))")
            #expect(calls.filter { $0.function == "C_Login" }.count == 1)
        }
    }

    @Test(arguments: [SimulatedDevice.Model.separateSlot, .alwaysAuthenticate])
    func `a qualified key is made and used with the secret of its area`(model: SimulatedDevice.Model) async throws {
        let device = try await SimulatedDevice.provision(model: model)
        await #expect(processExitsWith: .success) {
            [path = device.path as String, asks = (model == .alwaysAuthenticate) as Bool] in
            let (token, secrets, _) = try await Story.device(path)
            let key = try await token.generateKey(Story.key(in: .qualified), secrets: secrets)
            #expect(key.claims.alwaysAuthenticate == (asks ? .yes : .no))
            for _ in 0..<2 {
                let signature = try await key.signingKey.sign(Story.content, secrets: secrets)
                #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
            }
            #expect(secrets.questions == (asks ? [.pin, .qpin, .qpin] : [.qpin]))
        }
        #expect(try device.calls().filter { $0.function == "C_Login" && $0.outcome != "0x0" }.isEmpty)
    }

    @Test func `a blocked QPIN is said before anybody types, and the PIN still serves`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, directory) = try await Story.device(path)
            let wrong = TypedSecrets(qpin: ["99999", "99999", "99999"])
            var states: [SecretState?] = []
            for _ in 0..<3 {
                let error = await #expect(throws: KeyStoreError.self) {
                    try await token.generateKey(Story.key(in: .qualified), secrets: wrong)
                }
                #expect(error?.secret == .qpin)
                states.append(error?.state)
            }
            #expect(states == [.low, .final, .locked])
            let again = try await directory.open(nil)
            #expect(again.token.qpin == .locked && again.token.pin == .ok)
            let (_, right, _) = try await Story.device(path)
            let error = await #expect(throws: KeyStoreError.self) {
                try await again.generateKey(Story.key(in: .qualified), secrets: right)
            }
            #expect(error?.code == .secretLocked)
            #expect(right.questions.isEmpty)
            _ = try await again.generateKey(Story.key(), secrets: right)
        }
        // Three wrong ones and the PIN.
        #expect(try device.count(of: "C_Login") == 4)
    }

    @Test func `a full area says so, and a size that the device lacks is never tried`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            let lacking = await #expect(throws: KeyStoreError.self) {
                try await token.generateKey(Story.key(.p256, in: .qualified), secrets: secrets)
            }
            #expect(lacking?.code == .algorithmNotOffered)
            #expect(secrets.questions.isEmpty)
            for _ in 0..<2 { _ = try await token.generateKey(Story.key(in: .qualified), secrets: secrets) }
            let full = await #expect(throws: KeyStoreError.self) {
                try await token.generateKey(Story.key(in: .qualified), secrets: secrets)
            }
            #expect(full?.code == .tokenFull && full?.areaLimit == 2)
        }
        #expect(try device.count(of: "C_GenerateKeyPair") == 3)
    }

    @Test func `a device with its own keypad is asked to use it, and nobody types here`() async throws {
        let device = try await SimulatedDevice.provision(model: .protectedPath)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            _ = try await token.generateKey(Story.key(), secrets: secrets)
            #expect(secrets.questions.isEmpty)
            #expect(secrets.announcements == [.pin])
        }
    }

    @Test func `what a device leaves out is unreported, what it denies is a no`() async throws {
        let device = try await SimulatedDevice.provision()
        try device.set("unreported", "local,always-sensitive")
        try device.set("reported_false", "never-extractable")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, secrets, _) = try await Story.device(path)
            let claims = try await token.generateKey(Story.key(), secrets: secrets).claims
            #expect(claims.local == .unreported && claims.sensitive == .unreported)
            #expect(claims.neverExtractable == .no && claims.denyOnDeviceKey)
        }
    }
}
