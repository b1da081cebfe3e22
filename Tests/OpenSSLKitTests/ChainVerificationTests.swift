// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// Path validation against chains of the openssl command.
@Suite struct ChainVerificationTests {
    private let laboratory: Laboratory
    private let root: [UInt8]
    private let upper: [UInt8]
    private let lower: [UInt8]
    private let leaf: [UInt8]

    init() async throws {
        laboratory = try Laboratory()
        root = try await laboratory.certificate("root", .authority())
        upper = try await laboratory.certificate("upper", .authority(issuer: "root"))
        lower = try await laboratory.certificate("lower", .authority(issuer: "upper"))
        leaf = try await laboratory.certificate("leaf", .leaf(issuer: "lower"))
    }

    @Test func `a chain is believed in whatever order its links come`() async throws {
        let stranger = try await laboratory.certificate("stranger", .authority())
        for links in [[upper, lower], [lower, upper], [stranger, lower, leaf, upper, upper, root]] {
            #expect(try verify(leaf, links) == [leaf, lower, upper, root])
        }
    }

    @Test func `anchors are read from a bundle of any form and may be many`() async throws {
        let stranger = try await laboratory.certificate("stranger", .authority())
        let text = PEM.encode(stranger, label: "CERTIFICATE") + PEM.encode(root, label: "CERTIFICATE")
        for bundle in [root, Array(text.utf8), Array((text + text).utf8)] {
            #expect(try verify(leaf, [upper, lower], anchors: bundle).last == root)
        }
        #expect(throws: OpenSSLError(.malformed)) { try TrustAnchors(bundle: []) }
        #expect(throws: OpenSSLError(.malformed)) { try TrustAnchors(bundle: root + [1]) }
    }

    @Test func `an anchor may itself be what is asked about`() throws {
        #expect(try verify(root, []) == [root])
        #expect(try verify(upper, []) == [upper, root])
    }

    @Test func `nothing that a certificate authority sends along is an anchor`() async throws {
        let stranger = try await laboratory.certificate("stranger", .authority())
        let anchors = [stranger]
        for links in [[], [lower], [upper, lower], [upper, lower, root]] {
            try refuses(.untrusted) { try verify(leaf, links, anchors: anchors[0]) }
        }
        try refuses(.untrusted) { try verify(root, [root], anchors: stranger) }
        try refuses(.untrusted) { try verify(leaf, [upper, lower, root], system: true) }
    }

    @Test func `a missing link leaves a chain unbelieved`() throws {
        try refuses(.untrusted) { try verify(leaf, []) }
        try refuses(.untrusted) { try verify(leaf, [upper]) }
        try refuses(.untrusted) { try verify(leaf, [lower]) }
    }

    @Test func `an anchor that needs another one's word is none`() throws {
        try refuses(.untrusted) { try verify(leaf, [upper], anchors: lower) }
        try refuses(.untrusted) { try verify(leaf, [lower], anchors: upper) }
        #expect(throws: Never.self) {
            try verify(leaf, [lower], anchors: Array((pem(upper) + pem(root)).utf8))
        }
    }

    @Test func `everything must be valid at the moment`() async throws {
        try refuses(.notYetValid) { try verify(leaf, [upper, lower], at: Date(timeIntervalSince1970: 1_767_225_599)) }
        try refuses(.expired) { try verify(leaf, [upper, lower], at: Date(timeIntervalSince1970: 2_082_758_401)) }
        for moment in [1_767_225_600.0, 2_082_758_399] {
            #expect(throws: Never.self) { try verify(leaf, [upper, lower], at: Date(timeIntervalSince1970: moment)) }
        }
        let brief = Laboratory.Wish.authority(issuer: "root").with {
            $0.validity = ("20260101000000Z", "20270101000000Z")
        }
        let old = try await laboratory.certificate("old", brief)
        let below = try await laboratory.certificate("below", .leaf(issuer: "old"))
        try refuses(.expired) { try verify(below, [old]) }
    }

    @Test func `a wrong bit in any signature of the chain is seen`() throws {
        for index in 0..<2 {
            var links = [leaf, lower]
            links[index][links[index].count - 5] ^= 0x01
            try refuses(.badSignature) { try verify(links[0], [upper, links[1]]) }
        }
    }

    @Test func `an impostor with the right name and another key is seen`() async throws {
        let impostors = try Laboratory()
        try await impostors.certificate("root", .authority())
        let false_ = try await impostors.certificate("leaf", .leaf(issuer: "root"))
        try refuses(.untrusted) { try verify(false_, []) }
    }

    @Test(arguments: ["rsa:1024", "ec:P-192"])
    func `a weak key anywhere is refused`(_ kind: String) async throws {
        let weak = try await laboratory.certificate("weak", .leaf(issuer: "root").with { $0.kind = kind })
        try refuses(.weak) { try verify(weak, []) }
        let issuer = Laboratory.Wish.authority(issuer: "root").with { $0.kind = kind }
        let above = try await laboratory.certificate("above", issuer)
        let below = try await laboratory.certificate("below", .leaf(issuer: "above"))
        try refuses(.weak) { try verify(below, [above]) }
    }

    @Test func `a signature over SHA-1 is refused`() async throws {
        let old = try await laboratory.certificate("old", .leaf(issuer: "root").with { $0.digest = "sha1" })
        try refuses(.weak) { try verify(old, []) }
    }

    @Test(arguments: [
        ["keyUsage=critical,digitalSignature"], ["basicConstraints=critical,CA:FALSE"],
        ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,digitalSignature,cRLSign"],
    ])
    func `who may not issue certificates is no issuer`(_ extensions: [String]) async throws {
        let wish = Laboratory.Wish.authority(issuer: "root").with { $0.extensions = extensions }
        let middle = try await laboratory.certificate("middle", wish)
        let below = try await laboratory.certificate("below", .leaf(issuer: "middle"))
        try refuses(.invalidIssuer) { try verify(below, [middle]) }
    }

    @Test func `a chain longer than its issuer allows is refused`() async throws {
        let wish = Laboratory.Wish.authority(issuer: "root").with {
            $0.extensions[0] = "basicConstraints=critical,CA:TRUE,pathlen:0"
        }
        let short = try await laboratory.certificate("short", wish)
        let long = try await laboratory.certificate("long", .authority(issuer: "short"))
        let below = try await laboratory.certificate("below", .leaf(issuer: "long"))
        try refuses(.invalidIssuer) { try verify(below, [short, long]) }
        let near = try await laboratory.certificate("near", .leaf(issuer: "short"))
        #expect(throws: Never.self) { try verify(near, [short]) }
    }

    @Test func `a critical extension that nobody knows is refused`() async throws {
        let wish = Laboratory.Wish.leaf(issuer: "root").with { $0.extensions.append("1.2.3.4=critical,DER:0500") }
        let odd = try await laboratory.certificate("odd", wish)
        try refuses(.malformed) { try verify(odd, []) }
    }

    @Test(arguments: [
        ["basicConstraints=CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"], ["basicConstraints=CA:TRUE"],
        ["basicConstraints=critical,CA:TRUE", "keyUsage=keyCertSign"],
    ])
    func `duties of CAs are no rules of path validation`(_ extensions: [String]) async throws {
        let root = Laboratory.Wish.authority().with { $0.extensions = extensions }
        let old = try await laboratory.certificate("old root", root.with { $0.identifiers = [] })
        let middle = Laboratory.Wish.authority(issuer: "old root").with {
            $0.extensions = extensions
            $0.identifiers = []
        }
        let sub = try await laboratory.certificate("sub", middle)
        let below = try await laboratory.certificate(
            "below",
            .leaf(issuer: "sub").with { $0.identifiers = [] }
        )
        #expect(try verify(below, [sub], anchors: old) == [below, sub, old])
    }

    @Test func `a root of version 1 may be an anchor, and nothing below it may be of version 1`() async throws {
        let old = try await laboratory.oldCertificate("old", signedBy: nil)
        let below = try await laboratory.certificate("below", .leaf(issuer: "old").with { $0.identifiers = [] })
        #expect(try verify(below, [], anchors: old) == [below, old])
        let middle = try await laboratory.oldCertificate("middle", signedBy: "root")
        let lower = try await laboratory.certificate("lower leaf", .leaf(issuer: "middle").with { $0.identifiers = [] })
        try refuses(.notAuthority, about: "CN=middle") { try verify(lower, [middle]) }
    }

    @Test func `each refusal says why, and about which certificate`() async throws {
        try refuses(.issuerMissing, about: "CN=lower") { try verify(leaf, []) }
        try refuses(.issuerMissing, about: "CN=root") { try verify(leaf, [upper, lower], anchors: leaf) }
        let stranger = try await laboratory.certificate("stranger", .authority())
        try refuses(.rootNotTrusted, about: "CN=root") { try verify(leaf, [upper, lower, root], anchors: stranger) }
        let kinds: [(ChainError.Reason, (inout Laboratory.Wish) -> Void)] = [
            (.notAuthority, { $0.extensions = ["basicConstraints=critical,CA:FALSE"] }),
            (.notAuthority, { $0.extensions = ["keyUsage=critical,keyCertSign"] }),
            (.keyUsageWithoutSigning, { $0.extensions[1] = "keyUsage=critical,cRLSign" }),
            (.keyTooSmall, { $0.kind = "rsa:1024" }), (.digestTooWeak, { $0.digest = "sha1" }),
            (.expired, { $0.validity = ("20200101000000Z", "20210101000000Z") }),
            (.notYetValid, { $0.validity = ("20400101000000Z", "20410101000000Z") }),
            (.extensionFault(.unknown("1.2.3.4")), { $0.extensions.append("1.2.3.4=critical,DER:0500") }),
            (.extensionFault(.malformed("2.5.29.17")), { $0.extensions.append("subjectAltName=DER:0500") }),
            (.explicitCurve, { $0.kind = "ec:P-256:explicit" }),
        ]
        for (number, kind) in kinds.enumerated() {
            let name = "middle \(number)"
            let wish = Laboratory.Wish.authority(issuer: "root").with(kind.1)
            let middle = try await laboratory.certificate(name, wish)
            let below = try await laboratory.certificate("below \(number)", .leaf(issuer: name))
            try refuses(kind.0, about: "CN=\(name)") { try verify(below, [middle]) }
            // Whoever looks at the CA alone hears the same.
            let early = #expect(throws: ChainError.self, "\(name)") {
                try ChainVerification.examine(
                    authority: middle,
                    others: [],
                    anchors: try TrustAnchors(bundle: root),
                    at: inTheMiddle
                )
            }
            #expect(early?.reason == kind.0, "\(name): \(early?.detail ?? "")")
        }
    }

    @Test func `what stands in the way of the certificate itself is told apart`() async throws {
        let kinds: [(ChainError.Reason, String)] = [
            (.extensionFault(.unknown("1.2.3.4")), "1.2.3.4=critical,DER:0500"),
            (.extensionFault(.malformed("2.5.29.17")), "subjectAltName=DER:0500"),
            (.extensionFault(.malformed("2.5.29.17")), "subjectAltName=DER:30030101FF"),
            (.extensionFault(.malformed("2.5.29.37")), "extendedKeyUsage=DER:300306010A00"),
        ]
        for (number, kind) in kinds.enumerated() {
            let wish = Laboratory.Wish.leaf(issuer: "root").with { $0.extensions.append(kind.1) }
            let odd = try await laboratory.certificate("odd \(number)", wish)
            let error = try refuses(kind.0, about: "CN=odd \(number)") { try verify(odd, []) }
            #expect(error.isAboutLeaf)
        }
        let wish = Laboratory.Wish.authority(issuer: "root").with {
            $0.extensions.append("nameConstraints=critical,permitted;email:.example.com")
        }
        try await laboratory.certificate("narrow", wish)
        let narrow = try laboratory.bytes("narrow.der")
        let outside = try await laboratory.certificate(
            "outside",
            .leaf(issuer: "narrow").with { $0.extensions.append("subjectAltName=email:jan@elsewhere.cz") }
        )
        let error = try refuses(.nameNotPermitted, about: "CN=outside") { try verify(outside, [narrow]) }
        #expect(error.isAboutLeaf)
        let selfMade = try await laboratory.certificate("self", .leaf(issuer: "root").with { $0.issuer = nil })
        let alone = try refuses(.rootNotTrusted, about: "CN=self") { try verify(selfMade, []) }
        #expect(alone.isAboutLeaf)
        // Whoever names a certificate that signed for itself as the anchor believes it.
        #expect(try verify(selfMade, [], anchors: selfMade) == [selfMade])
    }

    @Test func `an anchor that issues nothing is seen before anything is issued`() async throws {
        let kinds: [(ChainError.Reason?, (inout Laboratory.Wish) -> Void)] = [
            (nil, { _ in }), (nil, { $0.extensions = ["basicConstraints=CA:TRUE"] }),
            (nil, { $0.extensions = ["keyUsage=keyCertSign"] }), (nil, { $0.digest = "sha1" }),
            (.keyTooSmall, { $0.kind = "rsa:1024" }),
            (.notAuthority, { $0.extensions = ["basicConstraints=CA:FALSE"] }),
            (.notAuthority, { $0.extensions = [] }),
            (.keyUsageWithoutSigning, { $0.extensions[1] = "keyUsage=cRLSign" }),
            (.expired, { $0.validity = ("20200101000000Z", "20210101000000Z") }),
        ]
        for (number, kind) in kinds.enumerated() {
            let anchor = try await laboratory.certificate("anchor \(number)", .authority().with(kind.1))
            let below = try await laboratory.certificate("below \(number)", .leaf(issuer: "anchor \(number)"))
            func examine() -> ChainError.Reason? {
                do throws(ChainError) {
                    let anchors = (try? TrustAnchors(bundle: anchor)) ?? .system
                    try ChainVerification.examine(authority: anchor, others: [], anchors: anchors, at: inTheMiddle)
                    return nil
                } catch { return error.reason }
            }
            #expect(examine() == kind.0, "\(number)")
            // It is what `verify` says in the end.
            let isBelieved = (try? verify(below, [], anchors: anchor)) != nil
            #expect(isBelieved == (kind.0 == nil), "\(number)")
        }
    }

    @Test func `what is no certificate is named so`() throws {
        try refuses(.malformed) { try verify([], []) }
        try refuses(.malformed) { try verify(leaf + [0], [upper, lower]) }
        try refuses(.malformed) { try verify(leaf, [upper, Array(lower.dropLast())]) }
    }

    private func verify(
        _ leaf: [UInt8],
        _ links: [[UInt8]],
        anchors: [UInt8]? = nil,
        system: Bool = false,
        at moment: Date = inTheMiddle
    ) throws -> [[UInt8]] {
        let anchors = system ? TrustAnchors.system : try TrustAnchors(bundle: anchors ?? root)
        return try ChainVerification.verify(leaf: leaf, intermediates: links, anchors: anchors, at: moment)
    }

    private func refuses(
        _ code: ChainError.Code,
        _ body: () throws -> [[UInt8]],
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let error = #expect(throws: ChainError.self, sourceLocation: location) { try body() }
        #expect(error?.code == code, "\(error?.detail ?? "")", sourceLocation: location)
        #expect(error?.detail.isEmpty == false, sourceLocation: location)
    }

    @discardableResult
    private func refuses(
        _ reason: ChainError.Reason,
        about subject: String,
        _ body: () throws -> [[UInt8]],
        _ location: SourceLocation = #_sourceLocation
    ) throws -> ChainError {
        let error = try #require(throws: ChainError.self, sourceLocation: location) { _ = try body() }
        #expect(error.reason == reason, "\(error.detail)", sourceLocation: location)
        #expect(error.subject == subject, sourceLocation: location)
        return error
    }

    private func pem(_ der: [UInt8]) -> String { PEM.encode(der, label: "CERTIFICATE") }
}
