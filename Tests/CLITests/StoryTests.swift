// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The whole way of a user, with the real program, a simulated device and a real little CA.
@Suite struct StoryTests {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program

    init() async throws {
        ca = try RunningCA()
        device = try await SimulatedDevice.provision()
        program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
    }

    private var secrets: [String] {
        [
            "--pin-from", "file:\(device.path)/secrets/pin", "--qpin-from", "file:\(device.path)/secrets/qpin",
            "--no-input",
        ]
    }

    private func begin(_ type: String) async throws -> (id: String, document: [String: Any]) {
        let flags = ["--type", type, "--holder", "person", "--name", "Šárka Čížková", "--email", "sarka@example.cz"]
        let outcome = try await program.run(["new", "--json"] + flags + secrets)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let document = try outcome.document()
        return (try #require(document["id"] as? String), document)
    }

    @Test(arguments: [("qualified", "BP", "QESCD"), ("commercial", "KC", "NCP+")])
    func `from nothing to an installed certificate`(type: String, prefix: String, marker: String) async throws {
        let (id, request) = try await begin(type)
        #expect(id.hasPrefix(prefix))
        #expect(request["status"] as? String == "pending")
        #expect(request["type"] as? String == type)
        #expect(request["markers"] as? [String] == [marker])
        #expect((request["publicKeySHA256"] as? String)?.count == 64)
        let serial = try #require((request["token"] as? [String: String])?["serial"])

        #expect(try await program.run("check", id, "--json").status == 75)
        #expect(try await program.run(["install", id, "--accept", "--json"] + secrets).status == 75)
        try await ca.operate("approve", id)
        let check = try await program.run("check", id, "--json")
        #expect(check.status == 0)
        #expect(try check.document()["status"] as? String == "issued")

        let file = program.home.file("protocol.pdf").path
        let saved = try await program.run("protocol", id, "--save-as", file, "--json")
        #expect(saved.status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)).starts(with: Data("%PDF-".utf8)))
        let again = try await program.run("protocol", id, "--save-as", file, "--json")
        #expect(again.status == 73)
        #expect(try again.failure()["code"] == "file_exists")

        let undecided = try await program.run("install", id, "--json", "--no-input")
        #expect(undecided.status == 64)
        let secret = type == "qualified" ? "--qpin-from" : "--pin-from"
        for flag in ["--accept|--reject", secret] {
            #expect(try undecided.failure()["message"]?.contains(flag) == true)
        }
        let install = try await program.run(["install", id, "--accept", "--json"] + secrets)
        #expect(install.status == 0, "\(install.errorText)")
        #expect(try install.document()["status"] as? String == "installed")

        let tokens = try #require(try await program.run("list", "--json").document()["tokens"] as? [[String: Any]])
        let certificate = try #require((tokens.first?["certificates"] as? [[String: Any]])?.first)
        #expect(tokens.first?["serial"] as? String == serial)
        #expect(certificate["type"] as? String == type)
        #expect(certificate["hasKey"] as? Bool == true)
        #expect((certificate["daysLeft"] as? Int ?? 0) > 300)
        for field in ["serialNumber", "subject", "issuer", "notAfter"] { #expect(certificate[field] is String) }

        let number = try #require(certificate["serialNumber"] as? String)
        let fingerprint = try #require(certificate["sha256"] as? String)
        for selector in [number, String(fingerprint.prefix(12)), "čížková", "sarka@example.cz"] {
            let shown = try await program.run("show", selector, "--json")
            #expect(shown.status == 0)
            #expect(try shown.document()["sha256"] as? String == fingerprint)
        }

        let status = try await program.run("status", id, "BP0000000000", "--json")
        #expect(status.status == 0)
        let lines = try #require(try status.document()["requests"] as? [[String: Any]])
        #expect(lines.map { $0["id"] as? String } == [id, "BP0000000000"])
        #expect(lines.last?["status"] as? String == "unknown")
        #expect(["accepted", "installed"].contains(lines.first?["status"] as? String))
        #expect(!status.outputText.contains("Čížková"))
    }

    @Test func `a rejected request ends with 1, and its reason is told`() async throws {
        let (id, _) = try await begin("commercial")
        try await ca.operate("reject", id, "no such person")
        let check = try await program.run("check", "--json", id)
        #expect(check.status == 1)
        #expect(try check.document()["status"] as? String == "rejected")
        #expect(try check.document()["reason"] as? String == "no such person")
        let install = try await program.run(["install", id, "--accept", "--json"] + secrets)
        #expect(install.status == 1)
        #expect(try install.failure()["code"] == "request_rejected")
    }

    @Test func `the journal shows the CSR and never the access token`() async throws {
        let (id, _) = try await begin("commercial")
        let csr = try await program.run("requests", id, "--csr")
        #expect(csr.status == 0)
        let verdict = try await ChildProcess.run("openssl", ["req", "-noout", "-verify"], input: csr.output)
        #expect(verdict.succeeded)
        let document = try await program.run("requests", "1", "--csr", "--json").document()
        #expect(document["csr"] as? String == csr.outputText)
        #expect(document["id"] as? String == id)
        #expect(!document.keys.contains { $0.lowercased().contains("accesstoken") })
    }

    @Test func `waiting goes on to the installed certificate with one login`() async throws {
        let ca = try RunningCA("--auto-approve", "1")
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        let flags = ["--type", "commercial", "--holder", "person", "--name", "Jan Novák", "--wait=2", "--accept"]
        let outcome = try await program.run(["new", "--json"] + flags + secrets)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try outcome.document()["status"] as? String == "installed")
        #expect(try device.count(of: "C_Login") == 1)
    }

    @Test func `a wrong PIN costs one try and leaves nothing behind`() async throws {
        let wrong = program.home.file("wrong")
        try Data("000000".utf8).write(to: wrong)
        let flags = ["new", "--type", "commercial", "--holder", "person", "--no-input", "--json"]
        let outcome = try await program.run(flags + ["--pin-from", "file:\(wrong.path)"])
        #expect(outcome.status == 77)
        #expect(try outcome.failure()["code"] == "pin_wrong")
        #expect(!outcome.outputText.contains("000000") && !outcome.errorText.contains("000000"))
        #expect(try device.count(of: "C_Login") == 1)
        #expect((try await program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)
        let begun = try await program.run(flags + secrets)
        #expect(begun.status == 0, "\(begun.errorText)")
    }

    @Test func `a device that asks for its PIN itself needs no flag for it`() async throws {
        let device = try await SimulatedDevice.provision(model: .protectedPath)
        var program = program
        program.environment = device.environment
        let outcome = try await program.run("new", "--type", "commercial", "--no-input", "--json")
        #expect(outcome.status == 0, "\(outcome.errorText)")
    }

    @Test func `at the final try of a keypad the client stops too, and names no value that the keypad asks for`()
        async throws
    {
        let device = try await SimulatedDevice.provision(model: .protectedPath)
        let typed = program.home.file("typed").path
        try Data("99887766".utf8).write(to: URL(fileURLWithPath: typed))
        try device.set("keypad", typed)
        var program = program
        program.environment = device.environment
        let new = ["new", "--type", "commercial", "--no-input", "--json"]
        #expect(try await program.run(new).failure()["code"] == "pin_wrong")
        let warned = try await program.run(new)
        #expect(try warned.failure()["code"] == "pin_wrong")
        #expect(warned.errorText.contains("was tried before; take care"))
        for command in [new, ["device", "pin", "--json"]] {
            let stopped = try await program.run(command)
            #expect(stopped.status == 77)
            #expect(try stopped.failure()["code"] == "pin_at_final_try")
        }
        let named = try await program.run("device", "pin", "--json", "--new-pin-from", "file:\(typed)")
        #expect(named.status == 64)
        #expect(try named.failure()["code"] == "pin_asked_on_device")
        #expect(try device.count(of: "C_Login") == 2)
        #expect(try device.count(of: "C_SetPIN") == 0)
        let last = try await program.run(new + ["--last-try"])
        #expect(try last.failure()["code"] == "pin_locked")
        #expect(last.errorText.contains("this is the last try") && last.errorText.contains("device unblock pin"))
    }

    @Test(arguments: [SimulatedDevice.Model.alwaysAuthenticate, .atGeneration])
    func `where no way to the QPIN is known, a factory or blocked one is told with the maker's program`(
        model: SimulatedDevice.Model
    ) async throws {
        let device = try await SimulatedDevice.provision(model: model, factory: true)
        var program = program
        program.environment = device.environment
        func source(_ value: String) throws -> String {
            let file = program.home.file("value-\(value)")
            try Data(value.utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
            return "file:\(file.path)"
        }
        let pin = try source("640283")
        let change = ["device", "pin", "--pin-from", "file:\(device.path)/secrets/pin", "--new-pin-from", pin]
        #expect(try await program.run(change).status == 0)
        func qualified(_ qpin: String) async throws -> [String: String] {
            let flags = ["--no-input", "--json", "--pin-from", pin, "--qpin-from", try source(qpin), "--last-try"]
            let outcome = try await program.run(["new", "--type", "qualified"] + flags)
            #expect(outcome.status == 77)
            return try outcome.failure()
        }
        let factory = try await qualified("12345678")
        #expect(factory["code"] == "qpin_is_factory")
        #expect(factory["hint"]?.contains("maker's own software") == true)
        #expect(factory["hint"]?.contains("isignum device") == false)
        // Where the QPIN is asked for signatures alone, the key is there before anybody knows.
        #expect(factory["message"]?.contains("no key was made") == (model == .atGeneration))
        #expect(factory["hint"]?.contains("isignum resume") == (model == .alwaysAuthenticate))
        let rest = model == .alwaysAuthenticate ? ["resume"] : ["new", "--type", "qualified"]
        var blocked: [String: String] = [:]
        for _ in 0..<3 {
            let flags = ["--no-input", "--json", "--pin-from", pin, "--qpin-from", try source("99887766")]
            blocked = try await program.run(rest + flags).failure()
        }
        #expect(blocked["code"] == "qpin_locked")
        #expect(blocked["hint"]?.contains("maker's own software") == true)
        let unblock = ["device", "unblock", "qpin", "--json", "--puk-from", pin, "--new-qpin-from", pin]
        let refused = try await program.run(unblock)
        #expect(refused.status == 69)
        #expect(try refused.failure()["hint"]?.contains("isignum device") == false)
    }

    @Test func `with the CA gone the token is not touched and nothing is begun`() async throws {
        try program.configure(
            "modules = [\"\(try SimulatedDevice.module())\"]\n[ca.gone]\nurl = \"https://127.0.0.1:1/\"\n"
        )
        let flags = ["--type", "qualified", "--holder", "person"]
        let outcome = try await program.run(["new", "--json"] + flags + secrets)
        #expect(outcome.status == 69)
        #expect(try outcome.failure()["code"] == "ca_unreachable")
        #expect(try device.count(of: "C_Login") == 0)
        #expect((try await program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)
    }
}
