// SPDX-License-Identifier: Apache-2.0

import Credentials
import Enrollment
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// What can be wrong with a renewal: each is said in words of its own, and neither key nor order is made twice.
@Suite struct RenewalTroubleTests {
    private func expect(
        _ outcome: ChildProcess.Outcome,
        _ code: String,
        status: Int32,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(outcome.status == status, "\(outcome.outputText) \(outcome.errorText)", sourceLocation: sourceLocation)
        #expect(try outcome.failure()["code"] == code, sourceLocation: sourceLocation)
    }

    private func expectDone(
        _ outcome: ChildProcess.Outcome,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        #expect(outcome.status == 0, "\(outcome.outputText) \(outcome.errorText)", sourceLocation: sourceLocation)
        #expect(try outcome.document()["status"] as? String == "installed", sourceLocation: sourceLocation)
    }

    @Test func `a voucher that is refused leaves the key for another one, and none is good twice`() async throws {
        let it = try await Renewing()
        try await it.ca.operate("voucher", "SLEVA-1")
        let refused = try await it.renew("--voucher", "OPSÁNO", "--wait=1", "--accept")
        try expect(refused, "voucher_invalid", status: 1)
        #expect(try refused.failure()["hint"]?.contains("isignum renew \(it.serialNumberHex) --voucher") == true)
        #expect(try it.device.count(of: "C_GenerateKeyPair") == 2)
        let entry = try #require(try await it.user.requests().first)
        #expect(entry["status"] as? String == "csr-signed")
        #expect((entry["reason"] as? String)?.contains("no such voucher") == true)
        #expect(entry["reasonCode"] as? String == "voucher_invalid")
        // A person reads it in the words of the program, with the CA's own in one line, and what helps.
        for (language, standing, words) in [
            ("en", "refused for now", "the voucher is not valid, or was used ("),
            ("cs", "prozatím odmítnuto", "kód poukázky neplatí"),
        ] {
            let shown = try await it.user.program.run("requests", "\(entry["number"] as? Int ?? 0)", "--lang", language)
            let text = shown.outputText
            #expect(text.contains(standing) && text.contains(words), "\(text)")
            #expect(text.contains("; no such voucher") && !text.contains("\u{FFFD}"), "\(text)")
            #expect(text.contains("isignum renew \(it.serialNumberHex) --voucher"), "\(text)")
        }
        // The same order again asks the CA again, under another name.
        try expect(try await it.run("resume"), "voucher_invalid", status: 1)
        try expectDone(try await it.renew(it.serialNumber, "--voucher", "SLEVA-1", "--wait=1", "--accept"))
        #expect(try it.device.count(of: "C_GenerateKeyPair") == 2)
        let done = try #require(try await it.user.requests().first)
        #expect(done["reason"] == nil)
        #expect((done["renewal"] as? [String: Any])?["voucher"] as? Bool == true)
        #expect(!"\(done)".contains("SLEVA"))

        let other = try await Renewing(with: it.ca)
        try expect(try await other.renew("--voucher", "SLEVA-1"), "voucher_invalid", status: 1)
    }

    @Test func `several years need to be enabled; then the same key gets them`() async throws {
        let it = try await Renewing(type: "qualified")
        let refused = try await it.renew("--multi-year")
        try expect(refused, "multi_year_not_enabled", status: 1)
        #expect(try refused.failure()["hint"]?.contains("isignum renew \(it.serialNumberHex)") == true)
        try await it.ca.operate("multi-year", "Jan Žižka")
        try expectDone(try await it.run("resume", try await it.number(), "--accept"))
        #expect(try it.device.count(of: "C_GenerateKeyPair") == 2)
        let lengths = try await it.certificates().map { certificate in
            try #require(certificate["daysLeft"] as? Int)
        }
        #expect(lengths.sorted() == [384, 1_114])
    }

    @Test func `too early is not too late: resume tries again with the same key`() async throws {
        let ca = try RunningCA("--auto-approve", "0", "--renewal-window", "30")
        let it = try await Renewing(with: ca)
        let early = try await it.renew()
        try expect(early, "too_early", status: 75)
        let number = try await it.number()
        #expect(try early.failure()["hint"]?.contains("isignum resume \(number)") == true)
        try expect(try await it.run("resume"), "too_early", status: 75)
        #expect(try it.device.count(of: "C_GenerateKeyPair") == 2)
        #expect(try it.orders() == ["POST /v1/renewals 409", "POST /v1/renewals 409"])
    }

    @Test func `a revoked certificate costs no key`() async throws {
        let it = try await Renewing()
        try await it.ca.operate("revoke", it.serialNumberHex)
        try expect(try await it.renew(), "certificate_revoked", status: 65)
        #expect(try await it.keys() == 1)
        #expect(try it.orders().isEmpty)
        // Only the CA knows it when nobody else can be asked; its word is final, and the key is free to go.
        try await it.ca.operate("fault", "ocsp:1 status 500")
        try await it.ca.operate("fault", "crl:1 status 500")
        try expect(try await it.renew(), "certificate_revoked", status: 1)
        #expect(try await it.user.requests().first?["status"] as? String == "rejected")
        #expect(try it.orders() == ["POST /v1/renewals 409"])
    }

    @Test func `another CA's certificate is told before a key is made`() async throws {
        let it = try await Renewing()
        let other = try RunningCA("--auto-approve", "0")
        let foreign = try await it.renew("--ca-url", "\(other.url)", "--ca-file", other.bundle)
        try expect(foreign, "certificate_foreign", status: 65)
        #expect(try await it.keys() == 1)
        #expect(try other.exchanges().allSatisfy { !$0.contains("renewals") })
    }

    @Test func `what was renewed elsewhere is refused by the CA, and what ended or has no key by nobody else`()
        async throws
    {
        let it = try await Renewing()
        try expectDone(try await it.renew("--wait=1", "--accept"))
        var elsewhere = try Program(on: it.device)
        elsewhere.environment = it.user.program.environment
        try elsewhere.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + it.ca.configuration)
        let again = try await elsewhere.run(["renew", it.serialNumber] + it.user.secrets)
        try expect(again, "already_renewed", status: 1)
        // Two are there now: without a name nobody knows which is meant.
        try expect(try await elsewhere.run(["renew"] + it.user.secrets), "certificate_ambiguous", status: 64)

        let file = it.user.program.home.file("old.der").path
        let exported = try await it.run("export", it.serialNumber, "--der", "-o", file)
        #expect(exported.status == 0, "\(exported.errorText)")
        let der = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        let token = TokenIdentity(label: "", serial: "", manufacturer: "", model: "")
        func held(hasKey: Bool) throws -> RenewableCertificate {
            let id = KeyIdentifier(bytes: [1])
            let stored = StoredCertificate(value: der, identifier: id, label: "", area: .general, hasKey: hasKey)
            return try #require(RenewableCertificate(stored, on: token, in: []))
        }
        let certificate = try held(hasKey: true)
        #expect(certificate.refusal(in: [], at: Date()) == nil)
        let late = certificate.refusal(in: [], at: certificate.details.notAfter + 1)
        guard case .expired = late else { return #expect(Bool(false), "\(String(describing: late))") }
        let early = certificate.refusal(in: [], at: certificate.details.notBefore - 1)
        guard case .notYetValid = early else { return #expect(Bool(false), "\(String(describing: early))") }
        let lone = try held(hasKey: false).refusal(in: [], at: Date())
        guard case .withoutKey = lone else { return #expect(Bool(false), "\(String(describing: lone))") }
    }

    @Test func `what is expired on the token is not renewed, and nothing is asked or made for it`() async throws {
        let ca = try RunningCA()
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let begun = try await user.program.run(user.beginning)
        let id = try #require(try begun.document()["id"] as? String)
        try await ca.operate("approve", id, "--days-left=-3")
        let row = try await ca.operate("certificate", id)
        let refused = try await user.program.run(user.installing(id))
        try expect(refused, "certificate_expired", status: 65)
        // Nobody but another program puts such a certificate beside its key.
        let issued = try #require(try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any])
        let file = user.program.home.file("expired.der")
        let encoded = try #require(issued["certificate"] as? String)
        try #require(Data(base64Encoded: encoded)).write(to: file)
        let entry = try #require(try Journal(folder: user.program.home.file("state")).entries().first)
        let identifier = entry.keyIdentifier.bytes.map { String(format: "%02x", $0) }.joined()
        try await ChildProcess.output(
            of: "pkcs11-tool",
            [
                "--module", try SimulatedDevice.module(), "--slot", "0", "--login", "--pin",
                try SimulatedDevice.secret("pin", of: user.device.path), "--write-object", file.path, "--type", "cert",
                "--id", identifier, "--label", "old",
            ],
            environment: user.device.environment
        )
        let logins = try user.device.count(of: "C_Login")
        let late = try await user.program.run(["renew", "žižka"] + user.secrets)
        try expect(late, "certificate_expired", status: 65)
        #expect(try late.failure()["hint"]?.contains("isignum new") == true)
        #expect(try user.device.count(of: "C_Login") == logins)
        #expect(try user.device.count(of: "C_GenerateKeyPair") == 1)
        let listed = try await user.program.run("list")
        #expect(listed.outputText.contains("expired"), "\(listed.outputText)")
    }

    @Test(arguments: [SimulatedDevice.Model.separateSlot, .alwaysAuthenticate])
    func `a full qualified area is told with the commands that help, and they do`(
        model: SimulatedDevice.Model
    ) async throws {
        let it = try await Renewing(type: "qualified", model: model)
        try expectDone(try await it.renew("--wait=1", "--accept"))
        let full = try await it.renew()
        try expect(full, "token_full", status: 73)
        #expect(try it.device.count(of: "C_GenerateKeyPair") == 2)
        let hint = try #require(try full.failure()["hint"])
        let remedy = try #require(
            hint.components(separatedBy: "; ").first {
                $0.contains("isignum clean") && $0.hasSuffix(it.serialNumberHex)
            }
        )
        #expect(remedy.contains("replaced"))
        let command = try #require(remedy.components(separatedBy: ": isignum ").last).split(separator: " ").map(
            String.init
        )
        let cleaned = try await it.user.program.run(command + ["--yes"] + it.user.secrets)
        #expect(cleaned.status == 0, "\(cleaned.outputText) \(cleaned.errorText)")
        #expect(try await it.keys() == 1)
        try expectDone(try await it.renew("--wait=1", "--accept"))
        #expect(try await it.certificates().count == 2)
    }

    @Test func `a key that waits for its certificate takes its room, and install is named`() async throws {
        let it = try await Renewing(type: "qualified")
        let second = try await it.user.program.run(it.user.beginning)
        let id = try #require(try second.document()["id"] as? String)
        let full = try await it.renew()
        try expect(full, "token_full", status: 73)
        let hint = try #require(try full.failure()["hint"])
        #expect(hint.contains("isignum install \(id)"))
        // Its key has to sign the order.
        #expect(!hint.contains(it.serialNumberHex))
    }

    @Test func `while the CA takes no renewals the key is kept, and resume goes on another day`() async throws {
        let it = try await Renewing()
        try await it.ca.operate("service", "renewals", "off")
        let refused = try await it.renew("--wait=1", "--accept")
        try expect(refused, "service_not_offered", status: 1)
        #expect(try refused.failure()["hint"]?.contains("isignum resume \(try await it.number())") == true)
        try await it.ca.operate("service", "renewals", "on")
        try expectDone(try await it.run("resume", try await it.number(), "--accept"))
        #expect(try it.device.count(of: "C_GenerateKeyPair") == 2)
    }

    @Test func `a token that fills up in the middle keeps what it has`() async throws {
        let it = try await Renewing()
        try it.device.setFault("C_GenerateKeyPair:1 return 0x31")
        try expect(try await it.renew("--wait=1", "--accept"), "token_full", status: 73)
        #expect(try await it.user.requests().count == 1)
        try it.device.clearFaults()
        try it.device.setFault("C_CreateObject:1 return 0x31")
        try expect(try await it.renew("--wait=1", "--accept"), "token_full", status: 73)
        try it.device.clearFaults()
        try expectDone(try await it.run("install"))
        #expect(try it.device.count(of: "C_GenerateKeyPair") == 3)
        #expect(try await it.keys() == 2)
        #expect(try it.orders().count == 1)
    }

    @Test(arguments: ["unplug", "unplug-after"])
    func `pulled around the signature of the order, one key and one order come of it`(fault: String) async throws {
        let it = try await Renewing()
        try it.device.setFault("C_Sign:2 \(fault)")
        let pulled = try await it.renew()
        #expect([0, 69].contains(pulled.status), "\(pulled.outputText) \(pulled.errorText)")
        try it.device.clearFaults()
        try? FileManager.default.removeItem(atPath: "\(it.device.path)/state/unplugged")
        try expectDone(try await it.run("resume", try await it.number(), "--accept"))
        #expect(try it.device.count(of: "C_GenerateKeyPair") == 2)
        #expect(try await it.keys() == 2)
        #expect(try it.orders() == ["POST /v1/renewals 201"])
    }

    @Test func `an order whose answer was lost goes again as it was, whatever is said the second time`() async throws {
        let it = try await Renewing()
        try await it.ca.operate("fault", "renewal:1 drop")
        #expect(try await it.renew().status == 69)
        let signatures = try it.device.count(of: "C_Sign")
        let again = try await it.renew(it.serialNumber, "--voucher", "SLEVA-2", "--verbose")
        #expect(again.status == 0, "\(again.outputText) \(again.errorText)")
        #expect(again.errorText.contains("may have reached the CA"))
        #expect(try it.device.count(of: "C_Sign") == signatures)
        #expect(try await it.ca.operate("list").split(separator: "\n").count == 2)
        try expect(try await it.renew(it.serialNumber), "already_renewed", status: 65)
        try expectDone(try await it.run("install", "--accept"))
    }

    @Test func `onto a device that is bound to somebody else nothing is renewed`() async throws {
        let it = try await Renewing()
        try it.device.set("serial", "FEDCBA9876543210")
        let other = ["new", "--type", "commercial", "--name", "Eva Nová", "--wait=1", "--accept"]
        try expectDone(try await it.user.program.run(other + it.user.secrets))
        try expect(try await it.renew(it.serialNumber), "binding_conflict", status: 1)
    }

    @Test func `a seal is followed by a new request, and takes neither voucher nor years`() async throws {
        let it = try await Renewing(type: "qualified", holder: "seal")
        try expect(try await it.renew("--multi-year"), "renewal_not_for_seals", status: 64)
        let anew = try await it.renew("--verbose")
        #expect(anew.status == 0, "\(anew.outputText) \(anew.errorText)")
        #expect(anew.errorText.contains("this is a new request"))
        #expect(try anew.document()["holder"] as? String == "seal")
        #expect(try anew.document()["renewal"] == nil)
        #expect(try it.orders().isEmpty)
    }

    @Test func `with nothing to renew that is said, and what is missing is said at once`() async throws {
        let ca = try RunningCA()
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        try expect(try await user.program.run(["renew"] + user.secrets), "nothing_to_renew", status: 66)
        let it = try await Renewing()
        let missing = try await it.user.program.run("renew", "--wait=1", "--json", "--no-input")
        try expect(missing, "answers_missing", status: 64)
        #expect(try missing.failure()["message"]?.contains("--pin-from") == true)
        #expect(try missing.failure()["message"]?.contains("--accept") == true)
        try expect(try await it.renew("Nikdo"), "certificate_not_found", status: 66)
    }
}
