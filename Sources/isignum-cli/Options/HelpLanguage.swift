// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation

/// A text of `--help` in the language of this run: help is put together before any argument is parsed.
func help(_ english: String, _ czech: String, value: String? = nil) -> ArgumentHelp {
    ArgumentHelp(inHelpLanguage(english, czech), valueName: value)
}

/// Likewise, for texts that belong to no argument.
func inHelpLanguage(_ english: String, _ czech: String) -> String {
    Language.ofHelp == .czech ? czech : english
}

/// The parser writes its headings in English.
func inHelpLanguage(headingsOf help: String) -> String {
    guard Language.ofHelp == .czech else { return help }
    let headings = [
        ("OVERVIEW: ", "POPIS: "), ("USAGE: ", "POUŽITÍ: "), ("ARGUMENTS:", "ARGUMENTY:"), ("OPTIONS:", "PŘEPÍNAČE:"),
        (" SUBCOMMANDS:", ":"), (" OPTIONS:", ":"), ("Show the version.", "Ukázat verzi."),
        ("Show help information.", "Ukázat nápovědu."),
        ("  See 'isignum help <subcommand>' for detailed help.", "  Podrobněji: 'isignum help <příkaz>'."),
    ]
    let lines = help.split(separator: "\n", omittingEmptySubsequences: false).map { line in
        headings.reduce(String(line)) { text, heading in
            text.hasPrefix(heading.0) || text.hasSuffix(heading.0)
                ? text.replacingOccurrences(of: heading.0, with: heading.1) : text
        }
    }
    return lines.joined(separator: "\n")
}

extension Language {
    /// `--lang` when it stands on the command line, else the locale's. The configuration is not read for a help text.
    static let ofHelp: Language = ofCommandLine ?? ofLocale()

    /// `--lang`, looked for before anything is parsed.
    static let ofCommandLine: Language? = {
        let arguments = CommandLine.arguments
        let after = arguments.firstIndex(of: "--lang").map { arguments.index(after: $0) }
        let spelled =
            after.flatMap { arguments.indices.contains($0) ? arguments[$0] : nil }
            ?? arguments.first { $0.hasPrefix("--lang=") }.map { String($0.dropFirst(7)) }
        return spelled.flatMap(Language.init(rawValue:))
    }()
}
