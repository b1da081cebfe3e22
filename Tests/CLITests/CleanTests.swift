// SPDX-License-Identifier: Apache-2.0

import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

/// Room on a token: what is listed, what goes, what stays, and what is written down of it.
@Suite struct CleanTests {
    private func removals(_ user: TokenUser) throws -> [Removal] {
        try Journal(folder: user.program.home.file("state")).removals()
    }

    @Test func `a dry run names key, request and certificate of each, asks for no secret and removes nothing`()
        async throws
    {
        let user = try await TokenUser()
        let id = try await user.installed()
        let logins = try user.device.count(of: "C_Login")
        let listed = try await user.candidates()
        #expect(listed.count == 1)
        let one = try #require(listed.first)
        #expect(one["kind"] as? String == "certificate" && one["reason"] as? String == "current")
        #expect(one["request"] as? String == id && one["requestStatus"] as? String == "installed")
        #expect((one["keyId"] as? String)?.count == 32)
        #expect((one["certificate"] as? [String: Any])?["commonName"] as? String == "Jan Žižka")
        #expect(try user.device.count(of: "C_Login") == logins)
        #expect(try user.device.count(of: "C_DestroyObject") == 0)
        #expect(try await user.certificates().count == 1)
    }

    @Test func `without expert there is no key, and what is current stays unless it is named`() async throws {
        let user = try await TokenUser()
        let id = try await user.installed()
        _ = try await user.request()
        #expect(try await user.candidates().allSatisfy { $0["kind"] as? String == "certificate" })
        #expect(try await user.run("clean", "--unpaired-keys", "--yes").status == 64)
        let nothing = try await user.run("clean", "--yes")
        #expect(nothing.status == 0, "\(nothing.errorText)")
        #expect(try await user.certificates().count == 1)
        let named = try await user.run("clean", id.lowercased(), "--yes")
        #expect(named.status == 0, "\(named.errorText)")
        #expect((try named.document()["removed"] as? [Any])?.count == 1)
        #expect(try await user.certificates().isEmpty)
        #expect(try await user.device.publicKeys(slot: 0) == 2)
        let removal = try #require(try removals(user).first)
        #expect(removal.state == .removed && removal.certificate != nil && removal.ended != nil)
    }

    @Test func `only what a renewal has replaced is replaced, not what a later request of the same person is beside`()
        async throws
    {
        let user = try await TokenUser()
        for _ in 0..<2 { try await user.installed() }
        #expect(try await user.candidates().map { $0["reason"] as? String } == ["current", "current"])
        #expect((try await user.run("clean", "--expert", "--yes").document()["removed"] as? [Any])?.isEmpty == true)
        let first = try #require(try await user.certificates().first?["serialNumberHex"] as? String)
        let renewed = try await user.run("renew", first, "--wait=1", "--accept")
        #expect(renewed.status == 0, "\(renewed.errorText)")
        let replaced = try await user.candidates().filter { $0["reason"] as? String == "replaced" }
        let serials = replaced.compactMap { ($0["certificate"] as? [String: Any])?["serialNumberHex"] as? String }
        #expect(serials == [first])
        let cleaned = try await user.program.run(
            ["clean", "--yes"] + user.secrets.filter { $0 != "--json" }
        )
        #expect(cleaned.outputText.contains("isignum clean --expert --unpaired-keys"), "\(cleaned.outputText)")
        #expect(try await user.certificates().count == 2)
    }

    @Test func `the key of an open request is protected, and one without a request goes`() async throws {
        let user = try await TokenUser()
        let open = try await user.request()
        try await ChildProcess.output(
            of: "pkcs11-tool",
            [
                "--module", try SimulatedDevice.module(), "--slot", "0", "--login", "--pin",
                try SimulatedDevice.secret("pin", of: user.device.path), "--keypairgen", "--key-type", "rsa:2048",
                "--id", "0badcafe", "--label", "stray",
            ],
            environment: user.device.environment
        )
        let listed = try await user.candidates("--expert", "--unpaired-keys")
        #expect(listed.count == 2)
        let guarded = try #require(listed.first { $0["request"] as? String == open })
        #expect(guarded["protected"] as? Bool == true && guarded["reason"] as? String == "unpaired")
        let outcome = try await user.run("clean", "--expert", "--unpaired-keys", "--yes")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let removed = try #require(try outcome.document()["removed"] as? [[String: Any]])
        #expect(removed.map { $0["keyId"] as? String } == ["0badcafe"])
        #expect(try await user.device.publicKeys(slot: 0) == 1)
        let key = try #require(guarded["keyId"] as? String)
        let kept = try await user.run("clean", key, "--expert", "--unpaired-keys", "--yes")
        #expect(kept.status == 0, "\(kept.errorText)")
        #expect((try kept.document()["kept"] as? [Any])?.count == 1)
        #expect(try await user.device.publicKeys(slot: 0) == 1)
    }

    @Test func `a certificate that was revoked says so, and goes with what is expired and replaced`() async throws {
        let user = try await TokenUser()
        try await user.installed()
        let revoked = try await user.run("revoke", "žižka", "--yes")
        #expect(revoked.status == 0, "\(revoked.errorText)")
        #expect(try await user.candidates().map { $0["reason"] as? String } == ["revoked"])
        let outcome = try await user.run("clean", "--yes")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect((try outcome.document()["removed"] as? [Any])?.count == 1)
        #expect(try await user.certificates().isEmpty)
    }

    @Test func `a request that has not left yet is taken back with its key, and never sent`() async throws {
        let user = try await TokenUser()
        try user.device.setFault("C_SignInit:1 kill")
        #expect(try await user.run("new", "--type", "commercial", "--name", "Jan Žižka").wasSignalled)
        try user.device.clearFaults()
        let pin = try SimulatedDevice.secret("pin", of: user.device.path)
        let qpin = try SimulatedDevice.secret("qpin", of: user.device.path)
        let answers = [
            ("PIN", pin + "\n"), ("QPIN", qpin + "\n"), ("Numbers", "1\n"), ("[y/N]", "y\n"), ("[y/N]", "y\n"),
            ("type", "1\n"),
        ]
        let arguments = ["clean", "--expert", "--unpaired-keys"]
        let talk = try await Conversation(user.program, arguments, columns: 100, answers).run()
        #expect(talk.status == 0, "\(talk.shown)")
        #expect(try await user.device.publicKeys(slot: 0) == 0)
        let resumed = try await user.run("resume", "1")
        #expect(resumed.status == 1, "\(resumed.outputText) \(resumed.errorText)")
        let entry = try #require(try Journal(folder: user.program.home.file("state")).entries().first)
        #expect(entry.state == .withdrawn)
        #expect(try user.ca.exchanges().allSatisfy { !$0.contains("/v1/requests") })
    }

    @Test func `a full qualified area has room again when an old certificate went with its key`() async throws {
        let user = try await TokenUser()
        for _ in 0..<2 { try await user.installed("qualified") }
        let full = try await user.run("new", "--type", "qualified", "--name", "Jan Žižka")
        #expect(full.status == 73)
        #expect(full.errorText.contains("622") || full.outputText.contains("622"))
        let replaced = try await user.candidates().filter { $0["reason"] as? String == "replaced" }
        let serials = replaced.compactMap { ($0["certificate"] as? [String: Any])?["serialNumber"] as? String }
        let all = try await user.certificates().compactMap { $0["serialNumber"] as? String }
        let old = try #require(serials.first ?? all.first)
        let outcome = try await user.run("clean", old, "--expert", "--yes")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let removed = try #require(try outcome.document()["removed"] as? [[String: Any]])
        #expect(removed.map { $0["kind"] as? String } == ["certificate", "key"])
        try await user.installed("qualified")
        #expect(try await user.certificates().count == 2)
    }

    @Test(arguments: ["C_DestroyObject:1 kill", "C_DestroyObject:1 kill-after"])
    func `a killed clean is told and finished by the next one`(fault: String) async throws {
        let user = try await TokenUser()
        try await user.installed()
        try user.device.setFault(fault)
        let killed = try await user.run("clean", "žižka", "--yes")
        #expect(killed.wasSignalled)
        try user.device.clearFaults()
        #expect(try removals(user).map(\.state) == [.begun])
        let next = try await user.program.run(["clean", "--yes", "--verbose"] + user.secrets)
        #expect(next.status == 0, "\(next.errorText)")
        #expect(next.errorText.contains("interrupted removal"))
        let wasDone = fault.hasSuffix("after")
        #expect(try removals(user).map(\.state) == [wasDone ? .removed : .failed])
        #expect(try await user.certificates().count == (wasDone ? 0 : 1))
    }

    @Test func `a key of which a killed clean left the public half is finished`() async throws {
        let user = try await TokenUser()
        try await user.installed()
        #expect(try await user.run("clean", "žižka", "--yes").status == 0)
        try user.device.setFault("C_DestroyObject:1 kill-after")
        #expect(try await user.run("clean", "--expert", "--unpaired-keys", "--yes").wasSignalled)
        try user.device.clearFaults()
        #expect(try await user.device.publicKeys(slot: 0) == 1)
        let next = try await user.run("clean", "--expert", "--unpaired-keys", "--yes")
        #expect(next.status == 0, "\(next.errorText)")
        #expect(try await user.device.publicKeys(slot: 0) == 0)
        #expect(try removals(user).allSatisfy { $0.state == .removed })
    }

    @Test func `a token that is pulled in the middle says so, and the next run finds out what happened`() async throws {
        let user = try await TokenUser()
        try await user.installed()
        try user.device.setFault("C_DestroyObject:1 unplug-after")
        let pulled = try await user.run("clean", "žižka", "--yes")
        #expect(pulled.status == 69, "\(pulled.errorText)")
        #expect(try pulled.failure()["code"] == "token_removed")
        try user.device.clearFaults()
        try FileManager.default.removeItem(atPath: "\(user.device.path)/state/unplugged")
        #expect(try await user.run("clean", "--yes").status == 0)
        #expect(try removals(user).map(\.state) == [.removed])
        #expect(try await user.certificates().isEmpty)
    }

    @Test func `on a terminal a key is asked for twice, and an open request must be typed`() async throws {
        let user = try await TokenUser()
        let id = try await user.request()
        let pin = try SimulatedDevice.secret("pin", of: user.device.path)
        let qpin = try SimulatedDevice.secret("qpin", of: user.device.path)
        let arguments = ["clean", "--expert", "--unpaired-keys"]
        let opening = [
            ("PIN", pin + "\n"), ("QPIN", qpin + "\n"), ("Numbers", "1\n"), ("[y/N]", "y\n"), ("[y/N]", "y\n"),
        ]
        let wrong = try await Conversation(user.program, arguments, columns: 100, opening + [("type", "yes\n")]).run()
        #expect(wrong.status == 0, "\(wrong.shown)")
        #expect(wrong.shown.contains("kept"))
        #expect(try await user.device.publicKeys(slot: 0) == 1)
        let right = try await Conversation(user.program, arguments, columns: 100, opening + [("type", id + "\n")]).run()
        #expect(right.status == 0, "\(right.shown)")
        #expect(try await user.device.publicKeys(slot: 0) == 0)
        #expect(!right.shown.contains(pin) && !right.shown.contains(qpin))
    }
}
