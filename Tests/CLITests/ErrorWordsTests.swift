// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import OpenSSLKit
import Testing

@testable import isignum_cli

/// Every error that the program can end with, as a person reads it in either language and as a script sees it.
@Suite struct ErrorWordsTests {
    /// An error, its stable name and its exit code (`README.md`, exit codes).
    struct Case: Sendable, CustomTestStringConvertible {
        let error: any Error
        let code: String
        let exitCode: Int32
        var testDescription: String { code }

        init(_ error: any Error, _ code: String, _ exitCode: Int32) {
            self.error = error
            self.code = code
            self.exitCode = exitCode
        }
    }

    static let token: [Case] = [
        Case(KeyStoreError(.tokenNotFound), "token_not_found", 66),
        Case(KeyStoreError(.tokenNotFound, candidates: ["blue"]), "token_not_found", 66),
        Case(KeyStoreError(.tokenAmbiguous, candidates: ["blue", "green"]), "token_ambiguous", 64),
        Case(KeyStoreError(.tokensAlike, candidates: ["blue (1), A", "blue (1), B"]), "tokens_alike", 69),
        Case(KeyStoreError(.selectorInvalid), "selector_invalid", 64),
        Case(KeyStoreError(.tokenRemoved), "token_removed", 69),
        Case(KeyStoreError(.moduleUnusable, candidates: ["module.so"]), "module_unusable", 78),
        Case(KeyStoreError(.moduleCrashed, candidates: ["module.so"]), "module_crashed", 78),
        Case(KeyStoreError(.moduleHung, candidates: ["module.so"]), "module_hung", 78),
        Case(KeyStoreError(.secretWrong, secret: .pin), "pin_wrong", 77),
        Case(KeyStoreError(.secretWrong, secret: .pin, state: .low), "pin_wrong", 77),
        Case(KeyStoreError(.secretWrong, secret: .qpin, state: .final), "qpin_wrong", 77),
        Case(KeyStoreError(.secretWrong, secret: .puk, state: .locked), "puk_wrong", 77),
        Case(KeyStoreError(.secretLocked, secret: .pin), "pin_locked", 77),
        Case(KeyStoreError(.secretLocked, secret: .qpin), "qpin_locked", 77),
        Case(KeyStoreError(.secretAtFinalTry, secret: .qpin), "qpin_at_final_try", 77),
        Case(KeyStoreError(.secretInvalid, secret: .pin), "pin_invalid", 77),
        Case(KeyStoreError(.secretMalformed, secret: .pin, flaw: .outerBlank), "pin_malformed", 65),
        Case(
            KeyStoreError(.secretMalformed, secret: .puk, candidates: ["fd:3"], flaw: .byteOrderMark),
            "puk_malformed",
            65
        ),
        Case(KeyStoreError(.secretMalformed, secret: .qpin, candidates: ["p"], flaw: .zeroByte), "qpin_malformed", 65),
        Case(
            KeyStoreError(.secretMalformed, secret: .password, candidates: ["p"], flaw: .controlCharacter),
            "password_malformed",
            65
        ),
        Case(KeyStoreError(.secretNotInitialised, secret: .qpin), "qpin_not_set", 77),
        Case(KeyStoreError(.secretRefused, secret: .qpin, refusal: .date), "qpin_refused", 77),
        Case(KeyStoreError(.secretRefused, secret: .pin, refusal: .byDevice), "pin_refused", 77),
        Case(KeyStoreError(.secretIsFactory, secret: .pin), "pin_is_factory", 77),
        Case(KeyStoreError(.secretUncertain, secret: .puk), "puk_uncertain", 69),
        Case(KeyStoreError(.changeNotOffered, secret: .qpin), "qpin_change_not_offered", 69),
        Case(KeyStoreError(.unblockNotOffered, secret: .pin), "pin_unblock_not_offered", 69),
        Case(KeyStoreError(.unblockNotOffered, secret: .pin, returnValue: 0xA4), "pin_unblock_not_offered", 69),
        Case(KeyStoreError(.secretUnavailable, secret: .pin), "pin_needed", 64),
        Case(KeyStoreError(.secretUnavailable, secret: .qpin), "qpin_needed", 64),
        Case(KeyStoreError(.secretUnavailable, secret: .pin, candidates: ["fd:3"]), "pin_needed", 66),
        Case(KeyStoreError(.cancelled), "cancelled", 75),
        Case(KeyStoreError(.algorithmNotOffered), "algorithm_not_offered", 65),
        Case(KeyStoreError(.tokenFull), "token_full", 73),
        Case(KeyStoreError(.tokenFull, areaLimit: 2), "token_full", 73),
        Case(KeyStoreError(.keyNotFound), "key_not_found", 66),
        Case(KeyStoreError(.certificateNotFound), "certificate_missing", 66),
        Case(KeyStoreError(.notRemoved), "not_removed", 69),
        Case(KeyStoreError(.importRefused), "import_refused", 65),
        Case(KeyStoreError(.importRefused, function: "C_CreateObject", returnValue: 5), "import_refused", 65),
        Case(KeyStoreError(.writeProtected), "write_protected", 73),
        Case(KeyStoreError(.functionFailed, function: "C_Sign", returnValue: 0x30), "function_failed", 69),
    ]

    static let authority: [Case] =
        [
            Case(CAError(.profileInvalid), "ca_address_invalid", 78),
            Case(CAError(.anchorsUnusable), "ca_anchors_unusable", 78),
            Case(CAError(.anchorsUnusable, bundleError: .noCertificate([.request])), "ca_anchors_unusable", 78),
            Case(CAError(.unreachable), "ca_unreachable", 69),
            Case(CAError(.serverNameMismatch), "tls_name_mismatch", 69),
            Case(CAError(.serverCertificateExpired), "tls_certificate_expired", 69),
            Case(CAError(.serverIssuerUnknown), "tls_issuer_unknown", 69),
            Case(CAError(.tlsFailed), "tls_failed", 69),
            Case(CAError(.clientCertificateRefused), "client_certificate_refused", 77),
            Case(CAError(.clientKeyFailed, keyStoreError: KeyStoreError(.tokenRemoved)), "token_removed", 69),
            Case(CAError(.clientKeyFailed), "client_key_failed", 69),
            Case(CAError(.answerCutOff), "ca_answer_cut_off", 69),
            Case(CAError(.answerTooLarge), "ca_answer_too_large", 69),
            Case(CAError(.answerInvalid), "ca_answer_invalid", 69),
            Case(CAError(.redirectRefused), "ca_redirect_refused", 69),
            Case(CAError(.proxyRefused, status: 407), "ca_proxy_refused", 69),
            Case(CAError(.proxyRefused, status: 502), "ca_proxy_refused", 69),
            Case(CAError(.serverError, status: 500), "ca_error", 69),
            Case(CAError(.cancelled), "cancelled", 75),
        ]
        + CAError.Problem.allCases.map { problem in
            let exitCode: Int32 =
                switch problem {
                case .rateLimited, .tooEarly: 75
                case .maintenance: 69
                case .requestUnknown: 66
                default: 1
                }
            return Case(CAError(.problem(problem)), problem == .other ? "ca_refused" : problem.rawValue, exitCode)
        }

    static let handover: [Case] = [
        Case(EnrollmentError.handover(.alreadyRevoked(.now)), "certificate_revoked", 1),
        Case(EnrollmentError.handover(.alreadyRevoked(nil)), "certificate_revoked", 1),
        Case(EnrollmentError.handover(.signerRevoked), "signer_revoked", 1),
        Case(EnrollmentError.handover(.signerRevokedInstead(isGood: true)), "signer_revoked", 1),
        Case(EnrollmentError.handover(.signerRevokedInstead(isGood: false)), "signer_revoked", 1),
        Case(EnrollmentError.handover(.revocationUnclear), "revocation_unclear", 1),
        Case(EnrollmentError.handover(.revocationNotOffered(serialNumber: "0a")), "service_not_offered", 1),
        Case(
            EnrollmentError.handover(
                .certificatesValid([.init(serial: "0a", subject: "CN=Jan", notAfter: .now, status: .valid)])
            ),
            "binding_certificates_valid",
            1
        ),
        Case(EnrollmentError.handover(.notBound("C6B6")), "binding_unknown", 66),
        Case(EnrollmentError.handover(.noSigner), "signer_not_found", 66),
        Case(EnrollmentError.handover(.noSignerOfHolder(device: "C6B6")), "signer_not_found", 66),
        Case(EnrollmentError.handover(.noRecipient("demo")), "mail_recipient_unset", 78),
        Case(EnrollmentError.handover(.addressInvalid("a b")), "mail_address_invalid", 65),
    ]

    @Test(arguments: handover) func `an error of a hand-over is told in both languages`(wanted: Case) throws {
        try wanted.check()
    }

    static let renewal: [Case] = [
        Case(EnrollmentError.renewal(.expired(.distantPast)), "certificate_expired", 65),
        Case(EnrollmentError.renewal(.notYetValid(.now)), "certificate_not_yet_valid", 65),
        Case(EnrollmentError.renewal(.revoked(.now)), "certificate_revoked", 65),
        Case(EnrollmentError.renewal(.foreign("demo")), "certificate_foreign", 65),
        Case(EnrollmentError.renewal(.untold), "certificate_type_unknown", 65),
        Case(EnrollmentError.renewal(.withoutKey), "certificate_without_key", 66),
        Case(
            EnrollmentError.renewal(
                .oldKeyMissing(TokenIdentity(label: "blue", serial: "1", manufacturer: "", model: ""))
            ),
            "key_missing",
            66
        ),
        Case(EnrollmentError.renewal(.nothingToRenew), "nothing_to_renew", 66),
        Case(EnrollmentError.renewal(.notForSeals), "renewal_not_for_seals", 64),
    ]

    @Test(arguments: renewal) func `why nothing is renewed is told in both languages`(wanted: Case) throws {
        try wanted.check()
    }

    @Test func `what carries on is the command that broke off, or resume for requests`() {
        for language in [Language.english, .czech] {
            let pulled = KeyStoreError(.tokenRemoved)
            for command in ["new", "renew", "install", nil] {
                let hints = explain(pulled, in: language, carryingOn: CarryingOn(after: command)).hints
                #expect(hints.contains { $0.contains("isignum resume") })
            }
            for command in ["revoke", "binding", "clean", "list"] {
                for error in [pulled, CAError(.unreachable)] as [any Error] {
                    let hints = explain(error, in: language, carryingOn: CarryingOn(after: command)).hints
                    #expect(!hints.isEmpty && hints.allSatisfy { !$0.contains("resume") })
                }
            }
        }
    }

    static let findings: [Case] = [
        Case(refusal(.malformed), "certificate_malformed", 65),
        Case(refusal(.keyDiffers), "certificate_key_differs", 65),
        Case(refusal(.expired(.distantPast)), "certificate_expired", 65),
        Case(refusal(.notYetValid(.now, skew: nil)), "certificate_not_yet_valid", 65),
        Case(refusal(.notYetValid(.now, skew: 7_200)), "certificate_not_yet_valid", 65),
        Case(refusal(.weak("SHA-1")), "certificate_weak", 65),
        Case(refusal(.markerMissing(.qescd)), "certificate_marker_missing", 65),
        Case(refusal(.statementsMalformed), "certificate_statements_malformed", 65),
        Case(refusal(.typeDiffers(.commercial)), "certificate_type_differs", 65),
        Case(refusal(.revoked), "certificate_revoked", 65),
        Case(refusal(.isAuthority), "certificate_is_authority", 65),
        Case(refusal(.signsForAuthority([.keyCertSign, .cRLSign])), "certificate_signs_for_authority", 65),
        Case(refusal(.cannotSign([.keyEncipherment])), "certificate_cannot_sign", 65),
        Case(refusal(.cannotSign([])), "certificate_cannot_sign", 65),
        Case(refusal(.purposeForeign(["1.3.6.1.5.5.7.3.1", "1.2.3.4"])), "certificate_purpose_foreign", 65),
        Case(refusal(.extensionFault(.unknown("1.2.3.4"))), "certificate_extension_unknown", 65),
        Case(refusal(.extensionFault(.malformed("2.5.29.17"))), "certificate_extension_malformed", 65),
        Case(refusal(.extensionFault(.twice("2.5.29.17"))), "certificate_extension_twice", 65),
        Case(refusal(.kindDiffers(.seal)), "certificate_holder_kind_differs", 65),
        Case(refusal(.kindDiffers(.person)), "certificate_holder_kind_differs", 65),
        Case(EnrollmentError.holderDiffers(differences, nil), "certificate_holder_differs", 65),
        Case(EnrollmentError.authorityUnsound("demo", []), "ca_chain_refused", 78),
        Case(EnrollmentError.certificateRefused([.keyDiffers, .malformed]), "certificate_refused", 65),
    ]

    static let differences: [HolderDifference] = [
        .name(requested: "Jan", issued: "Jana", isSomebodyElse: false),
        .name(requested: "Jan", issued: "Petr", isSomebodyElse: true),
        .name(requested: "Jan", issued: "", isSomebodyElse: true), .personalName(commonName: "Jan", issued: "Petr"),
        .furtherName(requested: "Jan", issued: "Petr"), .pseudonym("Bob"), .organisation(requested: "A", issued: "B"),
        .kind(requested: .person, issued: .seal),
        .kind(requested: .seal, issued: .person),
        .emailAddresses(requested: "a@example.cz", issued: ["b@example.cz", "c@example.cz"]),
        .emailAddressMissing("a@example.cz"), .otherNames(["www.example.cz"]), .unprintable("\u{1B}[2J"),
    ]

    @Test(arguments: differences) func `each way in which a holder differs has words`(
        difference: HolderDifference
    ) throws {
        try Case(EnrollmentError.holderDiffers([difference], nil), "certificate_holder_differs", 65).check()
        let error = explain(EnrollmentError.holderDiffers([difference], nil), in: .english)
        #expect(error.hints.contains { $0.contains("--accept-name") })
        #expect(error.particulars.differences?.map(\.kind) == [difference.code])
    }

    static let reasons: [ChainError.Reason] = [
        .issuerMissing, .rootNotTrusted, .expired, .notYetValid, .badSignature, .keyTooSmall, .digestTooWeak,
        .explicitCurve, .notAuthority, .keyUsageWithoutSigning, .pathTooLong, .nameNotPermitted,
        .nameConstraintsUnsupported, .extensionFault(.unknown("1.2.3.4")), .extensionFault(.malformed("2.5.29.17")),
        .extensionFault(.twice("2.5.29.17")), .unreadable, .other(1),
    ]

    private static func refusal(_ finding: CertificateFinding) -> EnrollmentError { .certificateRefused([finding]) }

    @Test(arguments: token) func `an error of the token is told in both languages`(wanted: Case) throws {
        try wanted.check()
        if let error = wanted.error as? KeyStoreError {
            #expect(explain(EnrollmentError.keyStore(error), in: .czech) == explain(error, in: .czech))
        }
    }

    @Test(arguments: authority) func `an error of the CA is told in both languages`(wanted: Case) throws {
        try wanted.check()
        if let error = wanted.error as? CAError {
            #expect(explain(EnrollmentError.authority(error), in: .czech) == explain(error, in: .czech))
        }
    }

    @Test(arguments: findings) func `a refused certificate is told in both languages`(wanted: Case) throws {
        try wanted.check()
    }

    @Test(arguments: reasons) func `a refused chain is told in both languages, with its reason`(
        reason: ChainError.Reason
    ) throws {
        for isAboutLeaf in [true, false] {
            for subject in [nil, "", "CN=Sub CA"] {
                let error = ChainError(reason, subject: subject, isAboutLeaf: isAboutLeaf, detail: "words")
                let refusal = EnrollmentError.certificateRefused([.chainRefused(error)])
                try Case(refusal, "certificate_chain_refused", 65).check()
                let explanation = explain(refusal, in: .english)
                #expect(explanation.particulars.reason == reason.name)
                #expect(explanation.particulars.certificate == subject)
                // A good certificate is not rejected for a doubt about what is above it.
                #expect(explanation.hints.contains { $0.contains("--reject") } == isAboutLeaf)
                if subject == "CN=Sub CA", !isAboutLeaf { #expect(explanation.message.contains("CN=Sub CA")) }
            }
        }
        let texts = Self.reasons.map { CertificateWords.english.chain(ChainError($0, subject: "CN=x")) }
        #expect(Set(texts).count == texts.count)
    }

    @Test(arguments: Language.allCases)
    func `whoever was asked about a certificate and did not tell is spoken of in words`(language: Language) {
        let words = ResultWords.of(language).standing
        let codes: [CAError.Code] = [
            .unreachable, .serverNameMismatch, .serverCertificateExpired, .serverIssuerUnknown, .tlsFailed,
            .answerCutOff, .answerTooLarge, .answerInvalid, .redirectRefused, .serverError, .profileInvalid, .cancelled,
            .proxyRefused,
        ]
        // A responder that is asked too often says it by its status alone.
        for error in codes.map({ CAError($0) }) + [CAError(.serverError, status: 429)] {
            let code = StandingDocument.code(of: error)
            #expect(words.trouble(code) != nil, "\(code)")
        }
        #expect(StandingDocument.code(of: CAError(.serverError, status: 429)) == "rate_limited")
    }
}

extension ErrorWordsTests.Case {
    /// Both languages, the stable name, the exit code.
    func check() throws {
        let english = explain(error, in: .english)
        let czech = explain(error, in: .czech)
        for explanation in [english, czech] {
            #expect(explanation.code == code)
            #expect(explanation.exitCode == exitCode)
            for text in [explanation.message] + explanation.hints { try checkStyle(text) }
        }
        #expect(english.code.wholeMatch(of: /[a-z][a-z0-9]*(_[a-z0-9]+)*/) != nil)
        #expect(english.message != czech.message)
        #expect(english.hints.count == czech.hints.count)
        for (left, right) in zip(english.hints, czech.hints) { #expect(left != right) }
    }

    /// Lower case unless it begins with a name, no full stop, no blanks where something was left out.
    private func checkStyle(_ wording: String) throws {
        let text = wording.replacing("\n  ", with: " ")
        let first = try #require(text.first)
        let names = ["PIN", "PUK", "CA", "ID", "CSR", "PKCS#11"]
        #expect(!first.isUppercase || names.contains { text.hasPrefix($0) }, "\(text)")
        #expect(!text.hasSuffix(".") && !text.hasSuffix(":") && !text.hasSuffix(": "), "\(text)")
        #expect(!text.contains("  ") && !text.contains("()") && !text.contains(" ,"), "\(text)")
        #expect(!text.contains("Optional") && !text.contains("nil"), "\(text)")
    }
}
