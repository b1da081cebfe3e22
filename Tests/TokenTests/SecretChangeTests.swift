// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import Token

/// PIN, QPIN and PUK changed by those who know them, on the simulated device.
@Suite struct SecretChangeTests {
    @Test func `PIN, QPIN and PUK are changed, each with its own value once, and the old ones are dead`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            let secrets = try Story.person(path, new: ["640283", "5813064", "739126480"])
            for kind in [SecretKind.pin, .qpin, .puk] { try await token.change(kind, secrets: secrets) }
            #expect(secrets.questions == [.pin, .qpin, .puk])
            #expect(
                secrets.requests.map(\.purpose) == [.changeSecret(.pin), .changeSecret(.qpin), .changeSecret(.puk)]
            )
            #expect(secrets.requests.map(\.lengths) == [4...15, 5...15, 8...15])
            for kind in [SecretKind.pin, .qpin, .puk] { #expect(await token.standing(of: kind)?.state == .ok) }
        }
        let log = try device.calls().filter { ["C_Login", "C_SetPIN", "C_InitPIN"].contains($0.function) }
        // C_SetPIN for PIN and QPIN; the PUK is the security officer's, who has to log in first.
        #expect(log.map(\.function) == ["C_SetPIN", "C_SetPIN", "C_Login", "C_SetPIN"])
        #expect(log.allSatisfy { $0.outcome == "0x0" })
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, old, _) = try await Story.device(path)
            let wrong = await #expect(throws: KeyStoreError.self) {
                try await token.generateKey(Story.key(), secrets: old)
            }
            #expect(wrong?.code == .secretWrong)
            let now = TypedSecrets(pin: ["640283"], qpin: ["5813064"])
            _ = try await token.generateKey(Story.key(), secrets: now)
            _ = try await token.generateKey(Story.key(in: .qualified), secrets: now)
            // The new PUK serves for both.
            let puk = TypedSecrets(puk: ["739126480", "739126480"], new: ["482915", "7715260"])
            try await token.unblock(.pin, secrets: puk)
            try await token.unblock(.qpin, secrets: puk)
        }
    }

    @Test func `a new value that is no good is refused before the device hears of anything`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            let old = try SimulatedDevice.secret("qpin", of: path)
            let poor = ["4711", "0000000000000000", "123456", "121212", "24121987", "12345678", old, "640283"]
            let secrets = try Story.person(path, new: poor)
            try await token.change(.qpin, secrets: secrets)
            #expect(
                secrets.refusals
                    == [.tooShort, .tooLong, .sequence, .repetition, .date, .factory, .sameAsOld]
            )
            #expect(secrets.questions == [.qpin])
        }
        #expect(try device.count(of: "C_SetPIN") == 1)
    }

    @Test func `a source that can only repeat itself ends in a refusal, and no try is used`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            let error = await #expect(throws: KeyStoreError.self) {
                try await token.change(.pin, secrets: try Story.person(path, new: ["1234"]))
            }
            #expect(error?.code == .secretRefused && error?.refusal == .sequence && error?.secret == .pin)
        }
        #expect(try device.count(of: "C_SetPIN") == 0)
    }

    @Test func `a wrong old value costs one try of its own secret, up to its blocking`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            var seen: [SecretState?] = []
            for _ in 0..<3 {
                let error = await #expect(throws: KeyStoreError.self) {
                    try await token.change(.qpin, secrets: TypedSecrets(qpin: ["99887766"], new: ["640283"]))
                }
                #expect(error?.secret == .qpin)
                seen.append(error?.state)
            }
            #expect(seen == [.low, .final, .locked])
            #expect(await token.standing(of: .pin)?.state == .ok)
            #expect(await token.standing(of: .puk)?.state == .ok)
            let asked = TypedSecrets()
            let error = await #expect(throws: KeyStoreError.self) { try await token.change(.qpin, secrets: asked) }
            #expect(error?.code == .secretLocked && asked.questions.isEmpty)
        }
        #expect(try device.count(of: "C_SetPIN") == 3)
    }

    @Test func `a wrong PUK at its change is the PUK's own try, and goes nowhere else`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            let error = await #expect(throws: KeyStoreError.self) {
                try await token.change(.puk, secrets: TypedSecrets(puk: ["99887766"], new: ["739126480"]))
            }
            #expect(error?.code == .secretWrong && error?.secret == .puk && error?.state == .low)
        }
        #expect(try device.count(of: "C_Login") == 1)
        #expect(try device.count(of: "C_SetPIN") == 0)
    }

    @Test(arguments: ["0x30", "0x5", "0x6", "0x80000001"])
    func `a module that breaks off leaves it open which value counts, and says so`(value: String) async throws {
        for fault in ["return", "return-after"] {
            let device = try await SimulatedDevice.provision()
            try device.setFault("C_SetPIN:1 \(fault) \(value)")
            await #expect(processExitsWith: .success) { [path = device.path as String] in
                let (token, _, _) = try await Story.device(path)
                let error = await #expect(throws: KeyStoreError.self) {
                    try await token.change(.pin, secrets: try Story.person(path, new: ["640283"]))
                }
                #expect(error?.code == .secretUncertain && error?.secret == .pin)
            }
            // Nothing is tried to find out.
            #expect(try device.count(of: "C_SetPIN") == 1)
            #expect(try device.count(of: "C_Login") == 0)
        }
    }

    @Test(arguments: ["return", "return-after"])
    func `a device that marks the values of its factory tells which one counts`(fault: String) async throws {
        let device = try await SimulatedDevice.provision()
        try device.set("marks_factory", "yes")
        try device.setFault("C_SetPIN:1 \(fault) 0x30")
        await #expect(processExitsWith: .success) {
            [path = device.path as String, wasDone = (fault == "return-after") as Bool] in
            let (token, _, _) = try await Story.device(path)
            #expect(await token.standing(of: .pin)?.isOfFactory == true)
            let person = try Story.person(path, new: ["640283"])
            if wasDone {
                try await token.change(.pin, secrets: person)
            } else {
                let error = await #expect(throws: KeyStoreError.self) { try await token.change(.pin, secrets: person) }
                #expect(error?.code == .functionFailed)
            }
            #expect(await token.standing(of: .pin)?.isOfFactory == !wasDone)
        }
    }

    @Test(arguments: ["C_SetPIN:1 unplug", "C_SetPIN:1 unplug-after"])
    func `a device that is pulled out in the middle leaves it open, and the truth shows at the next login`(
        fault: String
    ) async throws {
        let device = try await SimulatedDevice.provision()
        try device.setFault(fault)
        if fault.hasSuffix("after") { try device.setFault("C_SetPIN:1 return-after 0x32") }
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            let person = try Story.person(path, new: ["640283"])
            // A module that still answers CKR_OK has changed it.
            do throws(KeyStoreError) { try await token.change(.pin, secrets: person) } catch {
                #expect(error.code == .secretUncertain)
            }
        }
        #expect(try device.count(of: "C_SetPIN") == 1)
    }

    @Test func `with a keypad of its own, the device asks for old and new, and NULL goes nowhere else`() async throws {
        let device = try await SimulatedDevice.provision(model: .protectedPath)
        try Data("640283".utf8).write(to: URL(fileURLWithPath: "\(device.path)/secrets/new"))
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            let secrets = TypedSecrets()
            try await token.change(.pin, secrets: secrets)
            try await token.unblock(.qpin, secrets: secrets)
            #expect(secrets.questions.isEmpty)
            #expect(secrets.announcements == [.pin, .puk])
        }
        #expect(try device.calls().allSatisfy { $0.outcome == "0x0" })
    }

    @Test(arguments: [SimulatedDevice.Model.alwaysAuthenticate, .atGeneration])
    func `where no way to the QPIN is known, nobody is asked for it`(model: SimulatedDevice.Model) async throws {
        let device = try await SimulatedDevice.provision(model: model)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let (token, _, _) = try await Story.device(path)
            let secrets = TypedSecrets()
            let change = await #expect(throws: KeyStoreError.self) { try await token.change(.qpin, secrets: secrets) }
            #expect(change?.code == .changeNotOffered)
            let unblock = await #expect(throws: KeyStoreError.self) { try await token.unblock(.qpin, secrets: secrets) }
            #expect(unblock?.code == .unblockNotOffered)
            #expect(secrets.questions.isEmpty)
            try await token.change(.pin, secrets: try Story.person(path, new: ["640283"]))
        }
    }
}
