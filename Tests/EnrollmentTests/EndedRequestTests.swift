// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A request that is over, however and whenever the CA says so: nothing is offered or installed, its reason and the next
/// step are told with exit 1, and nobody is sent to `resume`.
@Suite struct EndedRequestTests {
    static let ends = ["rejected", "expired", "withdrawn", "revoked"]

    private func expectEnded(
        _ outcome: ChildProcess.Outcome,
        as state: String,
        _ user: Interrupted,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let words = "\(outcome.outputText) \(outcome.errorText)"
        #expect(outcome.status == 1, "\(words)", sourceLocation: sourceLocation)
        #expect(!words.contains("to the branch."), "\(words)", sourceLocation: sourceLocation)
        let entry = try #require(try await user.requests().first, sourceLocation: sourceLocation)
        #expect(entry["status"] as? String == state, "\(entry)", sourceLocation: sourceLocation)
        #expect(try await user.certificates() == 0, sourceLocation: sourceLocation)
        let id = try #require(entry["id"] as? String, sourceLocation: sourceLocation)
        for command in [["install", id, "--accept"], ["resume", id]] {
            let again = try await user.program.run(command + user.secrets)
            #expect(again.status == 1, sourceLocation: sourceLocation)
            #expect(try again.failure()["code"] == "request_\(state)", sourceLocation: sourceLocation)
            let hint = try again.failure()["hint"] ?? ""
            #expect(
                hint.contains("isignum new") && hint.contains("isignum clean"),
                "\(hint)",
                sourceLocation: sourceLocation
            )
            #expect(!hint.contains("resume"), "\(hint)", sourceLocation: sourceLocation)
        }
        let checked = try await user.program.run("check", id)
        #expect(checked.status == 1 && !checked.outputText.contains("isignum install"), "\(checked.outputText)")
        #expect(checked.outputText.contains("isignum new"), "\(checked.outputText)")
        #expect(try await user.program.run(["resume"] + user.secrets).status == 0, sourceLocation: sourceLocation)
    }

    @Test(arguments: ends) func `told in the receipt`(state: String) async throws {
        let ca = try RunningCA("--fault", "submit:1 with status=\(state)")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let begun = try await user.program.run(user.beginning)
        #expect(try begun.failure()["code"] == "request_\(state)")
        try await expectEnded(begun, as: state, user)
    }

    @Test(arguments: ends) func `told when it is asked about`(state: String) async throws {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "status:1 with status=\(state)")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try await user.begun()
        let installed = try await user.program.run(["install", id, "--accept"] + user.secrets)
        #expect(try installed.failure()["code"] == "request_\(state)")
        try await expectEnded(installed, as: state, user)
    }

    @Test(arguments: ends) func `told in the answer to the decision`(state: String) async throws {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "decision:1 with status=\(state)")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try await user.begun()
        let installed = try await user.program.run(["install", id, "--accept"] + user.secrets)
        #expect(try installed.failure()["code"] == "request_\(state)")
        try await expectEnded(installed, as: state, user)
    }

    @Test(
        arguments: ["status", "certificate", "decision"],
        [
            ("certificate_revoked", "revoked"), ("request_withdrawn", "withdrawn"),
        ]
    )
    func `told by a problem document`(operation: String, problem: (code: String, state: String)) async throws {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "\(operation):1 problem \(problem.code)")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try await user.begun()
        let installed = try await user.program.run(["install", id, "--accept"] + user.secrets)
        try await expectEnded(installed, as: problem.state, user)
    }

    @Test func `a certificate that is revoked before it is installed is never offered, and its key makes room`()
        async throws
    {
        let ca = try RunningCA("--auto-approve", "0")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try await user.begun()
        #expect(try await user.program.run("check", id).status == 0)
        let certificate = try #require(try await user.requests().first?["certificate"] as? [String: Any])
        let serial = try #require(certificate["serialNumberHex"] as? String)
        try await ca.operate("revoke", serial, "--reason", "keyCompromise")
        let installed = try await user.program.run(["install", id, "--accept"] + user.secrets)
        #expect(!installed.errorText.contains("passed every check"), "\(installed.errorText)")
        try await expectEnded(installed, as: "revoked", user)
        let cleaning = ["clean", "--expert", "--unpaired-keys", id, "--yes"]
        #expect(try await user.program.run(cleaning + user.secrets).status == 0)
        #expect(try await user.device.publicKeys(slot: 0) == 0)
    }

    @Test func `revoked while its acceptance was interrupted, it ends and is told once by watch`() async throws {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "decision:1 drop")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try await user.begun()
        #expect(try await user.program.run(["install", id, "--accept"] + user.secrets).status == 69)
        let certificate = try #require(try await user.requests().first?["certificate"] as? [String: Any])
        try await ca.operate("revoke", try #require(certificate["serialNumberHex"] as? String))
        try await expectEnded(try await user.program.run("check", id), as: "revoked", user)
    }

    @Test func `a receipt that has its certificate already goes on to it`() async throws {
        let ca = try RunningCA("--auto-approve", "0", "--fault", "submit:1 with status=issued")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let done = try await user.program.run(user.beginning + ["--wait=1", "--accept"])
        #expect(done.status == 0, "\(done.errorText)")
        try await user.expectOneOfEach(try #require(try done.document()["id"] as? String))
    }

    @Test func `an ID that another request has is no answer, and the request gets its own`() async throws {
        let ca = try RunningCA()
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try await user.begun()
        try await ca.operate("fault", "submit:1 with id=\(id)")
        let second = try await user.program.run(user.beginning)
        #expect(second.status == 69, "\(second.outputText)")
        #expect(try second.failure()["code"] == "ca_answer_invalid")
        let entry = try #require(try await user.requests().first)
        #expect(entry["status"] as? String == "submitted" && entry["id"] == nil)
        #expect(try await user.program.run(["resume", "2"] + user.secrets).status == 75)
        let ids = try await user.requests().compactMap { $0["id"] as? String }
        #expect(Set(ids).count == 2 && ids.contains(id))
        #expect(try await ca.operate("list").split(separator: "\n").count == 2)
    }

    @Test(arguments: [422, 400, 403, 404])
    func `a refusal with a code of tomorrow says what becomes of the request`(
        status: Int
    ) async throws {
        // mock-ca gives 422 to codes that it does not know; the other statuses come without a document.
        let fault = status == 422 ? "problem quantum_winter" : "status \(status)"
        let ca = try RunningCA("--fault", "submit:1 \(fault)")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let begun = try await user.program.run(user.beginning)
        let hint = try begun.failure()["hint"] ?? ""
        let entry = try #require(try await user.requests().first)
        if status == 422 {
            #expect(begun.status == 1 && entry["status"] as? String == "rejected")
            #expect(hint.contains("isignum new") && !hint.contains("resume"), "\(hint)")
        } else {
            #expect(entry["status"] as? String == "submitted")
            #expect(hint.contains("isignum resume"), "\(hint)")
        }
    }

    @Test(arguments: ["devices:1 status 500", "devices:1 html"])
    func `before a request was begun nobody is sent to resume`(fault: String) async throws {
        let ca = try RunningCA("--fault", fault)
        let user = try await Interrupted(with: ca, type: "qualified", model: .separateSlot)
        let begun = try await user.program.run(user.beginning)
        #expect(begun.status == 69)
        #expect(try await user.requests().isEmpty)
        let hint = try begun.failure()["hint"] ?? ""
        #expect(!hint.contains("resume") && hint.contains("give the same command again"), "\(hint)")
    }

    @Test(arguments: [("407 Proxy Authentication Required", "https_proxy"), ("403 Forbidden", "no_proxy")])
    func `a proxy that refuses is named, and the request is carried on without it`(
        answer: String,
        hint: String
    ) async throws {
        let script = """
            import socket, sys
            s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1], flush=True)
            while True:
                c, _ = s.accept()
                c.recv(65536)
                c.sendall(b"HTTP/1.1 \(answer)\\r\\nContent-Length: 0\\r\\n\\r\\n"); c.close()
            """
        let proxy = try RunningProcess("python3", ["-c", script], output: .pipe)
        defer { proxy.stop(with: SIGKILL) }
        var line = Data()
        while line.last != 0x0a { line += try proxy.output?.read(upToCount: 1) ?? Data([0x0a]) }
        let port = String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        let ca = try RunningCA()
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let id = try await user.begun()
        var program = user.program
        program.environment.merge(["https_proxy": "http://127.0.0.1:\(port)", "no_proxy": "", "NO_PROXY": ""]) { $1 }
        let refused = try await program.run("check", id, "--json")
        #expect(refused.status == 69)
        #expect(try refused.failure()["code"] == "ca_proxy_refused")
        #expect(try refused.failure()["hint"]?.contains(hint) == true, "\(refused.errorText)")
        #expect(try await user.program.run("check", id).status == 75)
    }
}
