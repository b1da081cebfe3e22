// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import OpenSSLKit

/// What was looked at in a certificate and found right. What there was nothing to compare with is not among them.
public enum CheckedFact: String, Sendable, CaseIterable {
    /// It certifies the request's own key.
    case key
    /// It leads to an anchor.
    case chain
    /// Its time.
    case validity
    /// Its key and its signature.
    case strength
    /// What its key may be used for.
    case usage
    /// The family that was asked for.
    case type
    /// The marker that was asked for.
    case marker
    /// The name that was asked for.
    case name
    /// The organisation that was asked for.
    case organisation
    /// The e-mail address that was asked for.
    case emailAddress = "email"
}

extension JournalEntry {
    /// The holder of the entry's certificate beside the one that was asked for; `nil` before it came.
    public var comparison: HolderComparison? {
        chain.first.flatMap { try? Certificate(parsing: $0) }.flatMap { try? CertificateDetails(of: $0) }
            .map { comparison(of: $0) }
    }

    /// The holder of a certificate beside the one that was asked for, and for a renewal beside the one who has the old one.
    func comparison(of details: CertificateDetails) -> HolderComparison {
        var comparison = HolderComparison(details, with: plan)
        if let old = renewal.flatMap({ try? Certificate(parsing: $0.certificate) }),
            let before = try? CertificateDetails(of: old)
        {
            comparison.allow(HolderComparison(before, with: plan))
        }
        return comparison
    }

    /// What of the entry's certificate is found right when it passes its check.
    ///
    /// - Parameter comparison: of its holder.
    public func facts(_ comparison: HolderComparison) -> [CheckedFact] {
        let always: [CheckedFact] = [.key, .chain, .validity, .strength, .usage, .type]
        return always + (marker == nil ? [] : [.marker]) + comparison.agreements
    }
}
