// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// Revokes a certificate, also one that is on no token any more. Next hop: `Handover`.
struct Revoke: AsyncParsableCommand {
    /// The reasons of RFC 5280, section 5.3.1, that a holder can know, as options are written.
    enum Reason: String, ExpressibleByArgument, CaseIterable {
        case unspecified
        case keyCompromise = "key-compromise"
        case affiliationChanged = "affiliation-changed"
        case superseded
        case cessationOfOperation = "cessation-of-operation"

        var meaning: RevocationReason {
            switch self {
            case .unspecified: .unspecified
            case .keyCompromise: .keyCompromise
            case .affiliationChanged: .affiliationChanged
            case .superseded: .superseded
            case .cessationOfOperation: .cessationOfOperation
            }
        }
    }

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            abstract: inHelpLanguage(
                "Revoke a certificate for good, signed with its own key.",
                "Navždy zneplatnit certifikát, s podpisem jeho vlastním klíčem."
            )
        )
    }

    @Argument(
        help: help(
            "Serial number, beginning of the SHA-256, or text of the subject.",
            "Sériové číslo, začátek SHA-256 nebo text z předmětu."
        )
    )
    var selector: String

    @Option(help: help("Why.", "Proč."))
    var reason: Reason = .unspecified

    @Option(
        name: .customLong("with"),
        help: help(
            "Another certificate of yours to sign with.",
            "Jiný váš certifikát, kterým se má podepsat.",
            value: "selector"
        )
    )
    var signer: String?

    @OptionGroup var options: GlobalOptions

    func run() async throws {
        try await Composition.run(options) { parts in
            let subject = try await parts.revocationSubject(selector)
            let handover = Handover(try parts.context(try parts.profile()))
            try await parts.requireConsent(subject.document, HandoverWords.of(parts.language).revokeQuestion)
            let check = try parts.revocationCheck(knowing: [], try parts.journal().entries())
            let revocation = try await handover.revoke(
                subject.certificate,
                because: reason.meaning,
                asking: check
            ) {
                try await parts.identity(of: try await parts.signer(of: subject, named: signer))
            }
            try parts.results.show(RevocationDocument(subject.document, revocation, ordered: reason.meaning))
            return nil
        }
    }
}
