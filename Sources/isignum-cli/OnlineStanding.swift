// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

extension Composition {
    /// What `--online` tells of certificates, by their SHA-256: asked of the responders and lists that they name.
    ///
    /// - Parameter held: everything on the tokens; issuers may be among it.
    func standings(
        of certificates: [CertificateDocument],
        among held: [HeldCertificates]
    ) async throws -> [String: StandingDocument] {
        let profile = try profile()
        let stored = held.flatMap { $0.certificates.map(\.der) }
        let exists = FileManager.default.fileExists(atPath: folders.state.path(percentEncoded: false))
        let journalled = exists ? ((try? journal().entries()) ?? []).flatMap { $0.chain.dropFirst() } : []
        let check = RevocationCheck(
            services: try HTTPRevocationServices(profile: profile),
            anchors: try profile.trustAnchors(),
            known: Array(Set(stored + journalled))
        )
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
