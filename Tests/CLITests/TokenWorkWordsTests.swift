// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import OpenSSLKit
import TestSupport
import Testing

@testable import isignum_cli

/// The errors of what happens on tokens alone, in both languages.
@Suite struct TokenWorkWordsTests {
    typealias Case = ErrorWordsTests.Case

    static let cases: [Case] =
        [
            made(.certificateUnreadable(.tooLarge), "certificate_malformed", 65),
            made(.authorityCertificate("Demo CA"), "certificate_of_ca", 65),
            made(.keyKindNotHeld("Ed25519"), "key_not_supported", 65),
            made(.keyWithoutIdentifier("blue (1)"), "key_without_id", 65),
            made(.keyHalfMissing("blue (1)"), "key_half_missing", 66),
            made(.keysIndistinct("blue (1)", KeyIdentifier(bytes: [1])), "keys_indistinct", 65),
            made(.noKeyFile([.privateKey], certificates: 1), "pkcs12_malformed", 65),
            made(.noKeyFile([], certificates: 2), "pkcs12_malformed", 65),
            made(.noKeyFile([.keyFile], certificates: 0), "pkcs12_malformed", 65),
            made(.keyFile, "certificate_in_key_file", 65),
            made(
                .certificateRefused([.chainRefused(ChainError(.issuerMissing))], nil),
                "certificate_chain_refused",
                65
            ),
            made(.certificateRefused([.malformed, .keyDiffers], nil), "certificate_refused", 65),
            made(.severalCertificates(["Jan (0x0a)", "Jan (0x0b)"]), "several_certificates", 65),
            made(.keyNowhere(tokens: ["blue (1)"]), "key_nowhere", 66),
            made(.keyNowhere(tokens: ["blue (1)", "green (2)"]), "key_nowhere", 66),
            made(.keyOnSeveralTokens(["blue (1)", "green (2)"]), "key_on_several_tokens", 64),
            made(.declined, "declined", 75),
            made(.nobodyToAsk, "answers_missing", 64),
            made(.passwordNeeded, "password_needed", 64),
            made(.passwordsDiffer, "passwords_differ", 65),
            made(.passwordTooShort(8), "password_too_short", 65),
            made(.fileExists("a.p12"), "file_exists", 73),
            made(.cannotWrite("a.p12"), "cannot_write", 73),
            made(.backupRefused("blue"), "backup_refused", 65),
            Case(CommandError(.fileTooLarge, ["a.p12"]), "file_too_large", 65),
        ]
        + faults.map { made(.certificateUnreadable($0), "certificate_malformed", 65) }
        + PKCS12Error.Code.allCases.map { code in
            let exitCode: Int32 =
                switch code {
                case .passwordWrong, .keyPasswordDiffers: 77
                case .cipherUnavailable: 69
                case .failed: 70
                default: 65
                }
            return made(.file(PKCS12Error(code)), "pkcs12_\(code.snakeCase)", exitCode)
        }

    private static let faults: [BundleError] =
        parts.map { .noCertificate([$0]) } + [.noCertificate([]), .noCertificate([.request, .privateKey])]
        + reasons.map { .unreadable(BundleFault(block: 2, label: "CERTIFICATE", reason: $0)) }
        + [.unreadable(BundleFault(block: nil, label: "", reason: .followed))]

    private static let parts: [BundlePart] = [
        .request, .privateKey, .publicKey, .revocationList, .parameters, .attributeCertificate, .keyFile, .javaKeyStore,
        .message, .distrustedCertificate, .page, .document, .archive, .block("X"), .other,
    ]

    private static let reasons: [BundleFault.Reason] = [
        .cutOff, .firstLineMissing, .firstLineBroken, .notBase64, .notCertificate(.other), .notCertificate(.request),
        .followed, .tooLarge,
    ]

    private static func made(_ error: TokenWorkError, _ code: String, _ exitCode: Int32) -> Case {
        Case(EnrollmentError.tokenWork(error), code, exitCode)
    }

    @Test(arguments: cases) func `an error of work on tokens is told in both languages`(wanted: Case) throws {
        try wanted.check()
    }

    @Test func `what stands in a backup's way is told with the file and the request`() throws {
        let home = try TemporaryFolder(named: "journal")
        let entry = try Journal(folder: URL(fileURLWithPath: home.path)).begin(
            EnrollmentPlan(
                type: .commercial,
                holder: .person,
                contact: Contact(name: "Jan Žižka", email: nil, phone: nil),
                locale: "cs",
                backupFile: "a.p12"
            ),
            authority: "test",
            token: TokenIdentity(label: "blue", serial: "1", manufacturer: "", model: "")
        )
        try Self.made(.backupTaken("a.p12", entry), "file_exists", 73).check()
        try Self.made(.backupNotWritten("a.p12", entry), "cannot_write", 73).check()
        try Self.made(.backupLost("a.p12", entry), "backup_missing", 66).check()
        try Self.made(.backupMissing("a.p12", entry), "backup_missing", 66).check()
        try Self.made(.backupChanged("a.p12", entry), "backup_changed", 65).check()
        try Self.made(.backupNotOpen(entry), "backup_not_open", 64).check()
    }
}
