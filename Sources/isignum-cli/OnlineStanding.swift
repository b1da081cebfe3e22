// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

extension Composition {
    /// What asks whether certificates are still good.
    ///
    /// - Parameters:
    ///   - stored: DER of what tokens hold; issuers may be among it.
    ///   - entries: what came for requests, likewise; their keys are ours.
    func revocationCheck(knowing stored: [[UInt8]], _ entries: [JournalEntry]) throws -> RevocationCheck {
        let profile = try profile()
        let (console, words) = (console, OnlineWords.of(language))
        return RevocationCheck(
            services: try HTTPRevocationServices(anchorFile: profile.anchorFile),
            anchors: try profile.trustAnchors(),
            known: Array(Set(try profile.issuers() + entries.flatMap { $0.chain.dropFirst() })),
            candidates: stored,
            ownKeys: Set(entries.compactMap(\.publicKey)),
            asking: { address in
                let place = URL(string: address)?.host() ?? address
                if !console.isQuiet { await console.progress.show(words.asking(place.printable)) }
            }
        )
    }

    /// What `--online` tells of certificates, by their SHA-256: asked of the responders and lists that they name.
    ///
    /// - Parameter held: everything on the tokens; issuers may be among it.
    func standings(
        of certificates: [CertificateDocument],
        among held: [HeldCertificates]
    ) async throws -> [String: StandingDocument] {
        let stored = held.flatMap { $0.certificates.map(\.der) }
        let exists = FileManager.default.fileExists(atPath: folders.state.path(percentEncoded: false))
        let check = try revocationCheck(knowing: stored, exists ? (try? journal().entries()) ?? [] : [])
        var wanted = Set(certificates.map(\.sha256))
        let asked = stored.compactMap { der -> (name: String, certificate: Certificate)? in
            let name = Digests.hexadecimal(Digests.digest(der, .sha256))
            guard wanted.remove(name) != nil else { return nil }
            return (try? Certificate(parsing: der)).map { (name, $0) }
        }
        let standings = await check.standings(of: asked.map(\.certificate))
        await console.progress.finish()
        try Task.checkCancellation()
        return Dictionary(uniqueKeysWithValues: zip(asked.map(\.name), standings.map(StandingDocument.init)))
    }
}
