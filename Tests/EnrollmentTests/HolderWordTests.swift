// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The holder's word on a certificate: whatever was interrupted before, a command never ends in the opposite of its flag,
/// and the latest word counts as long as the CA has not heard another.
@Suite struct HolderWordTests {
    /// One whose certificate is issued, and whose word the CA hears, or does not, without an answer.
    private func interrupted(
        _ word: [String],
        by fault: String,
        type: String = "commercial"
    ) async throws -> (Interrupted, id: String) {
        let ca = try RunningCA("--auto-approve", "0")
        let user = try await Interrupted(with: ca, type: type, model: .separateSlot)
        let id = try await user.begun()
        try await ca.operate("fault", "decision:1 \(fault)")
        let outcome = try await user.program.run(["install", id] + word + user.secrets)
        #expect(outcome.status == 69, "\(outcome.errorText)")
        return (user, id)
    }

    private func expectRejected(_ user: Interrupted, _ id: String) async throws {
        #expect(try await user.requests().first?["status"] as? String == "rejected")
        #expect(try await user.requests().first?["reason"] as? String == "wrong name")
        #expect(try await user.ca.operate("list").contains("\"rejected\""))
        #expect(try await user.certificates() == 0)
        // Nothing is left to do.
        #expect(try await user.program.run(["resume"] + user.secrets).status == 0)
    }

    @Test(arguments: ["install", "resume"])
    func `an acceptance that the CA has not heard is taken back by a rejection`(command: String) async throws {
        let (user, id) = try await interrupted(["--accept"], by: "status 503")
        let rejected = try await user.program.run([command, id, "--reject", "wrong name"] + user.secrets)
        #expect(rejected.status == 0, "\(rejected.errorText)")
        #expect(!rejected.errorText.contains("accepted"))
        try await expectRejected(user, id)
    }

    @Test(arguments: ["install", "resume"])
    func `an acceptance that the CA has heard is not taken back, and the certificate can be revoked`(
        command: String
    ) async throws {
        let (user, id) = try await interrupted(["--accept"], by: "drop")
        let rejecting = [command, id, "--reject", "wrong name"] + user.secrets
        let refused = try await user.program.run(rejecting)
        #expect(refused.status == 65, "\(refused.errorText)")
        #expect(try refused.failure()["code"] == "accepted_already")
        let hint = try #require(try refused.failure()["hint"])
        let words = try #require(hint.firstMatch(of: #/isignum revoke (\d+)/#))
        // Nobody who says nothing is taken to have changed his mind again.
        #expect(try await user.program.run(["resume", id] + user.secrets).status == 65)
        #expect(try await user.certificates() == 0)
        let serial = String(words.1)
        let revoked = try await user.program.run(["revoke", serial, "--yes"] + user.secrets)
        #expect(revoked.status == 0, "\(revoked.errorText)")
        #expect(try await user.requests().first?["status"] as? String == "revoked")
        #expect(try await user.program.run(rejecting).status == 1)
        #expect(try await user.program.run(["resume"] + user.secrets).status == 0)
    }

    @Test func `whoever rejected and could not be heard may accept after all`() async throws {
        let (user, id) = try await interrupted(["--accept"], by: "drop")
        #expect(try await user.program.run(["install", id, "--reject", "wrong name"] + user.secrets).status == 65)
        let installed = try await user.program.run(["install", id, "--accept"] + user.secrets)
        #expect(installed.status == 0, "\(installed.errorText)")
        try await user.expectOneOfEach(id)
    }

    @Test func `a rejection that the CA has heard stays one`() async throws {
        let (user, id) = try await interrupted(["--reject", "wrong name"], by: "drop")
        let refused = try await user.program.run(["install", id, "--accept"] + user.secrets)
        #expect(refused.status == 1, "\(refused.errorText)")
        #expect(try refused.failure()["code"] == "request_rejected")
        #expect(try await user.certificates() == 0)
        #expect(try await user.ca.operate("list").contains("\"rejected\""))
    }

    @Test func `a rejection that the CA has not heard is said again, or taken back`() async throws {
        let (user, id) = try await interrupted(["--reject", "wrong name"], by: "status 503")
        #expect(try await user.requests().first?["decision"] as? String == "rejected")
        #expect(try await user.program.run("requests", id).outputText.contains("isignum resume \(id)"))
        let matters = try await user.program.run("watch", "--json").document()["matters"] as? [[String: Any]]
        #expect(matters?.contains { $0["kind"] as? String == "ready" } == false)
        #expect(try await user.program.run(["resume"] + user.secrets).status == 0)
        try await expectRejected(user, id)
        let (other, otherID) = try await interrupted(["--reject", "wrong name"], by: "status 503")
        let installed = try await other.program.run(["install", otherID, "--accept"] + other.secrets)
        #expect(installed.status == 0, "\(installed.errorText)")
        try await other.expectOneOfEach(otherID)
    }

    @Test func `a word that was taken back while the CA was away is not repeated by a later run`() async throws {
        let (user, id) = try await interrupted(["--accept"], by: "status 503")
        try await user.ca.operate("clear-faults")
        try await user.ca.operate("fault", "status:1 status 503")
        #expect(try await user.program.run(["install", id, "--reject", "wrong name"] + user.secrets).status == 69)
        let resumed = try await user.program.run(["resume"] + user.secrets)
        #expect(resumed.status == 0, "\(resumed.errorText)")
        try await expectRejected(user, id)
    }

    @Test func `in one process with new or renew, a rejection is one too`() async throws {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "decision:1 status 503")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        #expect(try await user.program.run(user.beginning + ["--wait=1", "--accept"]).status == 69)
        let id = try #require(try await user.requests().first?["id"] as? String)
        #expect(try await user.program.run(["resume", "--reject", "wrong name"] + user.secrets).status == 0)
        try await expectRejected(user, id)
        let it = try await Renewing()
        let renewed = try await it.renew("--wait=1", "--reject", "wrong name")
        #expect(renewed.status == 0, "\(renewed.errorText)")
        #expect(try renewed.document()["status"] as? String == "rejected")
        #expect(try await it.certificates().count == 1)
    }
}
