// SPDX-License-Identifier: Apache-2.0

internal import OpenSSLKit

/// Why the configuration was left as it is. Equal by code alone.
struct ConfigurationChangeError: WordedError, Equatable {
    /// The kinds of failure; each says what `subjects` holds.
    enum Code: String, Sendable, CaseIterable {
        /// There is no such key: the key. Exit 64.
        case keyUnknown
        /// The value cannot be meant: the key, and what belongs there. Exit 64.
        case valueUnusable
        /// The file is written in a way that cannot be followed: the key, the file. Exit 65.
        case cannotFollow
        /// Somebody else changed the file meanwhile: the file. Exit 75.
        case changedMeanwhile
        /// The name of a CA cannot be used: the name. Exit 64.
        case nameUnusable
        /// There is another CA of this name: the name. Exit 73.
        case nameTaken
        /// What was given is no SHA-256 fingerprint: the text. Exit 64.
        case fingerprintMalformed
        /// The anchor is another one: what was expected, what it is. Exit 65.
        case fingerprintDiffers
        /// The server does not show its root, and the system does not know it: the address. Exit 65.
        case rootNotShown
    }

    /// What kind of failure it is.
    let code: Code
    /// What it is about, as the code says; not yet safe for a terminal.
    let subjects: [String]

    /// Why what the server shows is not believed.
    let chain: ChainError?

    init(_ code: Code, _ subjects: [String] = [], chain: ChainError? = nil) {
        self.code = code
        self.subjects = subjects
        self.chain = chain
    }

    static func == (left: Self, right: Self) -> Bool { left.code == right.code }

    var stableCode: String {
        switch code {
        case .keyUnknown, .valueUnusable, .cannotFollow, .changedMeanwhile: "configuration_\(code.snakeCase)"
        case .nameUnusable, .nameTaken: "ca_\(code.snakeCase)"
        case .fingerprintMalformed, .fingerprintDiffers: "anchor_\(code.snakeCase)"
        case .rootNotShown: "anchor_not_shown"
        }
    }

    var exitCode: Int32 {
        switch code {
        case .keyUnknown, .valueUnusable, .nameUnusable, .fingerprintMalformed: 64
        case .cannotFollow, .fingerprintDiffers, .rootNotShown: 65
        case .nameTaken: 73
        case .changedMeanwhile: 75
        }
    }

    func wording(in language: Language) -> Wording {
        let wording = ConfigWords.of(language).change(code, subjects.map(\.printable))
        return wording.quoting(chain.map { CertificateWords.of(language).chain($0) })
    }
}
