// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Foundation
import TestSupport
import Testing

@Suite struct ExchangeTests {
    @Test func `a submission says what the API's document says`() async throws {
        let server = try await HostileServer()
        let receipt = try await server.client("ok").submit(Fixture.submission, idempotencyKey: "key-1")
        #expect(receipt.id.text == "BP0000000001")
        #expect(receipt.state == .received)
        #expect(receipt.accessToken == "tok-en.1~+/==")
        #expect(receipt.retryAfter == .seconds(30))

        let request = try #require(try await server.stop().requests.first)
        #expect(request.path == "/ok/v1/requests")
        #expect(request.headers?["idempotency-key"] == "key-1")
        #expect(request.headers?["content-type"] == "application/json")
        #expect(request.headers?["user-agent"] == "isignum/\(ClientVersion.current)")
        #expect(request.headers?["authorization"] == nil)
        #expect(request.headers?["accept-encoding"] == nil)
        #expect(request.headers?["expect"] == nil)
        let body = try #require(request.body)
        let csr = #""csr":"-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n""#
        #expect(
            body
                == #"{"contact":{"email":"zofie@example.cz","name":"Žofie Ěščřová"},"#
                + "\(csr),"
                + #""device":{"keyClaims":{"alwaysAuthenticate":"no","local":"yes","neverExtractable":"unreported","#
                + #""sensitive":"yes"},"model":"ProID+Q","serial":"0001"},"#
                + #""holder":"person","locale":"cs","profile":"qualified"}"#
        )
    }

    @Test func `a submission without contact and device leaves both out`() async throws {
        let server = try await HostileServer()
        var submission = Fixture.submission
        submission.contact = Contact()
        submission.device = nil
        _ = try await server.client("ok").submit(submission, idempotencyKey: "key-1")
        let body = try #require(try await server.stop().requests.first?.body)
        #expect(!body.contains("contact") && !body.contains("device"))
    }

    @Test func `a status carries the access token and all that the CA tells`() async throws {
        let server = try await HostileServer()
        let client = try server.client("ok")
        let status = try await client.status(of: Fixture.ticket())
        #expect(status.state == .issued)
        #expect(status.type == .qualified)
        #expect(status.retryAfter == .seconds(7))
        #expect(status.updated == Date(timeIntervalSince1970: 1_767_323_045.678))
        #expect(abs(try #require(status.serverTime).timeIntervalSinceNow) < 60)
        _ = try await client.status(of: Fixture.ticket(token: nil))
        let requests = try await server.stop().requests
        #expect(requests.map { $0.headers?["authorization"] } == ["Bearer secret-token", nil])
        #expect(requests.map(\.path) == Array(repeating: "/ok/v1/requests/BP0000000001", count: 2))
    }

    @Test func `one connection serves a whole command`() async throws {
        let server = try await HostileServer()
        let client = try server.client("ok")
        _ = try await client.certifiedDevices(unless: nil)
        _ = try await client.submit(Fixture.submission, idempotencyKey: "key")
        _ = try await client.status(of: Fixture.ticket())
        _ = try await client.certificate(of: Fixture.ticket())
        _ = try await client.issuanceProtocol(of: Fixture.ticket())
        _ = try await client.decide(.accepted, on: Fixture.ticket())
        let requests = try await server.stop().requests
        #expect(requests.count == 6)
        #expect(Set(requests.map(\.connection)) == [1])
    }

    @Test func `a second connection resumes the TLS session of the first`() async throws {
        let server = try await HostileServer()
        let client = try server.client("ok--close")
        for _ in 0..<3 { _ = try await client.status(of: Fixture.ticket()) }
        let connections = try await server.stop().filter { $0.event == "connected" }
        #expect(connections.map(\.resumed) == [false, true, true])
    }

    @Test func `2500 IDs are three questions, in order, once each`() async throws {
        let server = try await HostileServer()
        var identifiers = try (0..<2_500).map { try Fixture.id("BP" + String(1_000_000_000 + $0)) }
        identifiers.insert(identifiers[3], at: 2_000)
        let statuses = try await server.client("ok").statuses(of: identifiers)
        #expect(statuses.map(\.id) == identifiers)
        #expect(statuses.allSatisfy { ($0.state == nil) == $0.id.text.hasSuffix("7") })
        let requests = try await server.stop().requests
        #expect(requests.count == 3)
        #expect(requests.allSatisfy { $0.path == "/ok/v1/requests:status" && $0.headers?["authorization"] == nil })
    }

    @Test func `no IDs are no question`() async throws {
        let server = try await HostileServer()
        #expect(try await server.client("ok").statuses(of: []).isEmpty)
        #expect(try await server.stop().requests.isEmpty)
    }

    @Test func `devices come with their dates and a tag that saves the next answer`() async throws {
        let server = try await HostileServer()
        let client = try server.client("ok")
        let list = try #require(try await client.certifiedDevices(unless: nil))
        #expect(list.devices.map(\.model) == ["M1", "M2", "M3"])
        #expect(list.devices.map(\.manufacturer) == ["Maker", nil, nil])
        // 2031-05-06T07:08:09Z; a bare date lasts until its day ends; none stated.
        let ends = list.devices.map { $0.certifiedUntil?.timeIntervalSince1970 }
        #expect(ends == [1_935_817_689, 1_893_628_799, nil])
        #expect(list.tag == "\"one\"")
        #expect(try await client.certifiedDevices(unless: list.tag) == nil)
        let requests = try await server.stop().requests
        #expect(requests.map { $0.headers?["if-none-match"] } == [nil, "\"one\""])
    }

    @Test(arguments: ["ok", "der-certificate", "marked-certificate", "pkcs7-certificate"])
    func `a certificate is DER whatever form it came in`(mode: String) async throws {
        let server = try await HostileServer()
        let chain = try await server.client(mode).certificate(of: Fixture.ticket())
        let file = try ServerCertificates.shared.get().certificateFile(.right)
        let pem = try String(contentsOfFile: file, encoding: .utf8)
        #expect(chain.certificates == PEM.decode(pem, label: "CERTIFICATE"))
        #expect(chain.serverTime != nil)
    }

    @Test func `a decision is sent in full`() async throws {
        let server = try await HostileServer()
        let client = try server.client("ok")
        _ = try await client.decide(.accepted, on: Fixture.ticket())
        _ = try await client.decide(.rejected(reason: "jiné jméno"), on: Fixture.ticket())
        let requests = try await server.stop().requests
        #expect(requests.map(\.body) == [#"{"accepted":true}"#, #"{"accepted":false,"reason":"jiné jméno"}"#])
        #expect(requests.allSatisfy { $0.path == "/ok/v1/requests/BP0000000001/decision" })
        #expect(requests.allSatisfy { $0.headers?["authorization"] == "Bearer secret-token" })
    }

    @Test(arguments: [false, true])
    func `what got no answer on a connection that was kept is never sent again by itself`(large: Bool) async throws {
        let server = try await HostileServer()
        let client = try server.client("ok--forsaken")
        _ = try await client.certifiedDevices(unless: nil)
        let reason = String(repeating: "x", count: large ? 300_000 : 1)
        let ticket = try Fixture.ticket()
        let error = await failure { () throws(CAError) in
            try await client.decide(.rejected(reason: reason), on: ticket)
        }
        #expect(error?.code == .answerCutOff)
        let requests = try await server.stop().requests
        #expect(requests.map(\.method) == ["GET", "POST"])
        #expect(Set(requests.map(\.connection)) == [1])
    }

    @Test func `a decision's answer tells where the request stands`() async throws {
        let server = try await HostileServer()
        for state in [RequestState.accepted, .installed, .rejected, .withdrawn, .expired, .revoked] {
            let client = try server.client("status--\(state.rawValue)")
            #expect(try await client.decide(.accepted, on: Fixture.ticket()).state == state)
        }
    }

    @Test func `an address with a path keeps it, with or without a slash at its end`() async throws {
        let server = try await HostileServer()
        var profile = try server.profile("ok")
        profile.url = try #require(URL(string: "https://127.0.0.1:\(server.port)/ok"))
        _ = try await EnrollmentAPIClient(profile: profile).certifiedDevices(unless: nil)
        #expect(try await server.stop().requests.map(\.path) == ["/ok/v1/devices"])
    }
}
