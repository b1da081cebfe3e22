// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// Nobody waits for servers that are silent.
@Suite struct RevocationTimeTests {
    let ca: LayeredAuthority

    init() async throws { ca = try await LayeredAuthority() }

    private func certificate(responders: [String], lists: [String] = []) async throws -> Certificate {
        var lines = ["authorityInfoAccess=" + responders.map { "OCSP;URI:\($0)" }.joined(separator: ",")]
        if !lists.isEmpty { lines.append("crlDistributionPoints=" + lists.map { "URI:\($0)" }.joined(separator: ",")) }
        return try await ca.leaf("person", lines)
    }

    private func limits(_ certificate: Duration = .seconds(20), run: Duration = .seconds(60)) -> OnlineLimits {
        var limits = OnlineLimits()
        limits.certificate = certificate
        limits.run = run
        limits.headStart = .milliseconds(100)
        return limits
    }

    private func check(_ services: any RevocationServices, _ limits: OnlineLimits) -> RevocationCheck {
        RevocationCheck(services: services, anchors: ca.anchors, known: [ca.lower, ca.upper], limits: limits)
    }

    private func isLate(_ trouble: CertificateStanding.Trouble) -> Bool {
        if case .notInTime = trouble.kind { return true }
        return false
    }

    @Test func `silent responders are asked at once, do not keep the list from telling, and are named`() async throws {
        let responders = (0..<4).map { "http://ocsp\($0).example/" }
        let services = FakeServices(["http://crl.example/": try await ca.list(of: "lower")], silent: Set(responders))
        let person = try await certificate(responders: responders, lists: ["http://crl.example/"])
        var standing: CertificateStanding?
        let time = await ContinuousClock().measure { standing = await check(services, limits()).standing(of: person) }
        #expect(time < .seconds(15))
        #expect(standing?.answer == .good && standing?.source?.address == "http://crl.example/")
        #expect(Set(services.asked.prefix(4)) == Set(responders))
        #expect(standing?.troubles.map(\.address) == responders)
        #expect(standing?.troubles.allSatisfy(isLate) == true)
    }

    @Test func `responders that fail leave the list no time to wait for`() async throws {
        let services = FakeServices(["http://crl.example/": try await ca.list(of: "lower")])
        let person = try await certificate(responders: ["http://ocsp.example/"], lists: ["http://crl.example/"])
        var late = limits()
        late.headStart = .seconds(15)
        var standing: CertificateStanding?
        let time = await ContinuousClock().measure { standing = await check(services, late).standing(of: person) }
        #expect(time < .seconds(15) && standing?.answer == .good)
        #expect(standing?.troubles.map(\.address) == ["http://ocsp.example/"])
    }

    @Test func `a certificate has its time and a run has its own, and what was not reached says so`() async throws {
        let server = try PlainServer(silent: true)
        let person = try await certificate(
            responders: ["\(server.address)/a", "\(server.address)/b"],
            lists: ["\(server.address)/list"]
        )
        let services = try HTTPRevocationServices(anchorFile: nil)
        var bounds = limits(.milliseconds(500), run: .milliseconds(900))
        bounds.atOnce = 2
        let check = check(services, bounds)
        var standings: [CertificateStanding] = []
        let time = await ContinuousClock().measure {
            standings = await check.standings(of: Array(repeating: person, count: 8))
        }
        #expect(time >= .milliseconds(800) && time < .seconds(15), "\(time)")
        #expect(standings.count == 8 && standings.allSatisfy { $0.answer == nil && $0.troubles.allSatisfy(isLate) })
        #expect(standings.first?.troubles.compactMap(\.address).count == 3)
        // The run was over before anybody could be asked about it.
        #expect(standings.last?.troubles.map(\.address) == [nil])
    }

    @Test func `an interruption ends all questions at once`() async throws {
        let server = try PlainServer(silent: true)
        let person = try await certificate(responders: ["\(server.address)/"])
        let check = check(try HTTPRevocationServices(anchorFile: nil), limits())
        let waiting = Task { await check.standings(of: [person, person]) }
        try await Task.sleep(for: .milliseconds(100))
        waiting.cancel()
        let time = await ContinuousClock().measure { _ = await waiting.value }
        #expect(time < .seconds(15))
    }

    @Test func `whatever a name leads to, no address of a link is asked`() async throws {
        let services = try HTTPRevocationServices(anchorFile: nil)
        for address in ["http://169.254.169.254/x", "http://[fe80::1]/x", "http://[::ffff:169.254.169.254]/x"] {
            await #expect(throws: CAError(.unreachable)) { try await services.issuer(at: address) }
        }
    }
}
