// SPDX-License-Identifier: Apache-2.0

/// The locale that decides what bytes mean as characters (POSIX: the first of the three variables that is set and not
/// empty).
struct CharacterLocale: Sendable {
    /// Its name; "C" where nothing is set.
    let name: String

    init(_ environment: [String: String]) {
        name = ["LC_ALL", "LC_CTYPE", "LANG"].compactMap { environment[$0] }.first { !$0.isEmpty } ?? "C"
    }

    /// Whether it is UTF-8, however that is spelt.
    var isUTF8: Bool { name.lowercased().replacing("-", with: "").contains("utf8") }
}
