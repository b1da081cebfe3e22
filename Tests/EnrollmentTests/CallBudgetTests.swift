// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Cards take 10 to 20 ms an APDU and networks longer: the round trips of an enrolment are counted, C_GetFunctionList
/// among them.
@Suite struct CallBudgetTests {
    @Test func `one process takes at most 20 calls and one login from nothing to the installed certificate`()
        async throws
    {
        let ca = try RunningCA("--auto-approve", "0")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let done = try await user.program.run(user.beginning + ["--wait=1", "--accept"])
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try done.document()["status"] as? String == "installed")
        let calls = try user.device.calls()
        #expect(calls.count <= 20, "\(calls.map(\.function))")
        #expect(try user.device.count(of: "C_Login") == 1)
        // Devices, submission, status, certificate, decision.
        #expect(try ca.exchanges().count == 5)
        print("budget: \(calls.count) PKCS#11 calls and 1 login for new --wait")
    }

    @Test(arguments: ["commercial", "qualified"])
    func `two processes take at most 30 calls, and each asks for one secret`(type: String) async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let user = try await Interrupted(with: ca, type: type, model: .separateSlot)
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        #expect(try await user.program.run(user.installing(id)).status == 0)
        let calls = try user.device.calls()
        #expect(calls.count <= 30, "\(calls.map(\.function))")
        #expect(try user.device.count(of: "C_Login") == 2)
        print("budget: \(calls.count) PKCS#11 calls and 2 logins for new and install (\(type))")
    }

    @Test(arguments: [("commercial", 42), ("qualified", 56)])
    func `a renewal in one process asks for one secret, and takes 42 calls, or 56 where the room has to be counted`(
        type: String,
        budget: Int
    ) async throws {
        let it = try await Renewing(type: type)
        let before = try (it.device.calls().count, it.device.count(of: "C_Login"), it.ca.exchanges().count)
        #expect(try await it.renew("--wait=1", "--accept").status == 0)
        let calls = try it.device.calls().dropFirst(before.0)
        #expect(calls.count <= budget, "\(calls.map(\.function))")
        let logins = try it.device.count(of: "C_Login") - before.1
        #expect(logins == 1)
        // The responder, the order, status, certificate, decision; the list of devices is kept.
        #expect(try it.ca.exchanges().count - before.2 == 5)
        print("budget: \(calls.count) PKCS#11 calls and \(logins) login for renew --wait (\(type))")
    }

    @Test func `the list of devices is asked for once a day`() async throws {
        let ca = try RunningCA()
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        for _ in 0..<3 { #expect(try await user.program.run(user.beginning).status == 0) }
        #expect(try ca.exchanges().count { $0.contains("/v1/devices") } == 1)
    }

    @Test func `a thousand IDs are one question`() async throws {
        let ca = try RunningCA()
        let program = try Program()
        try program.configure(ca.configuration)
        let ids = (0..<1_000).map { "BP" + String(1_000_000_000 + $0) }.joined(separator: "\n")
        let outcome = try await program.run("status", "-", "--json", input: ids)
        #expect(outcome.status == 0)
        #expect((try outcome.document()["requests"] as? [Any])?.count == 1_000)
        #expect(try ca.exchanges().count == 1)
    }
}
