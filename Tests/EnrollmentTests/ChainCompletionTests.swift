// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// A certificate alone is brought to its anchor, and nobody is asked who has nothing to do with it.
@Suite struct ChainCompletionTests {
    let ca: LayeredAuthority
    let leaf: Certificate
    let here = "http://ca.example"

    init() async throws {
        ca = try await LayeredAuthority()
        leaf = try await ca.leaf()
    }

    private func complete(
        _ chain: [[UInt8]],
        _ services: FakeServices,
        known: [[UInt8]] = [],
        given: [[UInt8]] = [],
        held: [[UInt8]] = [],
        reach: ChainCompletion.Reach = .ours,
        limit: Duration = .seconds(20)
    ) async -> CompletedChain {
        let completion = ChainCompletion(
            services: { services },
            known: { known },
            given: given,
            held: { held },
            limit: limit
        )
        return await completion.complete(chain, anchors: ca.anchors, at: Date(), reach: reach)
    }

    /// Where everything is that is not asked for when something nearer has it.
    private var open: FakeServices { FakeServices(["\(here)/lower.crt": ca.lower, "\(here)/upper.crt": ca.upper]) }

    @Test func `a chain that is whole asks nobody`() async {
        let services = open
        let done = await complete([leaf.der, ca.upper, ca.lower], services)
        #expect(done.path?.count == 4 && done.certificates == [leaf.der, ca.upper, ca.lower])
        #expect(services.asked.isEmpty)
    }

    @Test func `profile, journal, the person and the tokens come before the network`() async {
        let services = open
        for done in [
            await complete([leaf.der], services, known: [ca.upper, ca.lower]),
            await complete([leaf.der], services, given: [ca.upper, ca.lower]),
            await complete([leaf.der], services, held: [ca.lower, ca.upper]),
            await complete([leaf.der], services, known: [ca.lower], given: [ca.upper]),
        ] {
            #expect(done.path == [leaf.der, ca.lower, ca.upper, ca.root])
        }
        #expect(services.asked.isEmpty)
    }

    @Test func `what is fetched is kept, over several steps, and nothing else`() async throws {
        let stranger = try await LayeredAuthority()
        let bundle = [stranger.root, ca.lower, ca.root].map { PEM.encode($0, label: "CERTIFICATE") }.joined()
        let services = FakeServices(["\(here)/lower.crt": Array(bundle.utf8), "\(here)/upper.crt": ca.upper])
        let done = await complete([leaf.der], services)
        #expect(services.asked == ["\(here)/lower.crt", "\(here)/upper.crt"])
        #expect(done.path == [leaf.der, ca.lower, ca.upper, ca.root])
        #expect(done.certificates == [leaf.der, ca.lower, ca.upper])
        // Once it is kept, nobody is asked again.
        _ = await complete(done.certificates, services)
        #expect(services.asked.count == 2)
    }

    @Test func `what is somebody else's, no certificate, or not there is named, and leads nowhere`() async throws {
        let stranger = try await LayeredAuthority()
        for answer in [stranger.lower, stranger.root, Array("<html>".utf8), []] {
            let done = await complete([leaf.der], FakeServices(["\(here)/lower.crt": answer]))
            #expect(done.path == nil && done.certificates == [leaf.der])
            #expect(done.troubles.map(\.address) == ["\(here)/lower.crt"])
        }
        #expect(await complete([leaf.der], FakeServices()).troubles.count == 1)
    }

    @Test func `a certificate of strangers makes nobody ask anywhere`() async throws {
        let there = "http://169.254.169.254/latest"
        let other = try await LayeredAuthority(at: there, called: "strange ")
        let foreign = try await other.leaf()
        let services = FakeServices(["\(there)/lower.crt": other.lower])
        #expect(await complete([foreign.der], services, known: [ca.lower], reach: .knownIssuers).path == nil)
        // A name of ours on a certificate that is not signed by ours, which would be its issuer in everything else.
        let impostor = try await LayeredAuthority(at: there)
        let forged = try await impostor.leaf(
            "forged",
            ["authorityKeyIdentifier=none", LayeredAuthority.access("lower", at: there)]
        )
        #expect(await complete([forged.der], services, known: [ca.lower], reach: .knownIssuers).path == nil)
        #expect(services.asked.isEmpty)
    }

    @Test func `an issuer whose name is known from above or below is fetched for anybody's certificate`() async throws {
        // The profile has the lower authority alone, whose own issuer is the upper one.
        let person = try await ca.leaf("person", by: "upper")
        let services = open
        let done = await complete([person.der], services, known: [ca.lower], reach: .knownIssuers)
        #expect(done.path == [person.der, ca.upper, ca.root])
        #expect(services.asked == ["\(here)/upper.crt"])
        // Without it the name says nothing to us.
        #expect(await complete([person.der], services, reach: .knownIssuers).path == nil)
        #expect(services.asked.count == 1)
    }

    @Test func `addresses that are no web addresses are left alone, and few are asked`() async throws {
        let lines = (0..<20).map { "caIssuers;URI:http://ca\($0).example/x" }
        let odd = ["caIssuers;URI:file:/etc/passwd", "caIssuers;URI:ldap://ca.example/cn=x"]
        let many = try await ca.leaf("many", ["authorityInfoAccess=" + (odd + lines).joined(separator: ",")])
        let services = FakeServices()
        let done = await complete([many.der], services)
        #expect(done.path == nil)
        #expect(services.asked.count == 8 && services.asked.allSatisfy { $0.hasPrefix("http://ca") })
    }

    @Test func `a silent address is given up when the time is over, and at once by whoever is interrupted`() async {
        let services = FakeServices(silent: ["\(here)/lower.crt"])
        let clock = ContinuousClock()
        var troubles: [CertificateStanding.Trouble] = []
        let time = await clock.measure {
            troubles = await complete([leaf.der], services, limit: .milliseconds(200)).troubles
        }
        #expect(time < .seconds(15))
        guard case .notInTime? = troubles.first?.kind else { return #expect(Bool(false), "\(troubles)") }
        let waiting = Task { await complete([leaf.der], services) }
        while services.asked.count < 2 { await Task.yield() }
        waiting.cancel()
        let end = await clock.measure { _ = await waiting.value }
        #expect(end < .seconds(15))
    }

    @Test func `an issuer that was renewed is fetched where the one at hand is out of date`() async throws {
        let old = try await ca.reissued("lower", by: "upper", days: 5)
        let later = Date(timeIntervalSinceNow: 10 * 86_400)
        let services = open
        let completion = ChainCompletion(services: { services })
        let chain = [leaf.der, old, ca.upper]
        let done = await completion.complete(chain, anchors: ca.anchors, at: later, reach: .ours)
        #expect(done.path == [leaf.der, ca.lower, ca.upper, ca.root])
        #expect(services.asked == ["\(here)/lower.crt"])
        // Where the new one is not to be had, nothing is told of it that is not so, and it ends.
        let none = await ChainCompletion(services: { FakeServices() })
            .complete(chain, anchors: ca.anchors, at: later, reach: .ours)
        #expect(none.path == nil && none.troubles.count == 1)
    }
}
