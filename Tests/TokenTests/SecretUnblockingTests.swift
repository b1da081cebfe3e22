// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import Token

/// PIN and QPIN unblocked with the PUK, on the simulated device.
@Suite struct SecretUnblockingTests {
    @Test(arguments: [SecretKind.pin, .qpin])
    func `a blocked secret gets a new value with the PUK, and the keys survive`(kind: SecretKind) async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String, isPIN = (kind == .pin) as Bool] in
            let (token, known, _) = try await Story.device(path)
            let area = isPIN ? KeyArea.general : .qualified
            let key = try await token.generateKey(Story.key(in: area), secrets: known)
            await token.close()
            try await Story.block(isPIN ? .pin : .qpin, on: token)
            #expect(await token.standing(of: isPIN ? .pin : .qpin)?.state == .locked)
            let secrets = try Story.person(path, new: ["5813064"])
            try await token.unblock(isPIN ? .pin : .qpin, secrets: secrets)
            #expect(secrets.questions == [.puk])
            #expect(secrets.requests.first?.purpose == .unblock(isPIN ? .pin : .qpin))
            #expect(secrets.requests.first?.stake == .oneOfSeveral)
            #expect(await token.standing(of: isPIN ? .pin : .qpin)?.state == .ok)
            let now = TypedSecrets(pin: ["5813064"], qpin: ["5813064"])
            let found = try await token.findKey(
                key.identifier,
                in: area,
                matching: nil,
                for: .readObjects,
                secrets: now
            )
            let signature = try await #require(found).signingKey.sign(Story.content, secrets: now)
            #expect(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
        }
        let log = try device.calls()
        #expect(log.filter { $0.function == "C_InitPIN" }.map(\.outcome) == ["0x0"])
    }

    @Test func `a wrong PUK is the PUK's own try, warned of at the last one, and blocks nothing else`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            var states: [SecretState?] = []
            var asked: [SecretState] = []
            for _ in 0..<5 {
                let secrets = TypedSecrets(puk: ["99887766"], new: ["5813064"])
                let error = await #expect(throws: KeyStoreError.self) {
                    try await token.unblock(.pin, secrets: secrets)
                }
                #expect(error?.secret == .puk)
                states.append(error?.state)
                asked += secrets.requests.map(\.state)
            }
            #expect(states == [.low, .low, .low, .final, .locked])
            #expect(asked == [.ok, .low, .low, .low, .final])
            let secrets = TypedSecrets()
            let error = await #expect(throws: KeyStoreError.self) { try await token.unblock(.pin, secrets: secrets) }
            #expect(error?.code == .secretLocked && error?.secret == .puk && secrets.questions.isEmpty)
            #expect(await token.standing(of: .pin)?.state == .ok)
        }
        #expect(try device.count(of: "C_Login") == 5)
        #expect(try device.count(of: "C_InitPIN") == 0)
    }

    @Test func `with the two others blocked, the next wrong one is said to cost the device`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            try await Story.block(.pin, on: token)
            try await Story.block(.qpin, on: token)
            let secrets = try Story.person(path, new: ["5813064"])
            try await token.unblock(.pin, secrets: secrets)
            #expect(secrets.requests.map(\.stake) == [.lastOfAll])
            let again = try Story.person(path, new: ["7715260"])
            try await token.unblock(.qpin, secrets: again)
            #expect(again.requests.map(\.stake) == [.oneOfSeveral])
        }
    }

    @Test func `where C_SetPIN takes the PUK, a blocked secret is unblocked by it, and one that is not stays alone`()
        async throws
    {
        let device = try await SimulatedDevice.provision()
        try device.set("unblock_style", "set-pin")
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let token = try Story.device(path, care: Story.openSCCare)
            let idle = TypedSecrets()
            let early = await #expect(throws: KeyStoreError.self) { try await token.unblock(.pin, secrets: idle) }
            #expect(early?.code == .unblockNotOffered && idle.questions.isEmpty)
            try await Story.block(.pin, on: token)
            let person = try Story.person(path, new: ["5813064"])
            try await token.unblock(.pin, secrets: person)
            #expect(person.requests.map(\.belongsTo) == [.pin])
            // There a change needs a login first: without one the PIN would be taken for a PUK.
            try await token.change(.pin, secrets: TypedSecrets(pin: ["5813064"], new: ["640283"]))
            #expect(await token.standing(of: .pin)?.state == .ok)
            #expect(await token.standing(of: .puk)?.state == nil)
        }
        // Three wrong ones, the right one before the change.
        let log = try device.calls().filter { ["C_Login", "C_SetPIN", "C_InitPIN"].contains($0.function) }
        #expect(log.map(\.function) == ["C_Login", "C_Login", "C_Login", "C_SetPIN", "C_Login", "C_SetPIN"])
    }

    @Test func `a module that was not told to unblock says so, and no PUK is called wrong`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let token = try Story.device(path, care: Story.openSCCare)
            try await Story.block(.pin, on: token)
            let error = await #expect(throws: KeyStoreError.self) {
                try await token.unblock(.pin, secrets: try Story.person(path, new: ["5813064"]))
            }
            #expect(error?.code == .unblockNotOffered && error?.returnValue == 0xA4)
        }
    }

    @Test(arguments: ["C_InitPIN:1 return-after 0x30", "C_InitPIN:1 return 0x5", "C_InitPIN:1 unplug"])
    func `a device that breaks off leaves it open, and the PUK is not sent again`(fault: String) async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault(fault)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            let error = await #expect(throws: KeyStoreError.self) {
                try await token.unblock(.pin, secrets: try Story.person(path, new: ["5813064"]))
            }
            #expect(error?.code == .secretUncertain && error?.secret == .pin)
        }
        #expect(try device.count(of: "C_Login") == 1)
        #expect(try device.count(of: "C_InitPIN") == 1)
    }
}
