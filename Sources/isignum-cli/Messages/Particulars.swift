// SPDX-License-Identifier: Apache-2.0

internal import Enrollment
internal import OpenSSLKit

/// What scripts are told of a certificate that was refused, beside the stable code of the error: see `ErrorDocument`.
struct Particulars: Equatable, Sendable {
    private(set) var findings: [String]?
    private(set) var reason: String?
    private(set) var certificate: String?
    private(set) var differences: [DifferenceDocument]?

    init() {}

    init(_ findings: [CertificateFinding]) {
        self.findings = findings.map(\.code)
        for case .chainRefused(let error) in findings { note(error) }
    }

    init(_ differences: [HolderDifference]) { self.differences = differences.map(DifferenceDocument.init) }

    init(_ faults: [AuthorityChain.Fault]) { if let first = faults.first { note(first.error) } }

    private mutating func note(_ error: ChainError) {
        reason = error.reason.name
        certificate = error.subject
    }
}

/// One thing in which a holder differs, as `--json` shows it.
struct DifferenceDocument: Encodable, Equatable, Sendable {
    /// A stable name: `name`, `personal_name`, `pseudonym`, `organisation`, `holder_kind`, `email`, `email_missing`,
    /// `other_names`, `unprintable`.
    let kind: String
    /// What was asked for; absent where nothing was.
    let requested: String?
    /// What the certificate says.
    let issued: [String]

    init(_ difference: HolderDifference) {
        kind = difference.code
        requested = difference.values.requested
        issued = difference.values.issued
    }
}
