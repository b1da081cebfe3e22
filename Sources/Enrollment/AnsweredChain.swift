// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// The certificates of a CA's answer, in whatever order they came.
enum AnsweredChain {
    /// The same certificates, the one with the request's key first. Of several with that key one that is no CA's counts,
    /// then one that is valid now, then the latest. Where none has it, the first one stays first and is refused by name.
    ///
    /// - Parameter key: DER SubjectPublicKeyInfo.
    static func ordered(_ chain: [[UInt8]], for key: [UInt8]?, at now: Date) -> [[UInt8]] {
        guard let key else { return chain }
        let candidates = chain.enumerated().compactMap { index, der -> Candidate? in
            guard let certificate = try? Certificate(parsing: der),
                (try? certificate.publicKey?.subjectPublicKeyInfo()) == key,
                let details = try? CertificateDetails(of: certificate)
            else { return nil }
            return Candidate(index: index, details: details)
        }
        guard let best = candidates.max(by: { $1.isBetter(than: $0, at: now) }) else { return chain }
        var rest = chain
        return [rest.remove(at: best.index)] + rest
    }

    private struct Candidate {
        let index: Int
        let details: CertificateDetails

        func isBetter(than other: Candidate, at now: Date) -> Bool {
            if details.usage.isAuthority != other.details.usage.isAuthority { return !details.usage.isAuthority }
            if isValid(at: now) != other.isValid(at: now) { return isValid(at: now) }
            return details.notBefore > other.details.notBefore
        }

        private func isValid(at now: Date) -> Bool { details.notBefore <= now && now <= details.notAfter }
    }
}
