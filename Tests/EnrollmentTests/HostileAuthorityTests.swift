// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A CA that fails or lies: the person is told, the exit code is right, nothing is lost and nothing wrong is installed.
@Suite struct HostileAuthorityTests {
    struct Failure: Sendable, CustomTestStringConvertible {
        let fault: String
        let status: Int32
        let code: String
        var testDescription: String { fault }
    }

    static let submissions = [
        Failure(fault: "submit:1 status 503 120", status: 69, code: "ca_error"),
        Failure(fault: "submit:1 status 429 30", status: 75, code: "rate_limited"),
        Failure(fault: "submit:1 html", status: 69, code: "ca_answer_invalid"),
        Failure(fault: "submit:1 garbled", status: 69, code: "ca_answer_invalid"),
        Failure(fault: "submit:1 oversize 1073741824", status: 69, code: "ca_answer_too_large"),
        Failure(fault: "submit:1 cut-off", status: 69, code: "ca_answer_cut_off"),
        Failure(fault: "submit:1 drop", status: 69, code: "ca_answer_cut_off"),
        Failure(fault: "submit:1 redirect https://127.0.0.1:1/", status: 69, code: "ca_redirect_refused"),
    ]

    @Test(arguments: submissions)
    func `a submission that fails is handed in again and is one request`(failure: Failure) async throws {
        let user = try await Interrupted(
            with: try RunningCA("--fault", failure.fault),
            type: "commercial",
            model: .separateSlot
        )
        let begun = try await user.program.run(user.beginning)
        #expect(begun.status == failure.status, "\(begun.errorText)")
        #expect(try begun.failure()["code"] == failure.code)
        #expect(try await user.requests().first?["status"] as? String == "submitted")
        let resumed = try await user.program.run(["resume"] + user.secrets)
        #expect(resumed.status == 75, "\(resumed.errorText)")
        #expect(try await user.ca.operate("list").split(separator: "\n").count == 1)
        #expect(try await user.device.publicKeys(slot: 0) == 1)
        // What was signed already needs no secret a second time.
        #expect(try user.device.count(of: "C_Login") == 1)
    }

    @Test(arguments: ["html", "garbled", "cut-off", "status 503 60", "oversize 1073741824"])
    func `without the list of devices nothing is begun`(fault: String) async throws {
        let ca = try RunningCA("--fault", "devices:1 \(fault)")
        let user = try await Interrupted(with: ca, type: "qualified", model: .separateSlot)
        #expect(try await user.program.run(user.beginning).status == 69)
        #expect(try await user.requests().isEmpty)
        #expect(try user.device.count(of: "C_Login") == 0)
    }

    static let certificates = [
        ("other-key", "certificate_key_differs"), ("wrong-chain", "certificate_chain_refused"),
        ("missing-marker", "certificate_marker_missing"), ("authority", "certificate_is_authority"),
        ("encryption", "certificate_cannot_sign"), ("server", "certificate_purpose_foreign"),
        ("unknown-extension", "certificate_extension_unknown"),
        ("expired", "certificate_expired"), ("not-yet-valid", "certificate_not_yet_valid"),
    ]

    @Test(arguments: certificates)
    func `a certificate that fails its check touches neither token nor journal`(kind: String, code: String) async throws
    {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "certificate:1 certificate \(kind)")
        let user = try await Interrupted(with: ca, type: "qualified", model: .separateSlot)
        let begun = try await user.program.run(user.beginning)
        let id = try #require(try begun.document()["id"] as? String)
        let logins = try user.device.count(of: "C_Login")
        let refused = try await user.program.run(user.installing(id))
        #expect(refused.status == 65, "\(refused.errorText)")
        #expect(try refused.failure()["code"] == code)
        #expect(try user.device.count(of: "C_Login") == logins)
        #expect(try await user.requests().first?["status"] as? String == "pending")
        // The CA mends what it sends: the same command now succeeds.
        let installed = try await user.program.run(user.installing(id))
        #expect(installed.status == 0, "\(installed.errorText)")
        try await user.expectOneOfEach(id)
    }

    @Test(arguments: ["other-holder", "second-name", "other-given-name"])
    func `a certificate for another holder is kept, and waits for a word on that`(kind: String) async throws {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "certificate:1 certificate \(kind)")
        let user = try await Interrupted(with: ca, type: "qualified", model: .separateSlot)
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        let logins = try user.device.count(of: "C_Login")
        let refused = try await user.program.run(user.installing(id))
        #expect(refused.status == 65, "\(refused.errorText)")
        #expect(try refused.failure()["code"] == "certificate_holder_differs")
        #expect(try user.device.count(of: "C_Login") == logins)
        #expect(try await user.requests().first?["status"] as? String == "issued")
        let installed = try await user.program.run(user.installing(id) + ["--accept-name"])
        #expect(installed.status == 0, "\(installed.errorText)")
        try await user.expectOneOfEach(id)
    }

    @Test func `of the certificates of an answer the one with the request's key counts`() async throws {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "certificate:1 certificate disordered")
        let user = try await Interrupted(with: ca, type: "qualified", model: .separateSlot)
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        let installed = try await user.program.run(user.installing(id))
        #expect(installed.status == 0, "\(installed.errorText)")
        try await user.expectOneOfEach(id)
    }

    @Test func `a certificate that fails its check can be rejected`() async throws {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "certificate:1 certificate authority")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        let rejected = try await user.program.run(["install", id, "--reject", "not me"] + user.secrets)
        #expect(rejected.status == 0, "\(rejected.errorText)")
        #expect(try rejected.document()["status"] as? String == "rejected")
        #expect(try await ca.operate("list").contains("\"rejected\""))
    }

    @Test func `our clock behind the server's is explained`() async throws {
        // By our clock it begins in two hours; by the server's, three hours ahead, it has begun.
        let ca = try RunningCA(
            "--auto-approve",
            "0",
            "--fault",
            "certificate:1 certificate not-yet-valid",
            "--fault",
            "certificate:1 skew 10800",
            "--fault",
            "certificate:2 certificate not-yet-valid"
        )
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        let refused = try await user.program.run(user.installing(id))
        #expect(refused.status == 65)
        #expect(refused.errorText.contains("this computer's clock is 3 h behind the CA's"), "\(refused.errorText)")
        // A server of the same time explains nothing.
        let again = try await user.program.run(user.installing(id))
        #expect(again.status == 65 && again.errorText.contains("valid from"))
        #expect(!again.errorText.contains("clock"), "\(again.errorText)")
    }

    @Test func `control characters in a CA's words reach no terminal`() async throws {
        let ca = try RunningCA()
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        try await ca.operate("reject", id, "no\u{1B}]0;owned\u{7}\u{1B}[2J\u{202E}fdp")
        for arguments in [["check", id], ["requests", id], ["install", id, "--accept", "--no-input"]] {
            let outcome = try await user.program.run(arguments)
            for text in [outcome.outputText, outcome.errorText] {
                #expect(!text.unicodeScalars.contains { ["\u{1B}", "\u{7}", "\u{202E}"].contains($0) }, "\(arguments)")
            }
        }
    }

    @Test func `a request of an unknown ID ends with 66`() async throws {
        let ca = try RunningCA()
        let program = try Program()
        try program.configure(ca.configuration)
        #expect(try await program.run("check", "BP0123456789", "--json").status == 66)
        #expect(try await program.run("status", "nonsense", "--json").status == 65)
    }
}
