// SPDX-License-Identifier: Apache-2.0

import CAClient
import Foundation
import Testing

@Suite struct RedirectTests {
    @Test(arguments: [301, 302, 303, 307, 308])
    func `a question follows to the same origin`(status: Int) async throws {
        let server = try await HostileServer()
        let answer = try await server.client("redirect--\(status)").status(of: Fixture.ticket())
        #expect(answer.state == .issued)
        let requests = try await server.stop().requests
        #expect(requests.count == 2)
        #expect(requests.allSatisfy { $0.headers?["authorization"] == "Bearer secret-token" })
    }

    @Test(arguments: [307, 308])
    func `a submission follows with its key where it stays one`(status: Int) async throws {
        let server = try await HostileServer()
        let client = try server.client("redirect--\(status)")
        let receipt = try await client.submit(Fixture.submission, idempotencyKey: "key-1")
        #expect(receipt.id == (try Fixture.id()))
        let requests = try await server.stop().requests
        #expect(requests.map(\.method) == ["POST", "POST"])
        #expect(requests.map { $0.headers?["idempotency-key"] } == ["key-1", "key-1"])
        #expect(requests.first?.body == requests.last?.body)
    }

    @Test(arguments: [301, 302, 303])
    func `a submission never becomes a question`(status: Int) async throws {
        let server = try await HostileServer()
        let client = try server.client("redirect--\(status)")
        let error = await failure { () throws(CAError) in
            try await client.submit(Fixture.submission, idempotencyKey: "key")
        }
        #expect(error?.code == .redirectRefused)
        #expect(error?.status == status)
        #expect(try await server.stop().requests.count == 1)
    }

    @Test(arguments: ["redirect-http--302", "redirect-host--307", "redirect-user--302", "redirect-nowhere--302"])
    func `another scheme, another host, a user or no place is refused`(mode: String) async throws {
        let server = try await HostileServer()
        let client = try server.client(mode)
        let ticket = try Fixture.ticket()
        let error = await failure { () throws(CAError) in try await client.status(of: ticket) }
        #expect(error?.code == .redirectRefused)
        if mode != "redirect-nowhere--302" { #expect(error?.detail?.contains("/ok/v1/requests/") == true) }
        #expect(try await server.stop().requests.count == 1)
    }

    @Test(arguments: [302, 307, 308])
    func `another port never sees the access token`(status: Int) async throws {
        let server = try await HostileServer()
        let other = try await HostileServer()
        let client = try server.client("redirect-port--\(status)-\(other.port)")
        let ticket = try Fixture.ticket()
        let error = await failure { () throws(CAError) in try await client.status(of: ticket) }
        #expect(error?.code == .redirectRefused)
        let second = await failure { () throws(CAError) in
            try await client.submit(Fixture.submission, idempotencyKey: "key")
        }
        #expect(second?.code == .redirectRefused)
        #expect(try await other.stop().isEmpty)
    }

    @Test func `a chain of redirections ends`() async throws {
        let server = try await HostileServer()
        #expect(try await server.client("redirect-twice--302").status(of: Fixture.ticket()).state == .issued)
        let client = try server.client("redirect-for-ever--302")
        let ticket = try Fixture.ticket()
        let error = await failure { () throws(CAError) in try await client.status(of: ticket) }
        #expect(error?.code == .redirectRefused)
        #expect(try await server.stop().requests.count == 3 + 4)
    }
}
