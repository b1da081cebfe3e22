// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Token

/// What came of a change or an unblocking, as `--json` shows it.
struct SecretDocument: Encodable {
    let token: TokenName
    /// `pin`, `qpin` or `puk`.
    let secret: String
    /// `changed` or `unblocked`.
    let outcome: String
    /// Its state now; absent where the device does not tell.
    let state: String?
    /// How many tries are left, where the device tells exactly.
    let triesLeft: Int?

    init(token: TokenName, secret: String, outcome: String, standing: SecretStanding?) {
        self.token = token
        self.secret = secret
        self.outcome = outcome
        state = standing?.state?.rawValue
        triesLeft = standing?.triesLeft
    }
}

/// What was done to a device that was reset.
struct ResetDocument: Encodable {
    let token: TokenName
    let removedCertificates: Int
    let removedKeys: Int
    /// The secrets that have the values of the factory now.
    let returned: [String]
    /// The secrets that were left as they are.
    let kept: [String]
    /// The open requests whose keys are gone.
    let openRequests: [String]

    private let report: FactoryResetReport

    init(token: TokenIdentity, report: FactoryResetReport, openRequests: [String]) {
        self.token = TokenName(token)
        removedCertificates = report.certificates
        removedKeys = report.keys
        returned = report.returned.map(\.rawValue)
        kept = report.kept.map(\.rawValue)
        self.openRequests = openRequests
        self.report = report
    }

    private enum CodingKeys: CodingKey {
        case token, removedCertificates, removedKeys, returned, kept, openRequests
    }

    func text(_ words: ResetWords) -> String {
        var lines = [words.done(report.certificates, report.keys)]
        if !report.returned.isEmpty { lines.append(words.returned(report.returned)) }
        if !report.kept.isEmpty { lines.append(words.kept(report.kept)) }
        if !openRequests.isEmpty { lines.append(words.keysGone(openRequests)) }
        return lines.joined(separator: "\n").wrapped(to: Width.ofStandardOutput) + "\n"
    }
}

extension Results {
    /// A secret with a new value.
    func show(_ document: SecretDocument, saying text: String) throws {
        try write(document) { text.wrapped(to: Width.ofStandardOutput) + "\n" }
    }

    /// A device that was reset.
    func show(_ document: ResetDocument, _ words: ResetWords) throws { try write(document) { document.text(words) } }
}
