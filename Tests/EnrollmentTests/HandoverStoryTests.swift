// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A device goes from one person to another: revocation, release through the CA or by mail, the next person's request.
@Suite struct HandoverStoryTests {
    let ca: RunningCA
    let user: Interrupted

    init() async throws {
        ca = try RunningCA("--auto-approve", "0")
        user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        try await enrol(user.beginning)
    }

    private func enrol(_ beginning: [String], expecting status: Int32 = 0) async throws {
        let mail = ["--email", "zizka@example.cz", "--wait=1", "--accept"]
        let done = try await user.program.run(beginning + mail)
        try #require(done.status == status, "\(done.outputText) \(done.errorText)")
    }

    private func run(_ arguments: String...) async throws -> ChildProcess.Outcome {
        try await user.program.run(arguments + user.secrets)
    }

    private func serial(of program: Program? = nil) async throws -> String {
        let list = try await (program ?? user.program).run("list", "--json").document()
        let tokens = try #require(list["tokens"] as? [[String: Any]])
        return try #require(tokens.first?["serial"] as? String)
    }

    @Test func `a CA that writes down another reason than was ordered is told of`() async throws {
        try await ca.operate("fault", "revocation:1 with reason=superseded")
        let revoked = try await run("revoke", "Žižka", "--reason", "key-compromise", "--yes")
        #expect(revoked.status == 0, "\(revoked.errorText)")
        #expect(try revoked.document()["reason"] as? String == "superseded")
        #expect(try revoked.document()["orderedReason"] as? String == "keyCompromise")
    }

    @Test func `refused while valid, released after the revocation, and the next person enrols`() async throws {
        let bound = try await run("binding", "show").document()
        #expect(bound["state"] as? String == "bound")
        #expect((bound["holder"] as? [String: Any])?["name"] as? String == "Jan Žižka")
        #expect(bound["releasable"] as? Bool == false)
        let refused = try await run("binding", "release")
        #expect(refused.status == 1)
        #expect(try refused.failure()["code"] == "binding_certificates_valid")
        #expect(try refused.failure()["message"]?.contains("Jan Žižka") == true)
        let next = ["new", "--type", "commercial", "--name", "Eva Nová"] + user.secrets
        let early = try await user.program.run(next + ["--wait=1", "--accept"])
        #expect(early.status == 1)
        #expect(try early.failure()["code"] == "binding_conflict")
        #expect(try early.failure()["hint"]?.contains("isignum binding release") == true)

        #expect(try await run("revoke", "Žižka").status == 64)
        let revoked = try await run("revoke", "Žižka", "--reason", "cessation-of-operation", "--yes")
        #expect(revoked.status == 0, "\(revoked.outputText) \(revoked.errorText)")
        #expect(try revoked.document()["reason"] as? String == "cessationOfOperation")
        let online = try await run("show", "Žižka", "--online").document()["online"] as? [String: Any]
        #expect(online?["status"] as? String == "revoked")
        #expect(online?["reason"] as? String == "cessationOfOperation")
        let again = try await run("revoke", "Žižka", "--yes")
        #expect(again.status == 1)
        #expect(try again.failure()["code"] == "certificate_revoked")

        let released = try await run("binding", "release")
        #expect(released.status == 0, "\(released.outputText) \(released.errorText)")
        #expect(try released.document()["state"] as? String == "free")
        #expect(try await run("binding", "release").failure()["code"] == "binding_unknown")
        let cleaned = try await run("clean", "--expert", "--yes")
        #expect(cleaned.status == 0 && !cleaned.errorText.contains("binding release"), "\(cleaned.errorText)")
        try await enrol(next)
        let heir = try await run("binding", "show").document()
        #expect((heir["holder"] as? [String: Any])?["name"] as? String == "Eva Nová")
    }

    @Test func `an order whose answer was lost is sent again as it was, without another signature`() async throws {
        try await ca.operate("fault", "revocation:1 drop")
        let lost = try await run("revoke", "Žižka", "--reason", "superseded", "--yes")
        #expect(lost.status == 69)
        let signatures = try user.device.count(of: "C_Sign")
        let done = try await run("revoke", "Žižka", "--yes")
        #expect(done.status == 0, "\(done.outputText) \(done.errorText)")
        #expect(try done.document()["reason"] as? String == "superseded")
        #expect(try user.device.count(of: "C_Sign") == signatures)
        try await ca.operate("fault", "release:1 drop")
        #expect(try await run("binding", "release").status == 69)
        #expect(try await run("binding", "show").document()["state"] as? String == "free")
    }

    @Test func `a token that is pulled in the middle of a signature leaves nothing behind`() async throws {
        try user.device.setFault("C_Sign:1 return 0x32")
        let pulled = try await run("revoke", "Žižka", "--yes")
        #expect(pulled.status == 69)
        #expect(try pulled.failure()["hint"]?.contains("give the same command again") == true)
        try user.device.clearFaults()
        #expect(try ca.exchanges().allSatisfy { !$0.contains("/v1/revocations") })
        #expect(try await run("revoke", "Žižka", "--yes").status == 0)
    }

    @Test func `a CA without the service gets a mail that openssl verifies`() async throws {
        try await ca.operate("service", "release", "off")
        let file = user.program.home.file("release.eml").path
        let mail = ["binding", "release", "--mail", file] + user.secrets
        #expect(try await user.program.run(mail).failure()["code"] == "binding_certificates_valid")
        #expect(try await run("revoke", "Žižka", "--yes").status == 0)
        let nowhere = try await user.program.run(mail)
        #expect(nowhere.status == 78)
        #expect(try nowhere.failure()["code"] == "mail_recipient_unset")
        let written = try await user.program.run(mail + ["--mail-to", "ca@example.cz", "--lang", "cs"])
        #expect(written.status == 0, "\(written.outputText) \(written.errorText)")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        for line in [
            "To: <ca@example.cz>", "From: <zizka@example.cz>", "MIME-Version: 1.0", "Date: ", "Subject: =?utf-8?B?",
        ] {
            #expect(text.contains("\(line)"))
        }
        #expect(!text.replacingOccurrences(of: "\r\n", with: "").contains("\n"))
        let arguments = ["-verify", "-in", file, "-CAfile", ca.bundle, "-purpose", "any"]
        for program in ["cms", "smime"] {
            let verified = try await ChildProcess.run("openssl", [program] + arguments)
            #expect(verified.succeeded, "\(verified.errorText)")
            let body = verified.outputText.components(separatedBy: "\r\n\r\n").dropFirst().joined()
            let plain = String(
                decoding: Data(base64Encoded: body, options: .ignoreUnknownCharacters) ?? Data(),
                as: UTF8.self
            )
            #expect(plain.contains("Jan Žižka"))
            #expect(plain.contains(try await serial()))
        }
        let other = try await user.program.run(mail + ["--mail-to", "ca@example.cz\nBcc: x@example.cz", "--force"])
        #expect(try other.failure()["code"] == "mail_address_invalid")
    }

    @Test func `without being asked for, the mail follows on a CA's 501, and says that it is not done`() async throws {
        try await ca.operate("service", "release", "off")
        try user.program.configure(
            "modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration
                + "release-mail = \"ca@example.cz\"\n"
        )
        #expect(try await run("revoke", "Žižka", "--yes").status == 0)
        let device = try await serial()
        let file = FileManager.default.currentDirectoryPath + "/release-\(device).eml"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let fallback = try await run("binding", "release")
        #expect(fallback.status == 75, "\(fallback.outputText) \(fallback.errorText)")
        #expect(try fallback.document()["to"] as? String == "ca@example.cz")
    }

    @Test func `an authorised person finds and releases over a TLS client certificate on the token`() async throws {
        // The officer's certificate lives on a device of its own.
        let officer = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        try officer.device.set("serial", "0123456789ABCDEF")
        let beginning = ["new", "--type", "commercial", "--name", "Eva Nová"] + officer.secrets
        try await ca.operate("service", "bindings", "on")
        let done = try await officer.program.run(beginning + ["--wait=1", "--accept"])
        try #require(done.status == 0, "\(done.outputText) \(done.errorText)")
        func find(_ arguments: String...) async throws -> ChildProcess.Outcome {
            try await officer.program.run(["binding", "find"] + arguments + officer.secrets)
        }
        let stranger = try await find("--name", "žižka")
        #expect(stranger.status == 1)
        #expect(try stranger.failure()["code"] == "not_authorised")
        let certificate = try await officer.program.run("show", "Nová", "--json").document()
        let number = try #require(certificate["serialNumberHex"] as? String)
        try await ca.operate("authorise", number, "--organisation", "Obec Lhota")
        try await ca.operate("person", "Jan Žižka", "--organisation", "Obec Lhota", "--employee-number", "11192")
        let device = try await serial()
        for criterion in [["--name", "žižka"], ["--employee-number", "11192"], ["--device", device]] {
            let outcome = try await officer.program.run(["binding", "find"] + criterion + officer.secrets)
            #expect(outcome.status == 0, "\(outcome.outputText) \(outcome.errorText)")
            let found = try outcome.document()["bindings"] as? [[String: Any]]
            #expect(found?.first?["deviceSerial"] as? String == device)
            #expect((found?.first?["holder"] as? [String: Any])?["employeeNumber"] as? String == "11192")
        }
        #expect(try await find().status == 64)
        let release = ["binding", "release", "--device", device, "--with", "Nová"] + officer.secrets
        let early = try await officer.program.run(release)
        #expect(try early.failure()["code"] == "binding_certificates_valid")
        #expect(try await run("revoke", "Žižka", "--yes").status == 0)
        let released = try await officer.program.run(release)
        #expect(released.status == 0, "\(released.outputText) \(released.errorText)")
        #expect(try released.document()["state"] as? String == "free")
    }

    @Test func `an officer in the software store signs with its password, which no token is ever asked with`()
        async throws
    {
        let device = try await SimulatedDevice.provision(model: .separateSlot)
        try device.set("serial", "0123456789ABCDEF")
        let program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        let file = program.home.file("password")
        try Data("heslo k databázi\n".utf8).write(to: file)
        try await ca.operate("service", "bindings", "on")
        let secrets = ["--json", "--no-input", "--pin-from", "file:\(file.path)"]
        func run(_ arguments: String...) async throws -> ChildProcess.Outcome {
            try await program.run(arguments + secrets)
        }
        let beginning = [
            "new", "--type", "commercial", "--name", "Eva Nová", "--software-store", "--wait=1", "--accept",
        ]
        let done = try await program.run(beginning + secrets)
        try #require(done.status == 0, "\(done.outputText) \(done.errorText)")
        let search = ["binding", "find", "--name", "žižka"]
        let guess = try await program.run(search + secrets)
        #expect(guess.status == 64)
        #expect(try guess.failure()["code"] == "token_ambiguous")
        #expect(try guess.failure()["message"]?.contains("nss") == true)
        let elsewhere = try await program.run(search + ["--token", try await serial(of: program)] + secrets)
        #expect(try elsewhere.failure()["code"] == "signer_not_found")
        let certificate = try await run("show", "Nová", "--software-store").document()
        let number = try #require(certificate["serialNumberHex"] as? String)
        try await ca.operate("authorise", number, "--organisation", "Obec Lhota")
        try await ca.operate("person", "Jan Žižka", "--organisation", "Obec Lhota")
        for place in [["--software-store"], ["--with", number]] {
            let found = try await program.run(search + place + secrets)
            #expect(found.status == 0, "\(found.outputText) \(found.errorText)")
            #expect((try found.document()["bindings"] as? [[String: Any]])?.count == 1)
        }
        #expect(try device.count(of: "C_Login") == 0)
        #expect(try await self.run("revoke", "Žižka", "--yes").status == 0)
        let released = try await run("binding", "release", "--device", try await serial(), "--software-store")
        #expect(released.status == 0, "\(released.outputText) \(released.errorText)")
        #expect(try device.count(of: "C_Login") == 0)
        let renounced = try await run("revoke", number, "--with", "Nová", "--software-store", "--yes")
        #expect(renounced.status == 0, "\(renounced.outputText) \(renounced.errorText)")
    }

    @Test func `a certificate that was cleaned away is revoked with the one that took its place`() async throws {
        let old = try #require(try await run("show", "Žižka").document()["serialNumberHex"] as? String)
        let renewed = try await run("renew", "--wait=1", "--accept").document()
        let certificate = try #require(renewed["certificate"] as? [String: Any], "\(renewed)")
        let new = try #require(certificate["serialNumberHex"] as? String)
        let early = try await run("clean", "--expert", "--certificates", "--yes")
        #expect(early.status == 0 && !early.errorText.contains("binding release"))
        #expect(try await run("show", old).failure()["code"] == "certificate_not_found")
        #expect(try await run("binding", "release").failure()["message"]?.contains(old) == true)

        let revoked = try await run("revoke", old, "--reason", "superseded", "--yes")
        #expect(revoked.status == 0, "\(revoked.outputText) \(revoked.errorText)")
        #expect(try revoked.document()["serialNumberHex"] as? String == old)
        #expect(try await run("revoke", old, "--yes").failure()["code"] == "certificate_revoked")
        let online = try await run("show", new, "--online").document()["online"] as? [String: Any]
        #expect(online?["status"] as? String == "good")
        // Of the same name, only what is still good can be meant.
        let cleaned = try await run("clean", new, "--expert", "--yes")
        #expect(cleaned.status == 0)
        #expect(cleaned.errorText.contains("isignum binding release"))
        let signerless = try await run("revoke", "Žižka", "--yes")
        #expect(signerless.status == 66)
        #expect(try signerless.failure()["code"] == "signer_not_found")
        #expect(try signerless.failure()["hint"]?.contains("--with") == true)
    }

    @Test func `of two certificates of the holder the one that asks for the PIN alone signs the release`() async throws
    {
        let more = ["new", "--type", "qualified", "--name", "Jan Žižka", "--wait=1", "--accept"] + user.secrets
        let qualified = try await user.program.run(more)
        try #require(qualified.status == 0, "\(qualified.outputText) \(qualified.errorText)")
        let certificate = try #require(try qualified.document()["certificate"] as? [String: Any])
        let number = try #require(certificate["serialNumberHex"] as? String)
        let unclear = try await run("revoke", "Žižka", "--lang", "cs").failure()
        #expect(unclear["code"] == "certificate_ambiguous")
        let lines = try #require(unclear["message"]).split(separator: "\n").dropFirst()
        #expect(lines.count == 2)
        let device = try await serial()
        for word in ["kvalifikovaný", "komerční"] {
            let line = try #require(lines.first { $0.contains(", \(word), ") })
            #expect(line.contains("Jan Žižka, ") && line.hasSuffix("(\(device))"))
        }
        #expect(try await run("revoke", number, "--yes").status == 0)
        let commercial = try #require(lines.first { $0.contains("komerční") }).split(separator: " ")[0]
        let vague = try await run("revoke", String(commercial), "--with", "Žižka", "--yes")
        #expect(try vague.failure()["hint"]?.contains("--with") == true)
        #expect(try await run("revoke", String(commercial), "--yes").status == 0)
        let pin = ["--json", "--no-input", "--pin-from", "file:\(user.device.path)/secrets/pin"]
        let released = try await user.program.run(["binding", "release"] + pin)
        #expect(released.status == 0, "\(released.outputText) \(released.errorText)")
    }

    @Test func `a refusal says which certificate was revoked, and what the CA did is known from then on`() async throws
    {
        func number(_ outcome: ChildProcess.Outcome) throws -> String {
            let document = try outcome.document()
            let certificate = document["certificate"] as? [String: Any] ?? document
            return try #require(certificate["serialNumberHex"] as? String, "\(document)")
        }
        let meant = try number(try await run("show", "Žižka"))
        let again = ["new", "--type", "commercial", "--name", "Jan Žižka", "--wait=1", "--accept"] + user.secrets
        let signer = try number(try await user.program.run(again))

        let bound = try await run("binding", "show").document()["certificates"] as? [[String: Any]]
        #expect(bound?.count == 2)
        #expect(bound?.allSatisfy { ($0["subject"] as? String)?.hasPrefix("serialNumber=") == true } == true)
        let text = try await user.program.run("binding", "show").outputText
        #expect(text.contains(meant) && !text.split(separator: "\n").contains { $0.hasPrefix(":") }, "\(text)")

        try await ca.operate("service", "revocations", "off")
        let elsewhere = try await run("revoke", meant, "--yes")
        #expect(elsewhere.status == 1)
        #expect(try elsewhere.failure()["code"] == "service_not_offered")
        #expect(try elsewhere.failure()["hint"]?.contains(meant) == true)
        try await ca.operate("service", "revocations", "on")

        try await ca.operate("revoke", signer, "--reason", "superseded")
        let refused = try await run("revoke", meant, "--with", signer, "--yes")
        #expect(try refused.failure()["code"] == "signer_revoked")
        #expect(try refused.failure()["message"]?.contains("is still valid") == true)

        try await ca.operate("revoke", meant, "--reason", "superseded")
        let done = try await run("revoke", meant, "--reason", "key-compromise", "--yes")
        #expect(done.status == 1)
        #expect(try done.failure()["code"] == "certificate_revoked")
        #expect(try done.failure()["message"]?.contains("nothing left to do") == true)
        let listed = try await run("clean", "--dry-run").document()["candidates"] as? [[String: Any]]
        let one = listed?.first { ($0["certificate"] as? [String: Any])?["serialNumberHex"] as? String == meant }
        #expect(one?["reason"] as? String == "revoked")
    }
}
