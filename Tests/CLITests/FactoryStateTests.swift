// SPDX-License-Identifier: Apache-2.0

import Enrollment
import Foundation
import TestSupport
import Testing

/// The secrets of the factory: left before the first key, returned for a complaint.
@Suite struct FactoryStateTests {
    let ca: RunningCA

    init() throws { ca = try RunningCA("--auto-approve", "0") }

    private func program(on device: SimulatedDevice) throws -> Program {
        let program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        return program
    }

    private func file(_ text: String, _ program: Program) throws -> String {
        let file = program.home.file("value-\(UUID().uuidString)")
        try Data((text + "\n").utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        return "file:\(file.path)"
    }

    private func new(_ type: String, _ secrets: [String]) -> [String] {
        ["new", "--type", type, "--yes", "--no-input", "--json", "--wait=1", "--accept"] + secrets
    }

    @Test(arguments: ["commercial", "qualified"])
    func `no key is made with a PIN of the factory, no try is spent, and no request begins`(type: String) async throws {
        let device = try await SimulatedDevice.provision(factory: true)
        let program = try program(on: device)
        let kind = type == "qualified" ? "qpin" : "pin"
        let old = "file:\(device.path)/secrets/\(kind)"
        let refused = try await program.run(new(type, ["--\(kind)-from", old]))
        #expect(refused.status == 77)
        #expect(try refused.failure()["code"] == "\(kind)_is_factory")
        #expect(try refused.failure()["hint"]?.contains("isignum device \(kind)") == true)
        #expect(try device.count(of: "C_Login") == 0)
        #expect(try device.count(of: "C_GenerateKeyPair") == 0)
        #expect((try await program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)
        let value = try file("640283", program)
        let flags = ["--\(kind)-from", old, "--new-\(kind)-from", value]
        #expect(try await program.run(["device", kind] + flags).status == 0)
        let done = try await program.run(new(type, ["--\(kind)-from", value]))
        #expect(done.status == 0, "\(done.errorText)")
    }

    @Test func `a device that marks its factory values is not asked for a try`() async throws {
        let device = try await SimulatedDevice.provision(model: .protectedPath, factory: true)
        try device.set("marks_factory", "yes")
        let refused = try await program(on: device).run(
            new("commercial", ["--pin-from", "file:\(device.path)/secrets/pin"])
        )
        #expect(refused.status == 77)
        #expect(try refused.failure()["code"] == "pin_is_factory")
        #expect(try device.count(of: "C_Login") == 0)
    }

    @Test func `marked values are shown, doctor names them, and the PUK stands in the way like the others`()
        async throws
    {
        let device = try await SimulatedDevice.provision(factory: true)
        try device.set("marks_factory", "yes")
        let program = try program(on: device)
        let all = ["pin", "qpin", "puk"]
        let tokens = try await program.run("list", "--json").document()["tokens"] as? [[String: Any]]
        #expect(tokens?.first?["factorySecrets"] as? [String] == all)
        let info = try await program.run("device", "info").outputText
        for kind in all { #expect(info.contains(" still its maker's: isignum device \(kind) changes it")) }
        func doctor() async throws -> (status: Int32, hints: [String]) {
            let outcome = try await program.run("doctor", "--json")
            let findings = try outcome.document()["findings"] as? [[String: Any]] ?? []
            return (
                outcome.status,
                findings.filter { $0["code"] as? String == "secrets_of_factory" }
                    .compactMap { $0["hint"] as? String }
            )
        }
        #expect(try await doctor() == (77, [all.map { "isignum device \($0)" }.joined(separator: "; ")]))
        let value = try file("640283173", program)
        func change(_ kind: String) async throws {
            let flags = ["--\(kind)-from", "file:\(device.path)/secrets/\(kind)", "--new-\(kind)-from", value]
            #expect(try await program.run(["device", kind] + flags).status == 0)
        }
        try await change("pin")
        try await change("qpin")
        let qualified = ["new", "--type", "qualified", "--yes", "--no-input", "--qpin-from", value]
        let logins = try device.count(of: "C_Login")
        for (flags, status, word) in [([], 77, "the PUK is still"), (["--key", "rsa4096"], 65, "rsa2048")] {
            let refused = try await program.run(qualified + flags)
            #expect(refused.status == status && refused.errorText.contains(word), "\(refused.errorText)")
            // Nothing is announced that does not happen.
            #expect(!refused.errorText.contains("is generated on"))
        }
        #expect(try device.count(of: "C_GenerateKeyPair") == 0)
        #expect(try device.count(of: "C_Login") == logins)
        try await change("puk")
        #expect(try await doctor() == (0, []))
        #expect(try await program.run(qualified).status == 0)
    }

    @Test func `whoever has keys already is locked out of nothing but new ones`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device)
        let pin = "file:\(device.path)/secrets/pin"
        let begun = try await program.run("new", "--type", "commercial", "--yes", "--no-input", "--pin-from", pin)
        #expect(begun.status == 0, "\(begun.errorText)")
        // Nobody but a test could choose such a value: the maker's own way to it is a reset.
        try await device.giveFactoryPIN()
        let factory = try file("12345678", program)
        let installed = try await program.run("install", "--accept", "--no-input", "--pin-from", factory)
        #expect(installed.status == 0, "\(installed.errorText)")
    }

    @Test func `a reset removes everything, returns the secrets and can be seen to have done so`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device)
        let folder = "file:\(device.path)/secrets"
        let pin = ["--pin-from", "\(folder)/pin", "--qpin-from", "\(folder)/qpin"]
        for type in ["commercial", "qualified"] {
            let done = try await program.run(new(type, pin))
            #expect(done.status == 0, "\(done.errorText)")
        }
        let open = try await program.run(
            ["new", "--type", "commercial", "--yes", "--no-input", "--json"] + pin
        )
        let id = try #require(try open.document()["id"] as? String)
        try device.setFault("C_SignInit:1 kill")
        #expect(try await program.run(["new", "--type", "commercial", "--yes", "--no-input"] + pin).wasSignalled)
        try device.clearFaults()
        let journal = try Journal(folder: program.home.file("state"))
        let wrong = try await program.run([
            "device", "reset", "--json", "--confirm-serial", "C6B67B431DB714B4", "--puk-from",
            try file("7391", program),
        ])
        #expect(wrong.status != 0)
        #expect(try journal.entries().first?.state == .keyGenerated, "a reset that came to nothing took a request back")
        let command = ["device", "reset", "--json", "--puk-from", "\(folder)/puk"]
        let other = try await program.run(command + ["--confirm-serial", "C6B67B431DB714B5"])
        #expect(other.status == 64)
        #expect(try other.failure()["code"] == "serial_differs")
        let done = try await program.run(command + ["--confirm-serial", "C6B67B431DB714B4"])
        #expect(done.status == 0, "\(done.errorText)")
        #expect(done.errorText.contains("WARNING") && done.errorText.contains(id))
        let document = try done.document()
        #expect(document["removedCertificates"] as? Int == 2 && document["removedKeys"] as? Int == 4)
        #expect(document["returned"] as? [String] == ["pin", "qpin", "puk"])
        #expect(document["kept"] as? [String] == [])
        #expect(document["openRequests"] as? [String] == ["#4", id])
        // Nothing had left of the one; the other is the CA's.
        #expect(try journal.entries().prefix(2).map(\.state) == [.withdrawn, .pending])
        for slot in 0...1 { #expect(try await device.publicKeys(slot: slot) == 0) }
        // Whose key went long ago is no matter of a second reset.
        let second = try await program.run([
            "device", "reset", "--confirm-serial", "C6B67B431DB714B4", "--puk-from", try file("87654321", program),
        ])
        #expect(second.status == 0 && !second.errorText.contains("WARNING"), "\(second.errorText)")
        #expect(!second.outputText.contains(id))
        // The maker's values open it, and serve for a new beginning.
        for (kind, old) in [("pin", "12345678"), ("qpin", "12345678"), ("puk", "87654321")] {
            let flags = [
                "--\(kind)-from", try file(old, program), "--new-\(kind)-from", try file("640283173", program),
            ]
            let changed = try await program.run(["device", kind] + flags)
            #expect(changed.status == 0, "\(changed.errorText)")
        }
    }

    @Test(arguments: [
        "C_InitPIN:1 kill", "C_InitPIN:2 kill-after", "C_DestroyObject:1 kill-after", "C_DestroyObject:3 kill",
        "C_SetPIN:1 kill",
    ]) func `a reset that was killed is run again with the same PUK`(fault: String) async throws {
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device)
        let folder = "file:\(device.path)/secrets"
        let made = try await program.run(new("commercial", ["--pin-from", "\(folder)/pin"]))
        #expect(made.status == 0, "\(made.errorText)")
        try device.setFault(fault)
        let command = [
            "device", "reset", "--json", "--puk-from", "\(folder)/puk", "--confirm-serial", "C6B67B431DB714B4",
        ]
        #expect(try await program.run(command).wasSignalled)
        try device.clearFaults()
        let done = try await program.run(command)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try await device.publicKeys(slot: 0) == 0)
        #expect(try device.calls().filter { $0.function == "C_Login" }.allSatisfy { $0.outcome == "0x0" })
    }

    @Test func `blocked secrets do not stand in the way of a reset`() async throws {
        let device = try await SimulatedDevice.provision()
        let program = try program(on: device)
        let folder = "file:\(device.path)/secrets"
        let made = try await program.run(new("qualified", ["--qpin-from", "\(folder)/qpin"]))
        #expect(made.status == 0, "\(made.errorText)")
        let wrong = try file("99887766", program)
        for _ in 0..<3 {
            for kind in ["pin", "qpin"] {
                let flags = ["--\(kind)-from", wrong, "--new-\(kind)-from", try file("640283", program), "--last-try"]
                _ = try await program.run(["device", kind] + flags)
            }
        }
        let done = try await program.run(
            ["device", "reset", "--json", "--puk-from", "\(folder)/puk", "--confirm-serial", "C6B67B431DB714B4"]
        )
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try done.document()["removedKeys"] as? Int == 1)
    }
}
