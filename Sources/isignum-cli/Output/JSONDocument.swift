// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// How documents of `--json` are written: keys in order, times in RFC 3339, a line end after the last brace.
enum JSONDocument {
    /// The document as text.
    static func text(of document: some Encodable) throws -> String {
        try text(of: document, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    }

    /// The document on a line of its own, for commands that tell one thing after another.
    static func line(of document: some Encodable) throws -> String {
        try text(of: document, [.sortedKeys, .withoutEscapingSlashes])
    }

    private static func text(
        of document: some Encodable,
        _ formatting: JSONEncoder.OutputFormatting
    ) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = formatting
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }
}

/// What `--json` gives when a command fails.
struct ErrorDocument: Encodable {
    /// The failure itself.
    struct Failure: Encodable {
        /// A stable name in snake_case.
        let code: String
        /// What happened, for a person.
        let message: String
        /// What to do about it; `null` when there is nothing.
        let hint: String?
        /// Why a chain is not believed, as `critical_extension_unknown`; absent for everything else.
        let reason: String?
        /// The certificate of the chain that it is about, by its subject; for `issuer_missing` the one that is missing.
        let certificate: String?
    }

    let error: Failure
    /// The stable codes of everything that speaks against a refused certificate; absent for everything else.
    let findings: [String]?
    /// How the holder of a certificate differs from what was asked for; likewise.
    let differences: [DifferenceDocument]?

    init(_ explanation: Explanation) {
        error = Failure(
            code: explanation.code,
            message: explanation.message,
            hint: explanation.hints.isEmpty ? nil : explanation.hints.joined(separator: "; "),
            reason: explanation.particulars.reason,
            certificate: explanation.particulars.certificate
        )
        findings = explanation.particulars.findings
        differences = explanation.particulars.differences
    }
}
