// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `list --online` and `show --online`, with responders that tell the truth, and with some that lie.
@Suite struct OnlineStatusTests {
    let ca: RunningCA
    let user: Interrupted

    init() async throws {
        ca = try RunningCA("--auto-approve", "0")
        user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let done = try await user.program.run(user.beginning + ["--wait=1", "--accept"])
        try #require(done.status == 0, "\(done.errorText)")
    }

    private func online() async throws -> [String: Any] {
        let outcome = try await user.program.run("show", name, "--online", "--json")
        try #require(outcome.status == 0, "\(outcome.errorText)")
        return try #require(try outcome.document()["online"] as? [String: Any])
    }

    private let name = "CN="

    private func codes(_ online: [String: Any]) -> [String] {
        (online["troubles"] as? [[String: Any]])?.compactMap { $0["code"] as? String } ?? []
    }

    @Test func `a certificate is good, and after its revocation revoked, with the reason`() async throws {
        let good = try await online()
        #expect(good["status"] as? String == "good")
        #expect(good["source"] as? String == "ocsp")
        #expect(codes(good).isEmpty)
        let serial = try #require(try await user.program.run("show", name, "--json").document()["serialNumberHex"])
        try await ca.operate("revoke", try #require(serial as? String), "--reason", "keyCompromise")
        let revoked = try await online()
        #expect(revoked["status"] as? String == "revoked")
        #expect(revoked["reason"] as? String == "keyCompromise")
        #expect(revoked["revokedAt"] is String)
        let list = try await user.program.run("list", "--online", "--lang", "cs")
        #expect(list.outputText.contains("zneplatněn"))
        // Without the responder the list tells the same.
        try await ca.operate("fault", "ocsp:1 status 500")
        let listed = try await online()
        #expect(listed["status"] as? String == "revoked")
        #expect(listed["source"] as? String == "crl")
        #expect(listed["reason"] as? String == "keyCompromise")
        #expect(codes(listed) == ["error"])
    }

    @Test(arguments: [
        ("old", "outdated"), ("stale", "outdated"), ("future", "from_future"), ("other-nonce", "wrong_nonce"),
        ("other-signer", "wrong_signer"), ("forged", "wrong_signer"), ("other-certificate", "other_certificate"),
    ])
    func `a responder that lies is named, and the list is asked`(_ lie: String, _ code: String) async throws {
        try await ca.operate("fault", "ocsp:1 lie \(lie)")
        let told = try await online()
        #expect(codes(told) == [code])
        #expect(told["status"] as? String == "good")
        #expect(told["source"] as? String == "crl")
    }

    @Test func `an answer without the nonce is believed while it is fresh`() async throws {
        try await ca.operate("fault", "ocsp:1 lie no-nonce")
        #expect(try await online()["source"] as? String == "ocsp")
    }

    @Test(arguments: ["garbled", "oversize 1000000", "cut-off", "redirect http://127.0.0.1:1/"])
    func `what is no answer says nothing, and with no list either nobody could tell`(_ fault: String) async throws {
        try await ca.operate("fault", "ocsp:1 \(fault)")
        try await ca.operate("fault", "crl:1 \(fault)")
        let told = try await online()
        #expect(told["status"] as? String == "unavailable")
        #expect(codes(told).count == 2)
    }

    @Test func `a CA that is away leaves the list as it is, and says who could not be asked`() async throws {
        ca.stop()
        let outcome = try await user.program.run("list", "--online", "--json")
        #expect(outcome.status == 0)
        let tokens = try #require(try outcome.document()["tokens"] as? [[String: Any]])
        let certificate = try #require((tokens.first?["certificates"] as? [[String: Any]])?.first)
        let told = try #require(certificate["online"] as? [String: Any])
        #expect(told["status"] as? String == "unavailable")
        #expect(codes(told) == ["unreachable", "unreachable"])
    }

    @Test func `a responder that answers is all that is asked`() async throws {
        let exchanges = try ca.exchanges().count
        _ = try await online()
        #expect(Array(try ca.exchanges().dropFirst(exchanges)) == ["POST /ocsp/public 200"])
    }
}
