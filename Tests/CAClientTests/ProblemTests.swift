// SPDX-License-Identifier: Apache-2.0

import CAClient
import Testing

@Suite struct ProblemTests {
    @Test(arguments: CAError.Problem.allCases)
    func `each problem code is known, and the CA's words are kept`(problem: CAError.Problem) async throws {
        let server = try await HostileServer()
        let client = try server.client("problem--\(problem.rawValue)")
        let error = await failure { () throws(CAError) in
            try await client.submit(Fixture.submission, idempotencyKey: "key")
        }
        #expect(error?.code == .problem(problem))
        #expect(error?.status == 422)
        #expect(error?.exchange == "POST https://127.0.0.1:\(server.port)/problem--\(problem.rawValue)/v1/requests")
        let words = "Title of \(problem.rawValue)\nDetail of \(problem.rawValue)\n/csr: no good"
        #expect(error?.detail == words)
    }

    @Test func `a code from tomorrow is kept as another problem`() async throws {
        let error = try await Self.refusal("problem--quantum_winter")
        #expect(error?.code == .problem(.other))
        #expect(error?.detail?.hasPrefix("Title of quantum_winter") == true)
    }

    @Test(arguments: [("busy-seconds--17", 17), ("busy-seconds--0", 0), ("busy-seconds---5", 0)])
    func `a busy CA says in seconds when to come back`(mode: String, seconds: Int) async throws {
        let error = try await Self.refusal(mode)
        #expect(error?.code == .problem(.maintenance))
        #expect(error?.status == 503)
        #expect(error?.retryAfter == .seconds(seconds))
        #expect(error?.isPassing == true)
    }

    @Test func `a busy CA says by date when to come back`() async throws {
        let retryAfter = try #require(try await Self.refusal("busy-date--90")?.retryAfter)
        #expect((Duration.seconds(88)...(.seconds(91))).contains(retryAfter))
    }

    @Test func `a date is read by the CA's own clock`() async throws {
        #expect(try await Self.refusal("busy-other-clock")?.retryAfter == .seconds(120))
    }

    @Test func `a wait beyond reason is capped`() async throws {
        for mode in ["busy-seconds--99999999999999999999999", "busy-date--999999999"] {
            #expect(try await Self.refusal(mode)?.retryAfter == .seconds(86_400))
        }
    }

    @Test func `too many questions are no failure for ever`() async throws {
        let error = try await Self.refusal("rate-limited")
        #expect(error?.code == .problem(.rateLimited))
        #expect(error?.retryAfter == .seconds(11))
        #expect(error?.isPassing == true)
    }

    @Test(arguments: [("html-error--500", true), ("html-error--404", false), ("html-error--429", true)])
    func `an error without a problem document keeps its status`(mode: String, isPassing: Bool) async throws {
        let error = try await Self.refusal(mode)
        #expect(error?.code == .serverError)
        #expect(error.flatMap(\.status).map { mode.hasSuffix(String($0)) } == true)
        #expect(error?.isPassing == isPassing)
    }

    @Test func `a broken problem document is an error of the server`() async throws {
        #expect(try await Self.refusal("broken-problem")?.code == .serverError)
    }

    private static func refusal(_ mode: String) async throws -> CAError? {
        let server = try await HostileServer()
        let client = try server.client(mode)
        let ticket = try Fixture.ticket()
        return await failure { () throws(CAError) in try await client.status(of: ticket) }
    }
}
