// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `isignum device` as scripts use it, on the simulated device.
@Suite struct DeviceCareTests {
    let device: SimulatedDevice
    let program: Program

    init() async throws {
        device = try await SimulatedDevice.provision()
        program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n")
    }

    private func secret(_ name: String) -> String { "file:\(device.path)/secrets/\(name)" }

    private func file(_ text: String) throws -> String {
        let file = program.home.file("value-\(UUID().uuidString)")
        try Data((text + "\n").utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        return "file:\(file.path)"
    }

    private func sent() throws -> [String] {
        try device.calls().filter { ["C_Login", "C_SetPIN", "C_InitPIN"].contains($0.function) }.map(\.function)
    }

    @Test func `PIN, QPIN and PUK are changed by a script, and each outcome is one document`() async throws {
        let new = try ["640283", "5813064", "739126480"].map(file)
        for (index, kind) in ["pin", "qpin", "puk"].enumerated() {
            let flags = ["--\(kind)-from", secret(kind), "--new-\(kind)-from", new[index]]
            let done = try await program.run(["device", kind, "--json", "--no-input"] + flags)
            #expect(done.status == 0, "\(done.errorText)")
            let document = try done.document()
            #expect(document["secret"] as? String == kind && document["outcome"] as? String == "changed")
            #expect(document["state"] as? String == "ok")
        }
        #expect(try sent() == ["C_SetPIN", "C_SetPIN", "C_Login", "C_SetPIN"])
        // The old PIN is dead, and the PUK that counts is the new one.
        let old = try await program.run(
            "device",
            "pin",
            "--json",
            "--pin-from",
            secret("pin"),
            "--new-pin-from",
            new[1]
        )
        #expect(old.status == 77)
        #expect(try old.failure()["code"] == "pin_wrong")
        let flags = ["--puk-from", new[2], "--new-pin-from", try file("271845"), "--json"]
        let unblocked = try await program.run(["device", "unblock", "pin"] + flags)
        #expect(unblocked.status == 0, "\(unblocked.errorText)")
        #expect(try unblocked.document()["outcome"] as? String == "unblocked")
    }

    @Test func `old and new value may be two lines of one descriptor`() async throws {
        let pin = try SimulatedDevice.secret("pin", of: device.path).trimmingCharacters(in: .newlines)
        let done = try await program.run(
            ["device", "pin", "--pin-from", "fd:0", "--new-pin-from", "fd:0"],
            input: "\(pin)\n640283\n"
        )
        #expect(done.status == 0, "\(done.errorText)")
        #expect(done.outputText == "the PIN of ProID+Q simulator is changed\n")
    }

    @Test func `without input everything that is missing is named at once, and the device hears nothing`() async throws
    {
        let outcomes = [
            (["pin"], ["--pin-from", "--new-pin-from"]), (["puk"], ["--puk-from", "--new-puk-from"]),
            (["unblock", "qpin"], ["--puk-from", "--new-qpin-from"]), (["reset"], ["--confirm-serial", "--puk-from"]),
        ]
        for (words, flags) in outcomes {
            let outcome = try await program.run(["device"] + words + ["--no-input", "--json"])
            #expect(outcome.status == 64)
            #expect(try outcome.failure()["code"] == "answers_missing")
            for flag in flags { #expect(try outcome.failure()["message"]?.contains(flag) == true) }
        }
        #expect(try sent().isEmpty)
    }

    @Test(arguments: ["4567", "7777", "3434", "2412", "12345678", "bcde", "739"])
    func `a poor value from a file is refused with its own code, and no try is used`(value: String) async throws {
        let flags = ["--pin-from", secret("pin"), "--new-pin-from", try file(value), "--json"]
        let outcome = try await program.run(["device", "pin"] + flags)
        #expect(outcome.status == 77)
        #expect(try outcome.failure()["code"] == "pin_refused")
        #expect(!outcome.outputText.contains("\"\(value)\"") && !outcome.errorText.contains(" \(value) "))
        #expect(try sent().isEmpty)
    }

    @Test func `at the final try the client stops unless it is told to go on`() async throws {
        let wrong = try file("99887766")
        func unblock(_ flags: String...) async throws -> ChildProcess.Outcome {
            let new = ["--new-pin-from", try file("640283"), "--json"]
            return try await program.run(["device", "unblock", "pin", "--puk-from", wrong] + new + flags)
        }
        for left in 0..<4 {
            let outcome = try await unblock()
            #expect(outcome.status == 77)
            #expect(try outcome.failure()["code"] == "puk_wrong", "\(left)")
        }
        let stopped = try await unblock()
        #expect(stopped.status == 77)
        #expect(try stopped.failure()["code"] == "puk_at_final_try")
        #expect(try device.count(of: "C_Login") == 4)
        let last = try await unblock("--last-try")
        #expect(try last.failure()["code"] == "puk_locked")
        #expect(last.errorText.contains("lost for good"))
        let locked = try await unblock("--last-try")
        #expect(try locked.failure()["code"] == "puk_locked")
        #expect(try device.count(of: "C_Login") == 5)
    }

    @Test func `with everything blocked nothing is tried any more`() async throws {
        let wrong = try file("99887766")
        for _ in 0..<3 {
            for kind in ["pin", "qpin"] {
                let flags = ["--\(kind)-from", wrong, "--new-\(kind)-from", try file("640283"), "--last-try"]
                _ = try await program.run(["device", kind] + flags)
            }
        }
        for _ in 0..<5 {
            let flags = ["--puk-from", wrong, "--new-puk-from", try file("739126480"), "--last-try"]
            let outcome = try await program.run(["device", "puk"] + flags)
            #expect(outcome.errorText.contains("if it gets blocked too"))
        }
        let tries = try sent().count
        let value = try file("640283173")
        let commands = [
            ["pin", "--pin-from", wrong, "--new-pin-from", value],
            ["qpin", "--qpin-from", wrong, "--new-qpin-from", value],
            ["puk", "--puk-from", wrong, "--new-puk-from", value],
            ["unblock", "pin", "--puk-from", wrong, "--new-pin-from", value],
            ["unblock", "qpin", "--puk-from", wrong, "--new-qpin-from", value],
        ]
        for words in commands {
            let outcome = try await program.run(["device"] + words + ["--json", "--last-try"])
            #expect(outcome.status == 77)
            #expect(try outcome.failure()["code"]?.hasSuffix("_locked") == true)
        }
        let reset = try await program.run(
            ["device", "reset", "--json", "--puk-from", wrong, "--confirm-serial", "C6B67B431DB714B4", "--last-try"]
        )
        #expect(try reset.failure()["code"] == "puk_locked")
        #expect(try sent().count == tries)
    }

    @Test func `a wrong secret goes to the device once, whatever the command`() async throws {
        let wrong = try file("99887766")
        let value = try file("640283173")
        let commands = [
            ["pin", "--pin-from", wrong, "--new-pin-from", value],
            ["qpin", "--qpin-from", wrong, "--new-qpin-from", value],
            ["puk", "--puk-from", wrong, "--new-puk-from", value],
            ["unblock", "pin", "--puk-from", wrong, "--new-pin-from", value],
            ["unblock", "qpin", "--puk-from", wrong, "--new-qpin-from", value],
            ["reset", "--puk-from", wrong, "--confirm-serial", "C6B67B431DB714B4", "--last-try"],
        ]
        for (index, words) in commands.enumerated() {
            #expect(try await program.run(["device"] + words).status == 77, "\(words)")
            #expect(try sent().count == index + 1, "\(words)")
        }
    }

    @Test func `what the device does not offer is said before anything is asked for it`() async throws {
        let other = try await SimulatedDevice.provision(model: .alwaysAuthenticate)
        let program = try Program(on: other)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n")
        let outcome = try await program.run("device", "qpin", "--no-input", "--json")
        #expect(outcome.status == 69)
        #expect(try outcome.failure()["code"] == "qpin_change_not_offered")
    }

    @Test(arguments: ["0x32", "0x30"])
    func `a change that breaks off says which value to try first, and tries nothing itself`(value: String) async throws
    {
        try device.setFault("C_SetPIN:1 unplug-after")
        try device.setFault("C_SetPIN:1 return-after \(value)")
        let flags = ["--pin-from", secret("pin"), "--new-pin-from", try file("640283"), "--json"]
        let outcome = try await program.run(["device", "pin"] + flags)
        guard outcome.status != 0 else { return }
        #expect(outcome.status == 69)
        #expect(try outcome.failure()["code"] == "pin_uncertain")
        #expect(try outcome.failure()["hint"]?.contains("the new one first") == true)
        #expect(try sent() == ["C_SetPIN"])
    }
}
