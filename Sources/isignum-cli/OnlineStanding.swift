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
    ///   - stored: DER of what tokens hold; issuers may be among it, and among what came for requests.
    func revocationCheck(knowing stored: [[UInt8]], _ entries: [JournalEntry]) throws -> RevocationCheck {
        let profile = try profile()
        return RevocationCheck(
            services: try HTTPRevocationServices(profile: profile),
            anchors: try profile.trustAnchors(),
            known: Array(Set(stored + entries.flatMap { $0.chain.dropFirst() }))
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
        let wanted = Set(certificates.map(\.sha256))
        var standings: [String: StandingDocument] = [:]
        for der in stored {
            let name = Digests.hexadecimal(Digests.digest(der, .sha256))
            guard wanted.contains(name), standings[name] == nil, let certificate = try? Certificate(parsing: der) else {
                continue
            }
            standings[name] = StandingDocument(await check.standing(of: certificate))
        }
        return standings
    }
}
