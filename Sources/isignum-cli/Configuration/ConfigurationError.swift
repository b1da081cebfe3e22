// SPDX-License-Identifier: Apache-2.0

/// Why the configuration cannot be used. Equal by code alone; what to tell a person is decided in `Messages/`.
struct ConfigurationError: Error, Equatable, Sendable {
    /// The kinds of failure.
    enum Code: String, Sendable {
        /// The file is there and cannot be read.
        case unreadable
        /// The file is no TOML; `detail` has the parser's words.
        case syntax
        /// A line is longer, or nested deeper, than the parser can be trusted with.
        case tooIntricate
        /// A key that means nothing; `key` names it.
        case unknownKey
        /// A value of the wrong kind; `key` names it, `detail` says what belongs there.
        case badValue
        /// No CA is chosen, and the configuration has none or several; `candidates` lists them.
        case authorityUnset
        /// No CA of this name; `key` is the name, `candidates` lists those that there are.
        case authorityUnknown
    }

    /// What kind of failure it is.
    let code: Code
    /// The configuration file.
    let file: String
    /// The line, counted from one, where it is known.
    let line: Int?
    /// The key or name that is meant, as in `ca.demo.url`.
    let key: String?
    /// What belongs there, or the parser's words.
    let detail: String?
    /// The names among which a choice is needed.
    let candidates: [String]

    init(
        _ code: Code,
        file: String,
        line: Int? = nil,
        key: String? = nil,
        detail: String? = nil,
        candidates: [String] = []
    ) {
        self.code = code
        self.file = file
        self.line = line
        self.key = key
        self.detail = detail
        self.candidates = candidates
    }

    /// The place as `file:line`, or the file where the line is not known.
    var place: String { line.map { "\(file):\($0)" } ?? file }

    static func == (left: Self, right: Self) -> Bool { left.code == right.code }
}
