// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// A session with one slot. Used from its token's executor alone; keeps its module alive; closes when it is let go.
final class Session {
    let slot: Slot
    let handle: CK_SESSION_HANDLE
    private(set) var isLoggedIn = false

    var functions: CK_FUNCTION_LIST { slot.module.functions.pointee }

    init(_ slot: Slot) throws(KeyStoreError) {
        self.slot = slot
        var handle = CK_SESSION_HANDLE()
        let flags = CK_FLAGS(CKF_SERIAL_SESSION | CKF_RW_SESSION)
        let functions = slot.module.functions
        try PKCS11Error.check(functions.pointee.C_OpenSession?(slot.id, flags, nil, nil, &handle), "C_OpenSession")
        self.handle = handle
    }

    /// Closing the last session with a token logs out (PKCS#11 2.40, section 5.6, C_CloseSession): one call less.
    deinit { _ = functions.C_CloseSession?(handle) }

    /// Sends a secret, once.
    ///
    /// - Parameter secret: `nil` only where the token asks by itself.
    func logIn<Role>(_ user: CK_USER_TYPE, with secret: borrowing Secret<Role>) throws(KeyStoreError) {
        let login = functions.C_Login
        let result = secret.withBytes { bytes in
            login?(
                handle,
                user,
                UnsafeMutablePointer(mutating: bytes.bindMemory(to: CK_UTF8CHAR.self).baseAddress),
                CK_ULONG(bytes.count)
            )
        }
        try finishLogin(result, user, Role.kind)
    }

    /// Lets the token ask for the secret on its own keypad or in its vendor's window.
    func logInAtDevice(_ user: CK_USER_TYPE, for kind: SecretKind) throws(KeyStoreError) {
        try finishLogin(functions.C_Login?(handle, user, nil, 0), user, kind)
    }

    private func finishLogin(_ result: CK_RV?, _ user: CK_USER_TYPE, _ kind: SecretKind) throws(KeyStoreError) {
        if result != CKR_USER_ALREADY_LOGGED_IN { try PKCS11Error.check(result, "C_Login", secret: kind) }
        if user == CKU_USER { isLoggedIn = true }
    }
}
