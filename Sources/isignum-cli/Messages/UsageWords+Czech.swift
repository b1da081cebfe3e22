// SPDX-License-Identifier: Apache-2.0

/// What the parser of arguments says, in Czech, as far as it says it often. It knows English alone; what is not known
/// here stays as it is.
enum CzechUsage {
    static func translated(_ text: String) -> String {
        let line = text.hasPrefix("Error: ") ? String(text.dropFirst("Error: ".count)) : text
        if let match = line.wholeMatch(of: /Missing expected argument '(.+)'/) { return "chybí argument \(match.1)" }
        if let match = line.wholeMatch(of: /Missing value for '(.+)'/) { return "chybí hodnota za \(match.1)" }
        if let match = line.wholeMatch(of: /Unknown option '([^']+)'(?:\. Did you mean '(.+)'\?)?/) {
            return "neznámý přepínač \(match.1)" + (match.2.map { "; nemá to být \($0)?" } ?? "")
        }
        if let match = line.wholeMatch(of: /Unexpected argument '(.+)'/) { return "argument \(match.1) sem nepatří" }
        if let match = line.wholeMatch(
            of: /The value '(.*)' is invalid for '([^']+)'(?:\. Please provide one of (.+)\.)?/
        ) {
            return "hodnota \(match.1) se nehodí pro \(match.2)"
                + (match.3.map { "; možné jsou \(choices($0))" } ?? "")
        }
        return text
    }

    /// "'pin' and 'qpin'", "'a', 'b' or 'c'" as a row.
    private static func choices(_ english: Substring) -> String {
        english.matches(of: /'([^']*)'/).map { String($0.1) }.joined(separator: ", ")
    }
}
