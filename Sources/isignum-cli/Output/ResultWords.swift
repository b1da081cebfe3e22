// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// The words of results on standard output. One value a language: a missing translation does not compile.
struct ResultWords: Sendable {
    let locale: Locale
    // Requests.
    let request, status, type, holder, name, email, phone, token, key, marker, authority, created, updated: String
    let reason, file, size, noRequests, noOpenRequests, keyOnDevice: String
    let askAgainAfter: String
    let backup, backupOfKey, backupOfBoth: String
    // Certificates.
    let certificate, serialNumber, subject, issuer, validFrom, validUntil, fingerprint, area, label: String
    let noCertificates, withoutKey, imported, expired, unreadable, malformedStatements: String
    let unreadableCount: @Sendable (Int) -> String
    let daysLeft: @Sendable (Int) -> String
    // Tokens.
    let serial, profile, pin, qpin: String
    let devices: DeviceWords
    let memory: String
    let qualifiedCertificates: String
    // Next steps.
    let nextSteps, bringID, goOnWithSeal: String
    let howToCheck, howToInstall, howToReadProtocol, howToResume, howToCompleteBackup, howToList: String
    let howToBegin, howToFree: String

    /// Whether certificates are still good.
    let standing: StandingWords
    /// What is done before a device goes to somebody else.
    let handover: HandoverWords
    /// What renewals are called.
    let renewal: RenewalWords
    /// What certificates are for, and what may be wrong with them.
    let certificates: CertificateWords
    /// What errors are called.
    let errors: any ErrorWords
    /// Words for codes that scripts see as they are.
    let states: [String: String]
    let types: [CertificateType: String]
    let holders: [Holder: String]
    let secretStates: [SecretState: String]
    let areas: [KeyArea: String]
    let refusals: [String: String]

    /// The words of a language.
    static func of(_ language: Language) -> ResultWords { language == .czech ? czech : english }

    /// A state of the journal or of the CA.
    func state(_ code: String) -> String { states[code] ?? code.printable }

    /// A day as people write it.
    func day(_ date: Date) -> String {
        date.formatted(Date.FormatStyle(date: .abbreviated, time: .omitted, locale: locale))
    }

    /// A moment as people write it.
    func moment(_ date: Date) -> String {
        date.formatted(Date.FormatStyle(date: .abbreviated, time: .shortened, locale: locale))
    }
}
