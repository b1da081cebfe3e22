// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// Whether a certificate on a token still serves, as far as its dates and the journal tell.
///
/// Only what is certain counts, for what no longer serves is removed without asking which: a later certificate of the
/// same holder beside it may be for another purpose, so `replaced` is what a renewal of ours has replaced.
struct CertificateUse: Sendable {
    private let renewed: Set<[UInt8]>
    private let revoked: Set<String>
    private let moment: Date

    /// - Parameter entries: all of the journal's, which whoever asks has read already.
    init(_ journal: Journal, _ entries: [JournalEntry], at moment: Date) throws(EnrollmentError) {
        renewed = Set(entries.filter { $0.state == .installed }.compactMap { $0.renewal?.certificate })
        // Of a request that ended so, a half-finished installation may have left it on the token.
        let ended = entries.filter { $0.state == .revoked }.compactMap(\.chain.first)
        revoked = try from(journal: { () throws(JournalError) in try journal.revokedCertificates() })
            .union(ended.map { Digests.hexadecimal(Digests.digest($0, .sha256)) })
        self.moment = moment
    }

    /// - Parameter details: what the certificate says; `nil` when it cannot be read.
    func reason(of der: [UInt8], _ details: CertificateDetails?) -> CleaningCandidate.Reason {
        guard let details else { return .unreadable }
        if details.notAfter < moment { return .expired }
        if revoked.contains(details.fingerprint) { return .revoked }
        return renewed.contains(der) ? .replaced : .current
    }
}
