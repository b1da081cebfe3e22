// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// The one door for return values: every PKCS#11 call passes through here and is named in the error.
func check(_ value: CK_RV, _ function: String, secret: SecretKind? = nil) throws(KeyStoreError) {
    guard value != CKR_OK else { return }
    throw KeyStoreError(
        returnValue: value,
        function: function,
        secret: secret
    )
}

extension KeyStoreError {
    /// Sorts a return value. One that is not known here is never taken for a wrong secret: a person who is told so
    /// types again, and the tries run out.
    init(returnValue value: CK_RV, function: String, secret: SecretKind?) {
        var code = Self.code(for: value)
        // A module that misses another secret than the one it has (OpenSC) talks of a length that nobody gave.
        if code == .secretInvalid && secret == nil { code = .functionFailed }
        let aboutSecret = [.secretWrong, .secretLocked, .secretInvalid, .secretNotInitialised].contains(code)
        self.init(
            code,
            secret: aboutSecret ? secret : nil,
            function: function,
            returnValue: UInt(value),
            state: code == .secretLocked ? .locked : nil
        )
    }

    private static func code(for value: CK_RV) -> Code {
        switch value {
        case CKR_PIN_INCORRECT: .secretWrong
        case CKR_PIN_LOCKED: .secretLocked
        case CKR_PIN_LEN_RANGE, CKR_PIN_INVALID: .secretInvalid
        case CKR_USER_PIN_NOT_INITIALIZED: .secretNotInitialised
        case CKR_DEVICE_MEMORY: .tokenFull
        case CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT, CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED: .tokenRemoved
        case CKR_MECHANISM_INVALID, CKR_KEY_SIZE_RANGE, CKR_CURVE_NOT_SUPPORTED, CKR_DOMAIN_PARAMS_INVALID:
            .algorithmNotOffered
        case CKR_TOKEN_WRITE_PROTECTED, CKR_SESSION_READ_ONLY: .writeProtected
        case CKR_FUNCTION_CANCELED, CKR_CANCEL: .cancelled
        case CKR_CRYPTOKI_NOT_INITIALIZED: .moduleUnusable
        default: .functionFailed
        }
    }

    /// Whether this is that return value.
    func isReturnValue(_ values: CK_RV...) -> Bool { values.contains { returnValue == UInt($0) } }

    /// Whether a module that answers this has surely not done what it was asked. Anything else may hide a key or a
    /// certificate that was made after all.
    var nothingWasDone: Bool {
        switch code {
        case .functionFailed, .tokenRemoved:
            isReturnValue(
                CKR_USER_NOT_LOGGED_IN,
                CKR_ARGUMENTS_BAD,
                CKR_ATTRIBUTE_READ_ONLY,
                CKR_ATTRIBUTE_TYPE_INVALID,
                CKR_ATTRIBUTE_VALUE_INVALID,
                CKR_TEMPLATE_INCOMPLETE,
                CKR_TEMPLATE_INCONSISTENT,
                CKR_MECHANISM_PARAM_INVALID,
                CKR_FUNCTION_NOT_SUPPORTED,
                CKR_OPERATION_ACTIVE
            )
        default: true
        }
    }

    /// Whether a token that is gone may be the reason: some modules know no better answer.
    var mayMeanRemoval: Bool {
        code == .functionFailed
            && isReturnValue(
                CKR_GENERAL_ERROR,
                CKR_FUNCTION_FAILED,
                CKR_DEVICE_ERROR,
                CKR_OBJECT_HANDLE_INVALID,
                CKR_KEY_HANDLE_INVALID,
                CKR_SLOT_ID_INVALID
            )
    }
}
