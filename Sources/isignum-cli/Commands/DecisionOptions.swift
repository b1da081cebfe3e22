// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import CAClient

/// The holder's word on an issued certificate, given beforehand.
struct DecisionOptions: ParsableArguments {
    @Flag(help: help("Accept the certificate without being asked.", "Certifikát přijmout bez dotazu."))
    var accept = false

    @Option(
        help: help(
            "Reject the certificate, and why.",
            "Certifikát odmítnout, s důvodem.",
            value: "reason"
        )
    )
    var reject: String?

    @OptionGroup var holder: HolderOptions

    func validate() throws {
        if accept, reject != nil {
            throw ValidationError(inHelpLanguage("--accept or --reject, not both", "--accept, nebo --reject, ne obojí"))
        }
        if let reject, reject.allSatisfy(\.isWhitespace) || reject.count > 1_000 {
            throw ValidationError(
                inHelpLanguage(
                    "--reject needs a reason, at most 1,000 characters",
                    "--reject potřebuje důvod, nejvýše 1000 znaků"
                )
            )
        }
    }

    /// Whether anything is said of the certificate.
    var isGiven: Bool { accept || reject != nil || holder.acceptsName }

    /// The flags that answer the question, as they are named where the answer is missing.
    static let flags = "--accept|--reject"

    /// The word; `nil` when the person is to be asked.
    func decision(_ options: GlobalOptions) -> Decision? {
        if let reject { return .rejected(reason: reject) }
        return accept || options.yes ? .accepted : nil
    }
}

/// The person's word on a holder who is called otherwise than was asked for.
struct HolderOptions: ParsableArguments {
    @Flag(
        name: .customLong("accept-name"),
        help: help(
            "Also take a certificate whose holder is called otherwise than was asked for.",
            "Vzít i certifikát, jehož držitel se jmenuje jinak, než se žádalo."
        )
    )
    var acceptsName = false

    static let flag = "--accept-name"
}
