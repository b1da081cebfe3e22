// SPDX-License-Identifier: Apache-2.0

/// Why nothing was registered at all. Equal by code alone.
struct RegistrationError: WordedError, Equatable {
    /// The kinds of failure; each says what `subjects` holds.
    enum Code: String, Sendable, CaseIterable {
        /// No module was named, and the configuration has none. Exit 64.
        case moduleUnset
        /// There is no such file: its path. Exit 66.
        case moduleMissing
        /// The notes on what was registered cannot be read: their path. Exit 65.
        case ledgerUnreadable
    }

    /// What kind of failure it is.
    let code: Code
    /// What it is about, as the code says.
    let subjects: [String]

    init(_ code: Code, _ subjects: [String] = []) {
        self.code = code
        self.subjects = subjects
    }

    static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    var stableCode: String { "registration_\(code.snakeCase)" }

    var exitCode: Int32 {
        switch code {
        case .moduleUnset: 64
        case .ledgerUnreadable: 65
        case .moduleMissing: 66
        }
    }

    func wording(in language: Language) -> Wording {
        RegistrationWords.of(language).error(code, subjects.map(\.printable))
    }
}
