// SPDX-License-Identifier: Apache-2.0

/// Titles and ranks that a CA adds to a name from its own records.
enum AcademicTitle {
    /// Whether a word of a name, in small letters, is a title: an abbreviation of more than one letter ("ing.", "ph.d.",
    /// "jr."), or one that is written without a full stop. A single letter is the beginning of another name.
    static func isOne(_ word: String) -> Bool {
        if bare.contains(word) { return true }
        return word.hasSuffix(".") && word.count(where: \.isLetter) > 1
    }

    private static let bare: Set<String> = [
        "ing", "mgr", "bc", "bca", "mga", "judr", "mudr", "mvdr", "mddr", "phdr", "rndr", "pharmdr", "paeddr", "thdr",
        "thlic", "icdr", "rsdr", "artd", "phd", "thd", "csc", "drsc", "dis", "mba", "mpa", "msc", "mpo", "llm", "ll.m",
        "llb", "bba", "dba", "mph", "bsc", "ma", "ba", "dr", "doc", "prof", "arch", "akad", "et", "jr", "sr", "ml",
        "st",
    ]
}
