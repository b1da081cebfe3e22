// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A token that is not there, full, locked, or not what was asked for.
@Suite struct TroubledTokenTests {
    private func user(
        type: String = "commercial",
        model: SimulatedDevice.Model = .separateSlot
    ) async throws -> Interrupted {
        try await Interrupted(with: try RunningCA("--auto-approve", "0"), type: type, model: model)
    }

    private func expectNothingBegun(_ user: Interrupted, keys: Int = 0) async throws {
        #expect(try await user.requests().count { $0["status"] as? String == "planned" } == 0)
        #expect(try await user.device.publicKeys(slot: 0) == keys)
    }

    @Test func `the QPIN in the place of the PIN costs one try of the PIN and none of its own`() async throws {
        let user = try await user()
        var arguments = user.beginning
        arguments[arguments.count - 3] = "file:\(user.device.path)/secrets/qpin"
        let outcome = try await user.program.run(arguments)
        #expect(outcome.status == 77)
        #expect(try outcome.failure()["code"] == "pin_wrong")
        #expect(try user.device.count(of: "C_Login") == 1)
        let token = try #require(
            (try await user.program.run("list", "--json").document()["tokens"] as? [[String: Any]])?.first
        )
        #expect(token["pin"] as? String == "low")
        #expect(token["qpin"] as? String == "ok")
        try await expectNothingBegun(user)
    }

    @Test func `three wrong PINs lock, the client stops before the last, and a locked PIN is not tried`() async throws {
        let user = try await user()
        let wrong = user.program.home.file("wrong")
        try Data("90909\n".utf8).write(to: wrong)
        let arguments = ["new", "--type", "commercial", "--json", "--no-input", "--pin-from", "file:\(wrong.path)"]
        for code in ["pin_wrong", "pin_wrong", "pin_at_final_try"] {
            let outcome = try await user.program.run(arguments)
            #expect(outcome.status == 77)
            #expect(try outcome.failure()["code"] == code)
        }
        #expect(try user.device.count(of: "C_Login") == 2)
        #expect(try await user.program.run(arguments + ["--last-try"]).failure()["code"] == "pin_locked")
        #expect(try await user.program.run(arguments + ["--last-try"]).failure()["code"] == "pin_locked")
        #expect(try user.device.count(of: "C_Login") == 3)
        try await expectNothingBegun(user)
    }

    @Test func `no token ends with 66, several without a choice with 64`() async throws {
        let user = try await user()
        try user.device.set("plugged", "no")
        let none = try await user.program.run(user.beginning)
        #expect(none.status == 66)
        #expect(try none.failure()["code"] == "token_not_found")
        try user.device.set("plugged", "yes")
        let modules = ["--module", try SimulatedDevice.module(), "--module", SoftHSM.bareModule]
        let several = try await user.program.run(user.beginning + modules)
        #expect(several.status == 64, "\(several.errorText)")
        #expect(try several.failure()["code"] == "token_ambiguous")
        let chosen = try await user.program.run(user.beginning + modules + ["--token", "ProID+Q simulator"])
        #expect(chosen.status == 0, "\(chosen.errorText)")
        let uri = "pkcs11:token=ProID%2BQ%20simulator?pin-value=1234"
        let leaking = try await user.program.run(user.beginning + ["--token", uri])
        #expect(leaking.status == 64)
        #expect(!leaking.errorText.contains("1234"))
    }

    @Test func `a size that the token lacks is said before anything is made`() async throws {
        let user = try await user()
        let outcome = try await user.program.run(user.beginning + ["--key", "rsa4096"])
        #expect(outcome.status == 65)
        #expect(try outcome.failure()["code"] == "algorithm_not_offered")
        try await expectNothingBegun(user)
    }

    @Test func `a full qualified area is error 622, and two certificates stay as they are`() async throws {
        let user = try await user(type: "qualified")
        for _ in 0..<2 {
            let begun = try await user.program.run(user.beginning)
            let id = try #require(try begun.document()["id"] as? String)
            #expect(try await user.program.run(user.installing(id)).status == 0)
        }
        let third = try await user.program.run(user.beginning)
        #expect(third.status == 73)
        #expect(try third.failure()["code"] == "token_full")
        #expect(third.errorText.contains("622"))
        #expect(try await user.device.publicKeys(slot: 1) == 2)
        #expect(try await user.requests().count == 2)
    }

    @Test func `a token without room for the certificate keeps the key, and installs when there is room`() async throws
    {
        let user = try await user()
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        try user.device.set("memory", "1500")
        let full = try await user.program.run(user.installing(id))
        #expect(full.status == 73)
        #expect(try full.failure()["code"] == "token_full")
        // It is not the qualified area that is full.
        #expect(!full.errorText.contains("622"))
        try user.device.set("memory", "32768")
        let installed = try await user.program.run(["resume", id] + user.secrets)
        #expect(installed.status == 0, "\(installed.errorText)")
        try await user.expectOneOfEach(id)
    }

    @Test(arguments: ["C_GenerateKeyPair:1 unplug-after", "C_Sign:1 unplug", "C_Login:1 unplug"])
    func `a token that is pulled in the middle of a request goes on when it is back`(fault: String) async throws {
        let user = try await user()
        try user.device.setFault(fault)
        let pulled = try await user.program.run(user.beginning)
        #expect(pulled.status == 69, "\(pulled.errorText)")
        #expect(try pulled.failure()["code"] == "token_removed")
        try user.device.clearFaults()
        try FileManager.default.removeItem(atPath: "\(user.device.path)/state/unplugged")
        let id = try await user.carryOn()
        if try await user.requests().first?["status"] as? String != "installed" {
            #expect(try await user.program.run(user.installing(id)).status == 0)
        }
        try await user.expectOneOfEach(id)
    }

    @Test func `control characters in a token's label reach no terminal`() async throws {
        let user = try await user()
        try user.device.set("label", "evil\u{1B}[2J\u{7}label")
        for arguments in [["list"], ["list", "--json"]] {
            let outcome = try await user.program.run(arguments)
            #expect(outcome.status == 0)
            #expect(!outcome.outputText.contains("\u{1B}") && !outcome.outputText.contains("\u{7}"))
            #expect(outcome.outputText.contains("evil"))
        }
    }
}
