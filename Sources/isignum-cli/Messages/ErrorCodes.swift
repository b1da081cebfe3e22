// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import CSRBuilder
internal import Credentials
internal import Enrollment

// The stable names and exit codes of errors; the same in every language.

extension RawRepresentable where RawValue == String {
    /// "tokenNotFound" as "token_not_found".
    var snakeCase: String {
        rawValue.reduce(into: "") { text, letter in
            if letter.isUppercase { text += "_" }
            text += letter.lowercased()
        }
    }
}

extension KeyStoreError {
    /// Errors about secrets name the secret: "pin_wrong", "qpin_locked".
    var stableCode: String {
        let kind = (secret ?? .pin).rawValue
        switch code {
        case .secretWrong: return "\(kind)_wrong"
        case .secretLocked: return "\(kind)_locked"
        case .secretAtFinalTry: return "\(kind)_at_final_try"
        case .secretInvalid: return "\(kind)_invalid"
        case .secretMalformed: return "\(kind)_malformed"
        case .secretNotInitialised: return "\(kind)_not_set"
        case .secretUnavailable: return "\(kind)_needed"
        case .secretRefused: return "\(kind)_refused"
        case .secretIsFactory: return "\(kind)_is_factory"
        case .secretUncertain: return "\(kind)_uncertain"
        case .changeNotOffered: return "\(kind)_change_not_offered"
        case .unblockNotOffered: return "\(kind)_unblock_not_offered"
        case .newSecretOnDevice: return "\(kind)_asked_on_device"
        case .certificateNotFound: return "certificate_missing"
        default: return code.snakeCase
        }
    }

    var exitCode: Int32 {
        switch code {
        case .tokenNotFound, .keyNotFound, .certificateNotFound: 66
        case .tokenAmbiguous, .selectorInvalid, .newSecretOnDevice: 64
        // A source that was named and has nothing is no matter of how the command was written.
        case .secretUnavailable: candidates.isEmpty ? 64 : 66
        case .tokensAlike, .tokenRemoved, .functionFailed, .notRemoved, .secretUncertain, .changeNotOffered,
            .unblockNotOffered:
            69
        case .moduleUnusable, .moduleCrashed, .moduleHung: 78
        case .secretWrong, .secretLocked, .secretAtFinalTry, .secretInvalid, .secretNotInitialised, .secretRefused,
            .secretIsFactory:
            77
        case .cancelled: 75
        case .secretMalformed, .algorithmNotOffered, .importRefused: 65
        case .tokenFull, .writeProtected: 73
        }
    }
}

extension CAError {
    var stableCode: String {
        switch code {
        case .profileInvalid: "ca_address_invalid"
        case .anchorsUnusable: "ca_anchors_unusable"
        case .issuersUnusable: "ca_chain_unusable"
        case .unreachable: "ca_unreachable"
        case .proxyRefused: "ca_proxy_refused"
        case .serverNameMismatch: "tls_name_mismatch"
        case .serverCertificateExpired: "tls_certificate_expired"
        case .serverIssuerUnknown: "tls_issuer_unknown"
        case .tlsFailed: "tls_failed"
        case .clientCertificateRefused: "client_certificate_refused"
        case .clientKeyFailed: keyStoreError?.stableCode ?? "client_key_failed"
        case .answerCutOff: "ca_answer_cut_off"
        case .answerTooLarge: "ca_answer_too_large"
        case .answerInvalid: "ca_answer_invalid"
        case .redirectRefused: "ca_redirect_refused"
        case .problem(.other): "ca_refused"
        case .problem(let problem): problem.rawValue
        case .serverError: isRateLimited ? CAError.Problem.rateLimited.rawValue : "ca_error"
        case .cancelled: "cancelled"
        }
    }

    var exitCode: Int32 {
        switch code {
        case .profileInvalid, .anchorsUnusable, .issuersUnusable: 78
        case .unreachable, .serverNameMismatch, .serverCertificateExpired, .serverIssuerUnknown, .tlsFailed,
            .answerCutOff, .answerTooLarge, .answerInvalid, .redirectRefused, .proxyRefused,
            .problem(.maintenance):
            69
        case .serverError: isRateLimited ? 75 : 69
        case .clientCertificateRefused: 77
        case .clientKeyFailed: keyStoreError?.exitCode ?? 69
        case .problem(.requestUnknown): 66
        case .problem(.rateLimited), .problem(.tooEarly), .cancelled: 75
        case .problem: 1
        }
    }
}

extension JournalError {
    var exitCode: Int32 {
        switch code {
        case .cannotWrite: 73
        case .corrupt, .tooNew, .irregular, .unreadable: 65
        case .busy: 75
        case .notFound: 66
        case .idTaken: 69
        case .failed: 70
        }
    }
}

extension CommandError {
    var exitCode: Int32 {
        switch code {
        case .usage, .answersMissing, .requestAmbiguous, .certificateAmbiguous, .authorityDiffers, .serialDiffers: 64
        case .requestIDInvalid, .fileTooLarge, .fileUnusable: 65
        case .requestNotFound, .nothingToInstall, .certificateNotFound, .requestNotSigned, .requestNotSent,
            .fileUnreadable:
            66
        case .fileExists, .notRegularFile, .cannotWrite, .pageNotDrawn, .fontsMissing: 73
        case .printerUnavailable, .viewerUnavailable: 69
        case .outputClosed: 141
        case .interrupted: 130
        }
    }
}

extension SecretSourceError {
    var exitCode: Int32 {
        switch self {
        case .malformed: 64
        case .tooLong, .flawed: 65
        case .unreadable: 66
        case .pinentryFailed, .pinentrySilent: 69
        }
    }
}

/// What can be wrong with what a request is to say.
enum RequestProblem: Error, Sendable, CaseIterable {
    case nameTooLong, nameInvalid, nameUnprintable, emailInvalid, phoneInvalid, selfCheckFailed, failed

    init(_ error: CSRError) {
        switch error.code {
        case .nameTooLong: self = .nameTooLong
        case .nameInvalid: self = .nameUnprintable
        case .emailInvalid: self = .emailInvalid
        case .selfCheckFailed: self = .selfCheckFailed
        case .signing, .failed: self = .failed
        }
    }

    var stableCode: String {
        switch self {
        case .nameTooLong: "name_too_long"
        case .nameInvalid, .nameUnprintable: "name_invalid"
        case .emailInvalid: "email_invalid"
        case .phoneInvalid: "phone_invalid"
        case .selfCheckFailed: "request_self_check_failed"
        case .failed: "request_not_built"
        }
    }

    var exitCode: Int32 {
        switch self {
        case .nameTooLong, .nameInvalid, .nameUnprintable, .emailInvalid, .phoneInvalid, .selfCheckFailed: 65
        case .failed: 70
        }
    }
}
