// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// Where a chain is broken off.
@Suite struct ChainGapTests {
    private let laboratory: Laboratory
    private let root, upper, lower, leaf: [UInt8]

    init() async throws {
        laboratory = try Laboratory()
        root = try await laboratory.certificate("root", .authority())
        upper = try await laboratory.certificate("upper", .authority(issuer: "root"))
        lower = try await laboratory.certificate("lower", .authority(issuer: "upper"))
        leaf = try await laboratory.certificate(
            "leaf",
            Laboratory.Wish.leaf(issuer: "lower").with {
                $0.extensions.append(
                    "authorityInfoAccess=caIssuers;URI:ldap://x/,caIssuers;URI:HTTP://ca.example/lower.crt"
                )
            }
        )
    }

    private func gaps(_ certificate: [UInt8], _ links: [[UInt8]], anchor: [UInt8]? = nil) throws -> [ChainGap] {
        ChainVerification.gaps(
            above: certificate,
            intermediates: links,
            anchors: try TrustAnchors(bundle: anchor ?? root),
            at: inTheMiddle
        )
    }

    @Test func `nothing is missing where a way leads to an anchor, or to a root that is none`() async throws {
        #expect(try gaps(leaf, [upper, lower]).isEmpty)
        let stranger = try await laboratory.certificate("stranger", .authority())
        #expect(try gaps(leaf, [upper, lower, root], anchor: stranger).isEmpty)
        #expect(try gaps(root, [], anchor: stranger).isEmpty)
    }

    @Test func `the gap names the issuer, and where the certificate below says that it is`() throws {
        let gap = try #require(try gaps(leaf, []).first)
        #expect(gap.below == leaf && gap.issuerText == "CN=lower" && gap.addresses == ["HTTP://ca.example/lower.crt"])
        #expect(!gap.isNamedAsAnchor && !gap.isIssuerOutOfDate && !gap.isForged && !gap.hasNamesake)
        let above = try #require(try gaps(leaf, [lower, root]).first)
        #expect(above.below == lower && above.issuerText == "CN=upper" && above.addresses.isEmpty)
    }

    @Test func `a name without the signature is no issuer`() async throws {
        let other = try Laboratory()
        let impostor = try await other.certificate("lower", .authority())
        let gap = try #require(try gaps(leaf, [impostor]).first)
        #expect(gap.below == leaf && gap.hasNamesake)
        // An anchor of the name and another key is another anchor.
        #expect(try gaps(leaf, [], anchor: impostor).first?.isNamedAsAnchor == true)
        #expect(!ChainVerification.issued(leaf, by: impostor) && ChainVerification.issued(leaf, by: lower))
    }

    @Test func `an issuer that is out of date is told from one that is missing`() throws {
        let later = ChainVerification.gaps(
            above: leaf,
            intermediates: [lower, upper],
            anchors: try TrustAnchors(bundle: root),
            at: Date(timeIntervalSince1970: 2_500_000_000)
        )
        #expect(later.map(\.isIssuerOutOfDate) == [true])
    }

    @Test func `what leads up is found as far as it goes`() {
        #expect(ChainVerification.way(above: leaf, among: [root, upper, lower]) == [lower, upper, root])
        #expect(ChainVerification.way(above: leaf, among: [root, lower]) == [lower])
        #expect(ChainVerification.way(above: leaf, among: [root, upper]).isEmpty)
    }
}
