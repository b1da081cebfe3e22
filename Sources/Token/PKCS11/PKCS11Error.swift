// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// The one door through which every return value goes (PKCS#11 2.40, section 5.1).
enum PKCS11Error {
    /// Passes CKR_OK and throws everything else.
    ///
    /// - Parameters:
    ///   - value: `nil` when the module's function list has no such function.
    ///   - secret: the secret that was sent, for the codes about secrets.
    static func check(_ value: CK_RV?, _ function: String, secret: SecretKind? = nil) throws(KeyStoreError) {
        guard value != CKR_OK else { return }
        throw error(value ?? CKR_FUNCTION_NOT_SUPPORTED, function, secret: secret)
    }

    /// What a return value means. A failed function is never taken for a wrong PIN.
    static func error(_ value: CK_RV, _ function: String, secret: SecretKind? = nil) -> KeyStoreError {
        let code: KeyStoreError.Code =
            switch value {
            case CKR_PIN_INCORRECT: .secretWrong
            case CKR_PIN_LOCKED: .secretLocked
            case CKR_PIN_LEN_RANGE, CKR_PIN_INVALID: .secretInvalid
            case CKR_USER_PIN_NOT_INITIALIZED: .secretNotInitialised
            case CKR_FUNCTION_CANCELED: .cancelled
            case CKR_DEVICE_MEMORY: .tokenFull
            case CKR_TOKEN_WRITE_PROTECTED, CKR_SESSION_READ_ONLY: .writeProtected
            case CKR_DEVICE_REMOVED, CKR_TOKEN_NOT_PRESENT, CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED,
                CKR_TOKEN_NOT_RECOGNIZED, CKR_SLOT_ID_INVALID:
                .tokenRemoved
            case CKR_KEY_SIZE_RANGE, CKR_MECHANISM_INVALID: .algorithmNotOffered
            default: .functionFailed
            }
        return KeyStoreError(code, secret: secret, function: function, returnValue: value)
    }

    /// Return values after which nobody knows whether the thing was done.
    static func leavesDoubt(_ value: UInt?) -> Bool {
        switch value {
        case CKR_GENERAL_ERROR, CKR_FUNCTION_FAILED, CKR_DEVICE_ERROR, CKR_HOST_MEMORY: true
        default: false
        }
    }
}
