// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Foundation

/// The languages that every message exists in.
enum Language: String, CaseIterable, Sendable, ExpressibleByArgument {
    case czech = "cs"
    case english = "en"

    /// The language of the locale (POSIX: the first of the three variables that is set and not empty); English for
    /// everything but Czech.
    static func ofLocale(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> Language {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty }
        return locale?.prefix { $0.isLetter }.lowercased() == "cs" ? .czech : .english
    }
}
