// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit

/// The words of what happens on tokens without a CA. A language that misses one does not compile.
struct TokenWorkWords: Sendable {
    let event: @Sendable (TokenWorkEvent) -> String
    let finding: @Sendable (CertificateFinding) -> String
    let warning: @Sendable (String) -> String
    let installQuestion, importKeyQuestion: @Sendable (_ token: String) -> String
    let removeQuestion, removeKeysQuestion: @Sendable (Int) -> String
    let protectedQuestion: @Sendable (_ request: String) -> String
    let chooseQuestion, chooseHelp: String
    let yesLetters: String
    /// What an answer that is none is told.
    let consentHelp: String
    let passwordPrompt: @Sendable (_ file: String, _ isNew: Bool) -> String
    let passwordAgain: String
    let reasons: @Sendable (CleaningCandidate.Reason) -> String
    /// Headings of the list: number, kind, name, why, request, key.
    let headings: [String]
    let certificate, key, publicHalf, openRequest: String
    let nothingToClean, nothingRemoved: String
    let removedCount: @Sendable (Int) -> String
    let installed, importedKey, importedBareKey, neverMarked: String
    let storeMade: @Sendable (_ folder: String) -> String

    static func of(_ language: Language) -> TokenWorkWords { language == .czech ? czech : english }

    /// Candidates as a table.
    func list(_ candidates: [CleaningCandidate]) -> String {
        TextTable.columns(headings, candidates.map(row))
    }

    /// A candidate in a few words: "certificate Jan Novák (expired)".
    func short(_ candidate: CleaningCandidate) -> String {
        let cells = row(candidate)
        return "\(cells[1]) \(cells[2]) (\(cells[3]))".printable
    }

    private func row(_ candidate: CleaningCandidate) -> [String] {
        let request = candidate.entry.map { entry in
            candidate.isProtected ? "\(entry.handle), \(openRequest)" : entry.handle
        }
        let kind: String
        var name = candidate.label
        switch candidate.object {
        case .certificate(_, let details):
            kind = certificate
            name = details?.subject.commonName ?? details?.subject.text ?? name
        case .key(let pair): kind = pair.hasPrivateHalf ? key : publicHalf
        }
        let identifier = candidate.publicKeySHA256.map { String($0.prefix(16)) }
        return ["\(candidate.id)", kind, name, reasons(candidate.reason), request ?? "", identifier ?? ""]
    }
}

extension TokenWorkError {
    /// A stable name for scripts.
    var stableCode: String {
        switch self {
        case .certificateUnreadable: "certificate_malformed"
        case .severalCertificates: "several_certificates"
        case .keyNowhere: "key_nowhere"
        case .keyOnSeveralTokens: "key_on_several_tokens"
        case .declined: "declined"
        case .nobodyToAsk: "answers_missing"
        case .file(let error): "pkcs12_\(error.code.snakeCase)"
        case .passwordNeeded: "password_needed"
        case .passwordsDiffer: "passwords_differ"
        case .passwordTooShort: "password_too_short"
        case .fileExists: "file_exists"
        case .cannotWrite, .backupNotWritten: "cannot_write"
        case .backupNotOpen: "backup_not_open"
        case .backupRefused: "backup_refused"
        }
    }

    var exitCode: Int32 {
        switch self {
        case .certificateUnreadable, .severalCertificates, .passwordsDiffer, .passwordTooShort, .backupRefused: 65
        case .keyNowhere: 66
        case .fileExists, .cannotWrite, .backupNotWritten: 73
        case .keyOnSeveralTokens, .nobodyToAsk, .passwordNeeded, .backupNotOpen: 64
        case .declined: 75
        case .file(let error):
            switch error.code {
            case .passwordWrong: 77
            case .cipherUnavailable: 69
            case .failed: 70
            default: 65
            }
        }
    }
}
