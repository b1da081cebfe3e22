// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Foundation
internal import OpenSSLKit

extension EnrollmentContext {
    /// Brings what the CA did not send along with an entry's certificate. It costs nothing where nothing is missing.
    ///
    /// - Returns: whether the entry has changed; it is not written down yet.
    @discardableResult
    func complete(_ entry: inout JournalEntry) async -> Bool {
        // What is for another key is refused anyway, and names no address that would be ours to ask.
        guard let leaf = entry.chain.first, let certificate = try? Certificate(parsing: leaf),
            (try? certificate.publicKey?.subjectPublicKeyInfo()) == entry.publicKey
        else { return false }
        let completed = await completion.complete(entry.chain, anchors: anchors, at: now(), reach: .ours)
        defer { entry.chain = completed.certificates }
        return completed.certificates != entry.chain
    }
}

extension IssuedCertificateCheck {
    /// What is missing between a certificate and its anchor; nothing when the way is whole or its end is another root.
    static func missingIssuer(
        of certificate: Certificate,
        chain: [[UInt8]],
        anchors: TrustAnchors,
        at moment: Date
    ) -> CertificateFinding? {
        let gaps = ChainVerification.gaps(
            above: certificate.der,
            intermediates: Array(chain.dropFirst()),
            anchors: anchors,
            at: moment
        )
        // Where a namesake came along, what came is wrong, and no other file would mend it.
        guard let gap = gaps.first(where: { !$0.isNamedAsAnchor && !$0.isIssuerOutOfDate && !$0.hasNamesake }) else {
            return nil
        }
        return .issuerMissing(name: gap.issuerText, addresses: gap.addresses)
    }
}
