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
    let protectedQuestion: @Sendable (_ request: String, _ isUnsent: Bool) -> String
    let chooseQuestion, chooseHelp: String
    let yesLetters: String
    /// What an answer that is none is told.
    let consentHelp: String
    let passwordPrompt: @Sendable (_ file: String, _ isNew: Bool) -> String
    let passwordAgain: String
    let reasons: @Sendable (CleaningCandidate.Reason) -> String
    /// Headings of the list: number, kind, name, end, why, request, key.
    let headings: [String]
    let certificate, key, publicHalf, openRequest: String
    let nothingToClean, nothingRemoved: String
    /// After certificates were removed without their keys.
    let keysStay: String
    let dates: MomentText
    let types: [CertificateType: String]
    /// Said before the last certificate goes that could sign the release of a device.
    let lastSigner: @Sendable (_ device: String) -> String
    let removedCount: @Sendable (Int) -> String
    let installed, importedKey, importedBareKey, neverMarked: String
    /// After a certificate came in a file whose key has a backup.
    let bareBackup: @Sendable (_ file: String, _ command: String) -> String
    let storeMade: @Sendable (_ folder: String) -> String

    static func of(_ language: Language) -> TokenWorkWords { language == .czech ? czech : english }

    /// Candidates as a table.
    func list(_ candidates: [CleaningCandidate]) -> String {
        TextTable.columns(headings, candidates.map(row))
    }

    /// A candidate in a few words: "certificate Jan Novák (qualified, 16 Dec 2026, expired)".
    func short(_ candidate: CleaningCandidate) -> String {
        let about = [type(of: candidate), end(of: candidate), reasons(candidate.reason)].compactMap(\.self)
        return "\(kind(of: candidate)) \(name(of: candidate)) (\(about.joined(separator: ", ")))".printable
    }

    /// What is left to do for the backup of a request's key, if anything is.
    func bareBackup(of entry: JournalEntry) -> String? {
        BackupDocument(entry).flatMap { backup in
            backup.completeWith.map { bareBackup(backup.file.printable, $0) }
        }
    }

    private func row(_ candidate: CleaningCandidate) -> [String] {
        let request = candidate.request.map { candidate.isProtected ? "\($0), \(openRequest)" : $0 }
        return [
            "\(candidate.id)", type(of: candidate) ?? kind(of: candidate), name(of: candidate),
            end(of: candidate) ?? "", reasons(candidate.reason), request ?? "",
            // As much as `clean` needs to find it again.
            candidate.publicKeySHA256.map { String($0.prefix(8)) } ?? "",
        ]
    }

    private func kind(of candidate: CleaningCandidate) -> String {
        switch candidate.object {
        case .certificate: certificate
        case .key(let pair): pair.hasPrivateHalf ? key : publicHalf
        }
    }

    private func name(of candidate: CleaningCandidate) -> String {
        guard case .certificate(_, let details?) = candidate.object else { return candidate.label }
        return details.subject.commonName ?? details.subject.text
    }

    private func type(of candidate: CleaningCandidate) -> String? {
        guard case .certificate(_, let details?) = candidate.object else { return nil }
        return details.type.flatMap { types[$0] }
    }

    private func end(of candidate: CleaningCandidate) -> String? {
        guard case .certificate(_, let details?) = candidate.object else { return nil }
        return dates.day(details.notAfter)
    }
}

extension TokenWorkError {
    /// A stable name for scripts.
    var stableCode: String {
        switch self {
        case .certificateUnreadable: "certificate_malformed"
        case .authorityCertificate: "certificate_of_ca"
        case .keyKindNotHeld: "key_not_supported"
        case .keyWithoutIdentifier: "key_without_id"
        case .keyHalfMissing: "key_half_missing"
        case .keysIndistinct: "keys_indistinct"
        case .noKeyFile: "pkcs12_malformed"
        case .keyFile: "certificate_in_key_file"
        case .certificateRefused(let findings, _):
            findings.count == 1 ? findings[0].code : "certificate_refused"
        case .severalCertificates: "several_certificates"
        case .keyNowhere: "key_nowhere"
        case .keyOnSeveralTokens: "key_on_several_tokens"
        case .declined: "declined"
        case .nobodyToAsk: "answers_missing"
        case .file(let error): "pkcs12_\(error.code.snakeCase)"
        case .passwordNeeded: "password_needed"
        case .passwordsDiffer: "passwords_differ"
        case .passwordTooShort: "password_too_short"
        case .fileExists, .backupTaken: "file_exists"
        case .backupLost, .backupMissing: "backup_missing"
        case .backupChanged: "backup_changed"
        case .cannotWrite, .backupNotWritten: "cannot_write"
        case .backupNotOpen: "backup_not_open"
        case .backupRefused: "backup_refused"
        }
    }

    var exitCode: Int32 {
        switch self {
        case .certificateUnreadable, .authorityCertificate, .keyKindNotHeld, .keyFile, .noKeyFile, .certificateRefused,
            .severalCertificates, .keyWithoutIdentifier, .keysIndistinct, .passwordsDiffer, .passwordTooShort,
            .backupRefused, .backupChanged:
            65
        case .keyNowhere, .keyHalfMissing, .backupLost, .backupMissing: 66
        case .fileExists, .backupTaken, .cannotWrite, .backupNotWritten: 73
        case .keyOnSeveralTokens, .nobodyToAsk, .passwordNeeded, .backupNotOpen: 64
        case .declined: 75
        case .file(let error):
            switch error.code {
            case .passwordWrong, .keyPasswordDiffers: 77
            case .cipherUnavailable: 69
            case .failed: 70
            default: 65
            }
        }
    }
}
