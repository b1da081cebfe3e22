// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// What a CA means that refuses to revoke because "the certificate was revoked": the one in the order, or the one that
/// signed it. Whoever takes the one for the other believes that a stolen key is harmless. Next hop: `RevocationCheck`.
extension Handover {
    /// Finds out which it is, and writes down what is done.
    ///
    /// - Parameter signer: what signed, where that is known.
    func refusal(
        of order: HandoverOrder,
        about certificate: Certificate,
        _ signer: Certificate?,
        _ check: RevocationCheck
    ) async throws -> HandoverError {
        let subject = await check.standing(of: certificate, reach: .ours).answer
        if case .revoked(let moment, let reason) = subject {
            try context.journal.noteRevoked(order, reason: reason?.name, at: moment)
            return .alreadyRevoked(moment)
        }
        // The CA may know it earlier than its responder.
        if let signer, signer.der == certificate.der {
            try context.journal.noteRevoked(order, reason: nil, at: context.now())
            return .alreadyRevoked(nil)
        }
        var signature: RevocationAnswer?
        if let signer { signature = await check.standing(of: signer, reach: .ours).answer }
        switch (subject, signature) {
        case (_, .good): return .revocationUnclear
        case (.good, _): return .signerRevokedInstead(isGood: true)
        case (_, .revoked): return .signerRevokedInstead(isGood: false)
        default: return .revocationUnclear
        }
    }
}
