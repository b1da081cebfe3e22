// SPDX-License-Identifier: Apache-2.0

import Credentials
import Enrollment
import Foundation
import Testing

@testable import CSRBuilder
@testable import isignum_cli

/// Errors that are neither the token's nor the CA's: the journal, the configuration, what a command was given.
@Suite struct ProgramErrorWordsTests {
    typealias Case = ErrorWordsTests.Case

    static let journal: [Case] = [
        Case(JournalError(.cannotWrite, path: "journal.sqlite", detail: "disk full"), "journal_cannot_write", 73),
        Case(JournalError(.corrupt, path: "journal.damaged"), "journal_corrupt", 65),
        Case(JournalError(.irregular, path: "journal.sqlite"), "journal_irregular", 65),
        Case(JournalError(.unreadable, detail: "plan", entry: 3), "journal_unreadable", 65),
        Case(JournalError(.unreadable), "journal_unreadable", 65),
        Case(JournalError(.idTaken), "journal_id_taken", 69),
        Case(JournalError(.tooNew, path: "journal.sqlite"), "journal_too_new", 65),
        Case(JournalError(.busy), "journal_busy", 75),
        Case(JournalError(.notFound), "journal_not_found", 66),
        Case(JournalError(.failed, detail: "SQLite error 1"), "journal_failed", 70),
    ]

    static let command: [Case] = [
        Case(CommandError(.answersMissing, ["--type", "--pin-from"]), "answers_missing", 64),
        Case(CommandError(.requestIDInvalid, ["BP1"]), "request_id_invalid", 65),
        Case(CommandError(.requestNotFound, ["BP5638412975"]), "request_not_found", 66),
        Case(CommandError(.requestAmbiguous, ["1", "2"]), "request_ambiguous", 64),
        Case(CommandError(.nothingToInstall), "nothing_to_install", 66),
        Case(CommandError(.certificateNotFound, ["Jan"]), "certificate_not_found", 66),
        Case(CommandError(.certificateAmbiguous, ["Jan", "Jana"]), "certificate_ambiguous", 64),
        Case(CommandError(.requestNotSigned, ["3"]), "request_not_signed", 66),
        Case(CommandError(.requestNotSent, ["3"]), "request_not_sent", 66),
        Case(CommandError(.serialDiffers, ["C6B67B431DB714B4"]), "serial_differs", 64),
        Case(CommandError(.authorityDiffers, ["3", "demo"]), "authority_differs", 64),
        Case(CommandError(.fileExists, ["a.pdf"]), "file_exists", 73),
        Case(CommandError(.notRegularFile, ["a.pdf", "link"]), "not_a_regular_file", 73),
        Case(CommandError(.notRegularFile, ["a.pdf", "device"]), "not_a_regular_file", 73),
        Case(CommandError(.fileUnreadable, ["a.txt"]), "file_unreadable", 66),
        Case(CommandError(.fileUnusable, ["a.txt"]), "file_unusable", 65),
        Case(CommandError(.cannotWrite, ["a.pdf"]), "cannot_write", 73),
        Case(CommandError(.pageNotDrawn, ["isignum-paper"]), "page_not_drawn", 73),
        Case(CommandError(.fontsMissing), "fonts_missing", 73),
        Case(CommandError(.printerUnavailable), "printer_unavailable", 69),
        Case(CommandError(.printerUnavailable, ["lp: Error - no default"]), "printer_unavailable", 69),
        Case(CommandError(.viewerUnavailable, ["a.pdf"]), "viewer_unavailable", 69),
        Case(CommandError(.outputClosed), "output_closed", 141),
        Case(CommandError(.interrupted, ["SIGINT"]), "interrupted", 130),
    ]

    private static func configuration(_ code: ConfigurationError.Code, _ candidates: [String] = []) -> Case {
        let error = ConfigurationError(
            code,
            file: "config.toml",
            line: 3,
            key: "ca.demo",
            detail: "…",
            candidates: candidates
        )
        return Case(error, "configuration_\(code.snakeCase)", 78)
    }

    static let configuration: [Case] = [
        configuration(.unreadable), configuration(.syntax), configuration(.unknownKey), configuration(.badValue),
        configuration(.authorityUnset), configuration(.authorityUnset, ["one", "two"]),
        configuration(.authorityUnknown), configuration(.authorityUnknown, ["one"]),
    ]

    static let request: [Case] = [
        Case(RequestProblem.nameTooLong, "name_too_long", 65),
        Case(RequestProblem.nameInvalid, "name_invalid", 65), Case(RequestProblem.nameUnprintable, "name_invalid", 65),
        Case(RequestProblem.emailInvalid, "email_invalid", 65),
        Case(RequestProblem.phoneInvalid, "phone_invalid", 65),
        Case(RequestProblem.selfCheckFailed, "request_self_check_failed", 65),
        Case(RequestProblem.failed, "request_not_built", 70),
    ]

    static let stories: [Case] = [
        Case(EnrollmentError.journal(JournalError(.busy)), "journal_busy", 75),
        Case(EnrollmentError.request(CSRError(.nameTooLong)), "name_too_long", 65),
        Case(EnrollmentError.request(CSRError(.failed)), "request_not_built", 70),
        Case(
            EnrollmentError.request(
                CSRError(.signing, keyStoreError: KeyStoreError(.secretLocked, secret: .qpin))
            ),
            "qpin_locked",
            77
        ),
        Case(
            EnrollmentError.keyMissing(TokenIdentity(label: "blue", serial: "1", manufacturer: "m", model: "m")),
            "key_missing",
            66
        ),
        Case(EnrollmentError.testSignatureWrong, "test_signature_wrong", 65),
    ]

    static let sources: [Case] = [
        Case(SecretSourceError.malformed, "secret_source_unusable", 64),
        Case(SecretSourceError.unreadable("file:pin"), "secret_source_unusable", 66),
        Case(SecretSourceError.tooLong("fd:3"), "secret_source_unusable", 65),
        Case(SecretSourceError.flawed("fd:3", .byteOrderMark), "secret_source_unusable", 65),
        Case(SecretSourceError.pinentrySilent, "secret_source_unusable", 69),
        Case(SecretSourceError.pinentryFailed, "secret_source_unusable", 69),
    ]

    @Test(arguments: journal + command) func `an error of the journal or a command is told in both languages`(
        wanted: Case
    ) throws {
        try wanted.check()
    }

    @Test(arguments: configuration + sources) func `an error of the configuration is told in both languages`(
        wanted: Case
    ) throws {
        try wanted.check()
    }

    @Test(arguments: request + stories) func `an error of a request is told in both languages`(wanted: Case) throws {
        try wanted.check()
    }

    @Test func `each problem of a request has its case here`() {
        let tested = Self.request.compactMap { $0.error as? RequestProblem }
        #expect(Set(tested) == Set(RequestProblem.allCases))
    }

    @Test func `anything else is a bug, and says what it was`() {
        struct Surprise: Error {}
        for language in Language.allCases {
            let explanation = explain(Surprise(), in: language)
            #expect(explanation.code == "internal")
            #expect(explanation.exitCode == 70)
            #expect(explanation.message.contains("Surprise"))
        }
    }

    @Test func `a certificate with several faults names them all`() {
        let error = EnrollmentError.certificateRefused([.keyDiffers, .markerMissing(.ncpPlus), .weak("SHA-1")])
        let message = explain(error, in: .english).message
        for word in ["another key", "NCP+", "SHA-1"] { #expect(message.contains(word)) }
    }

    @Test(arguments: Language.allCases)
    func `a journal that cannot be written says what stands in the way, what stands and what carries on`(
        language: Language
    ) {
        var error = JournalError(.cannotWrite, path: "/x/journal.sqlite", detail: "disk full")
        var hints: Set<String> = []
        for obstacle in [JournalError.Obstacle.full, .readOnly, .rights, nil] {
            error.obstacle = obstacle
            let words = explain(EnrollmentError.journal(error), in: language)
            #expect(words.message.contains("/x/journal.sqlite"))
            #expect(words.hints.last?.contains("isignum resume") == true)
            hints.insert(words.hints[0])
            error.isBeforeAnything = true
            let early = explain(error, in: language)
            #expect(early.hints.contains { $0.contains("nothing was done") || $0.contains("nic se neprovedlo") })
            #expect(!early.hints.joined().contains("resume"))
            error.isBeforeAnything = false
        }
        #expect(hints.count == 4)
        // A damaged file is said to be put aside only where it was, with its name.
        var damage = JournalError(.corrupt, path: "/x/journal.sqlite")
        let words = [language == .czech ? "byl odložen jako" : "was put aside as"]
        #expect(!words.contains { explain(damage, in: language).message.contains($0) })
        damage.isPutAside = true
        #expect(words.allSatisfy { explain(damage, in: language).message.contains("\($0) /x/journal.sqlite") })
    }
}
