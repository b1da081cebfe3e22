// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// What is known of a CA that is about to be added: what there is to be compared, and what it is believed for.
struct AuthorityCard {
    /// An anchor as a person compares it.
    struct Anchor: Encodable {
        let subject: String
        let sha256: String
        let notAfter: Date
    }

    let name: String
    let url: URL
    /// The server's own certificate; `nil` when the anchors came from a file.
    let server: CertificateDetails?
    /// DER.
    let anchors: [[UInt8]]
    let shown: [Anchor]

    /// Takes anchors from a file that the person has.
    init(_ profile: CAProfile, anchorFile: String) throws {
        anchors = try AnchorFile.read(anchorFile)
        name = profile.name
        url = profile.url
        server = nil
        shown = try anchors.map(Self.show)
    }

    /// Looks at what the server presents itself with; nothing is sent to it.
    init(_ profile: CAProfile) async throws {
        let chain = try await PresentedChain.fetch(from: profile)
        do {
            anchors = [try ChainVerification.root(ofPresented: chain, at: Date())]
        } catch {
            throw ConfigurationChangeError(.rootNotShown, [profile.url.absoluteString], chain: error)
        }
        name = profile.name
        url = profile.url
        server = try CertificateDetails(of: .init(parsing: chain[0]))
        shown = try anchors.map(Self.show)
    }

    /// What `install` would say of certificates that lead to these anchors.
    func chain(at now: Date) -> AuthorityChain? {
        (try? TrustAnchors(bundle: Array(anchors.map { PEM.encode($0, label: "CERTIFICATE") }.joined().utf8)))
            .map { AuthorityChain(anchors: $0, at: now) }
    }

    /// Every anchor must be among those that were expected, and each of those must be there.
    func compare(with expected: Set<String>) throws(ConfigurationChangeError) {
        let found = Set(shown.map(\.sha256))
        guard found == expected else {
            let text = { (set: Set<String>) in set.sorted().joined(separator: ", ") }
            throw ConfigurationChangeError(.fingerprintDiffers, [text(expected), text(found)])
        }
    }

    private static func show(_ anchor: [UInt8]) throws -> Anchor {
        let details = try CertificateDetails(of: .init(parsing: anchor))
        return Anchor(subject: details.subject.text, sha256: details.fingerprint, notAfter: details.notAfter)
    }

    /// A fingerprint in groups that an eye can follow.
    static func grouped(_ fingerprint: String) -> String {
        let digits = Array(fingerprint.uppercased())
        return stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<min($0 + 4, digits.count)]) }
            .joined(separator: " ")
    }

    /// A fingerprint as people give it: with colons, blanks, in any case.
    ///
    /// - Throws: `fingerprintMalformed`.
    static func fingerprint(_ text: String) throws(ConfigurationChangeError) -> String {
        let digits = text.lowercased().filter { $0 != ":" && !$0.isWhitespace }
        guard digits.wholeMatch(of: /[0-9a-f]{64}/) != nil else {
            throw ConfigurationChangeError(.fingerprintMalformed, [String(text.prefix(100))])
        }
        return digits
    }
}
