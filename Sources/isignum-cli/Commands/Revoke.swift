// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// Revokes a certificate on a token. Next hop: `Handover`.
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
            let held = try await parts.heldCertificates(everywhere: false)
            let meant = try held.meant(by: selector)
            let handover = Handover(try parts.context(try parts.profile()))
            try await parts.requireConsent(meant.document, HandoverWords.of(parts.language).revokeQuestion)
            let signing = signer == nil ? meant : try await parts.signer(named: signer) { _ in true }
            let revocation = try await handover.revoke(try meant.certificate, because: reason.meaning) {
                try await parts.identity(of: signing)
            }
            try parts.results.show(RevocationDocument(meant.document, revocation))
            return nil
        }
    }
}
