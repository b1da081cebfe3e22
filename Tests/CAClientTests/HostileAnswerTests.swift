// SPDX-License-Identifier: Apache-2.0

import CAClient
import Foundation
import Testing

@Suite struct HostileAnswerTests {
    @Test(arguments: [
        "html", "mislabelled", "garbage", "deep", "wrong-id", "unknown-status", "other-success",
        "problem-as-certificate",
    ])
    func `a status that is none is refused`(mode: String) async throws {
        let server = try await HostileServer()
        let client = try server.client(mode)
        let ticket = try Fixture.ticket()
        let error = await failure { () throws(CAError) in try await client.status(of: ticket) }
        #expect(error?.code == .answerInvalid)
        #expect(error?.status != nil)
        #expect(error?.detail?.isEmpty == false)
    }

    @Test(arguments: ["html", "mislabelled", "garbage-certificate", "problem-as-certificate", "one-letter-lines"])
    func `nothing but a certificate is taken as one`(mode: String) async throws {
        let server = try await HostileServer()
        let client = try server.client(mode)
        let ticket = try Fixture.ticket()
        let error = await failure { () throws(CAError) in try await client.certificate(of: ticket) }
        #expect(error?.code == .answerInvalid)
    }

    @Test(arguments: ["html", "mislabelled", "fake-pdf"])
    func `nothing but a PDF is taken as the protocol`(mode: String) async throws {
        let server = try await HostileServer()
        let client = try server.client(mode)
        let ticket = try Fixture.ticket()
        let error = await failure { () throws(CAError) in try await client.issuanceProtocol(of: ticket) }
        #expect(error?.code == .answerInvalid)
    }

    @Test(arguments: ["html", "mislabelled", "garbage", "wrong-id", "undecided"])
    func `a decision counts as heard only when the CA says so`(mode: String) async throws {
        let server = try await HostileServer()
        let client = try server.client(mode)
        let ticket = try Fixture.ticket()
        for decision in [Decision.accepted, .rejected(reason: "another name")] {
            let error = await failure { () throws(CAError) in try await client.decide(decision, on: ticket) }
            #expect(error?.code == .answerInvalid)
        }
    }

    @Test func `an access token that could begin another header is refused`() async throws {
        let server = try await HostileServer()
        let client = try server.client("bad-token")
        let error = await failure { () throws(CAError) in
            try await client.submit(Fixture.submission, idempotencyKey: "key")
        }
        #expect(error?.code == .answerInvalid)
        #expect(error?.description.contains("X-Evil") == false)

        let ticket = try Fixture.ticket(token: "a\r\nX-Evil: 1")
        let second = await failure { () throws(CAError) in try await client.status(of: ticket) }
        #expect(second?.code == .answerInvalid)
        #expect(try await server.stop().requests.count == 1)
    }

    @Test func `a list with holes is refused`() async throws {
        let server = try await HostileServer()
        let client = try server.client("short-list")
        let identifier = try Fixture.id()
        let error = await failure { () throws(CAError) in try await client.statuses(of: [identifier]) }
        #expect(error?.code == .answerInvalid)
    }

    // What fits into the buffers of two sockets is on its way before anybody can refuse it.
    private static let bufferBytes = 16 << 20

    @Test(arguments: [
        "gigabyte", "announced-gigabyte", "huge-header", "endless-header", "endless-interim",
    ])
    func `a status without end is given up at its limit`(mode: String) async throws {
        let server = try await HostileServer()
        let client = try server.client(mode)
        let ticket = try Fixture.ticket()
        let error = await failure { () throws(CAError) in try await client.status(of: ticket) }
        #expect(error?.code == .answerTooLarge)
        guard mode != "huge-header" else { return }
        let poured = try #require(try await server.next("poured").bytes)
        #expect(poured < Self.bufferBytes)
    }

    @Test func `a gigabyte costs no memory`() async {
        // Memory belongs to a process: what other tests take at the same time is none of this one's.
        await #expect(processExitsWith: .success) {
            let server = try await HostileServer()
            let client = try server.client("gigabyte")
            let ticket = try Fixture.ticket()
            _ = await failure { () throws(CAError) in try await client.status(of: ticket) }
            let before = try HostileAnswerTests.residentBytes()
            for _ in 0..<10 { _ = await failure { () throws(CAError) in try await client.status(of: ticket) } }
            #expect(try HostileAnswerTests.residentBytes() - before < 32 << 20)
            _ = try await server.stop()
        }
    }

    @Test func `a protocol has a larger limit and keeps to it`() async throws {
        let server = try await HostileServer()
        let client = try server.client("gigabyte--application_pdf")
        let ticket = try Fixture.ticket()
        let error = await failure { () throws(CAError) in try await client.issuanceProtocol(of: ticket) }
        #expect(error?.code == .answerTooLarge)
        let poured = try #require(try await server.next("poured").bytes)
        #expect((20 << 20..<Self.bufferBytes + (20 << 20)).contains(poured))
    }

    @Test(arguments: ["cut-length", "cut-chunked", "cut-unframed", "no-answer"])
    func `an answer that is cut off is never taken for whole`(mode: String) async throws {
        let server = try await HostileServer()
        let client = try server.client(mode)
        let error = await failure { () throws(CAError) in
            try await client.submit(Fixture.submission, idempotencyKey: "key")
        }
        #expect(error?.code == .answerCutOff)
        #expect(error?.isPassing == true)
        #expect(try await server.stop().requests.count == 1)
    }

    @Test(arguments: ["no-http", "http09", "long-status", "http3", "empty-status"])
    func `whoever answers in another language has not got a wrong address`(mode: String) async throws {
        let server = try await HostileServer()
        let client = try server.client(mode)
        let error = await failure { () throws(CAError) in
            try await client.submit(Fixture.submission, idempotencyKey: "key")
        }
        #expect(error?.code == .answerInvalid, "\(error?.description ?? "")")
        #expect(try await server.stop().requests.count == 1)
    }

    @Test(arguments: ["trickle", "hang"])
    func `a server without haste is given up`(mode: String) async throws {
        let server = try await HostileServer()
        for (stalled, whole) in [(Duration.seconds(1), Duration.seconds(60)), (.seconds(60), .milliseconds(800))] {
            var limits = TransportLimits()
            limits.stalled = stalled
            limits.whole = whole
            let client = try server.client(mode, limits: limits)
            let ticket = try Fixture.ticket()
            let start = ContinuousClock.now
            let error = await failure { () throws(CAError) in try await client.status(of: ticket) }
            #expect(error?.code == .unreachable)
            // Far below the other limit, and far above what a busy machine takes.
            #expect(ContinuousClock.now - start < .seconds(55))
        }
    }

    @Test func `cancelling ends an exchange at once`() async throws {
        let server = try await HostileServer()
        let client = try server.client("hang")
        let ticket = try Fixture.ticket()
        let waiting = Task { await failure { () throws(CAError) in try await client.status(of: ticket) } }
        _ = try await server.next("request")
        waiting.cancel()
        // Had the exchange gone on to one of its limits, it would be unreachable.
        #expect(await waiting.value?.code == .cancelled)
        _ = try await server.next("left")
    }

    @Test func `a task that is cancelled already asks nothing`() async throws {
        let server = try await HostileServer()
        let client = try server.client("hang")
        let ticket = try Fixture.ticket()
        let waiting = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await failure { () throws(CAError) in try await client.status(of: ticket) }
        }
        #expect(await waiting.value?.code == .cancelled)
        #expect(try await server.stop().requests.isEmpty)
    }

    static func residentBytes() throws -> Int {
        let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        return try #require(text.split(separator: " ").dropFirst().first.flatMap { Int($0) }) * 4_096
    }
}
