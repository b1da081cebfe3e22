// SPDX-License-Identifier: Apache-2.0

import CAClient
import Foundation
import TestSupport
import Testing

@Suite struct TLSTests {
    @Test(arguments: [
        (ServerCertificates.Kind.wrongName, CAError.Code.serverNameMismatch),
        (.expired, .serverCertificateExpired),
        (.notYetValid, .serverCertificateExpired),
    ])
    func `a server certificate that does not fit is named, and nothing is sent`(
        kind: ServerCertificates.Kind,
        code: CAError.Code
    ) async throws {
        let server = try await HostileServer(kind)
        let client = try server.client("ok")
        let error = await failure { () throws(CAError) in
            try await client.submit(Fixture.submission, idempotencyKey: "key")
        }
        #expect(error?.code == code)
        #expect(error?.detail?.isEmpty == false)
        #expect(try await server.stop().requests.isEmpty)
    }

    @Test func `an issuer that is no anchor is refused`() async throws {
        let server = try await HostileServer()
        var profile = try server.profile("ok")
        for file in [try ServerCertificates.shared.get().otherAnchorFile, nil] {
            profile.anchorFile = file
            let client = try EnrollmentAPIClient(profile: profile)
            let error = await failure { () throws(CAError) in try await client.certifiedDevices(unless: nil) }
            #expect(error?.code == .serverIssuerUnknown)
        }
        #expect(try await server.stop().requests.isEmpty)
    }

    @Test func `an anchor is enough, by address and by name`() async throws {
        let server = try await HostileServer()
        for host in ["127.0.0.1", "localhost"] {
            let client = try EnrollmentAPIClient(profile: server.profile("ok", host: host))
            #expect(try await client.certifiedDevices(unless: nil) != nil)
        }
    }

    @Test(arguments: ["", "no certificate here\n", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
    func `a file without anchors is refused before anything is asked`(text: String) async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "anchors-\(UUID().uuidString).pem")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(throws: CAError(.anchorsUnusable)) { try Self.client(anchorFile: file.path) }
    }

    @Test func `a missing file of anchors is refused`() {
        #expect(throws: CAError(.anchorsUnusable)) { try Self.client(anchorFile: "/nonexistent/anchors.pem") }
    }

    @Test func `anchors that are no certificates are refused`() async throws {
        let server = try await HostileServer()
        let file = FileManager.default.temporaryDirectory.appending(path: "anchors-\(UUID().uuidString).pem")
        try Data("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        var profile = try server.profile("ok")
        profile.anchorFile = file.path
        let error = await failure { () async throws(CAError) in
            try await EnrollmentAPIClient(profile: profile).certifiedDevices(unless: nil)
        }
        #expect(error?.code == .anchorsUnusable)
    }

    @Test func `a server that speaks no TLS is told apart`() async throws {
        let listener = try PlainListener(greeting: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        let url = try #require(URL(string: "https://127.0.0.1:\(listener.port)/"))
        let client = try EnrollmentAPIClient(profile: CAProfile(name: "test", url: url, anchorFile: nil))
        let error = await failure { () throws(CAError) in try await client.certifiedDevices(unless: nil) }
        #expect(error?.code == .tlsFailed)
    }

    @Test func `a server that is down is unreachable`() async throws {
        let port = try PlainListener(greeting: "").port
        let url = try #require(URL(string: "https://127.0.0.1:\(port)/"))
        let client = try EnrollmentAPIClient(profile: CAProfile(name: "test", url: url, anchorFile: nil))
        let error = await failure { () throws(CAError) in try await client.certifiedDevices(unless: nil) }
        #expect(error?.code == .unreachable)
        #expect(error?.isPassing == true)
        #expect(error?.exchange == "GET https://127.0.0.1:\(port)/v1/devices")
    }

    @Test(arguments: ["http://ca.example/", "https://user@ca.example/", "https://ca.example/?q=1", "/relative"])
    func `a profile takes a plain https address only`(text: String) throws {
        let url = try #require(URL(string: text))
        #expect(throws: CAError(.profileInvalid)) { try CAProfile(name: "x", url: url, anchorFile: nil) }
    }

    private static func client(anchorFile: String) throws -> EnrollmentAPIClient {
        let url = try #require(URL(string: "https://127.0.0.1:1/"))
        return try EnrollmentAPIClient(profile: CAProfile(name: "test", url: url, anchorFile: anchorFile))
    }
}
