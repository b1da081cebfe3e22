// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// The words of the page that a person takes to the branch, and of what is done with it. One value a language: a missing
/// translation does not compile.
struct SummaryWords: Sendable {
    let title, device, fingerprint: String
    let bringHeading, sealHeading, nextHeading: String
    let bringPage, bringIdentity, bringAuthority: String
    let goToBranch, goOnWithSeal, askCA, install, keepDevice: String
    let footer: @Sendable (_ authority: String, _ moment: String) -> String
    // What is said on the terminal.
    let saved, printed, copied, copiedByTerminal, notCopied: String

    /// The words of a language.
    static func of(_ language: Language) -> SummaryWords { language == .czech ? czech : english }
}
