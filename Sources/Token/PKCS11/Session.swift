// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// An open session with a token. It keeps its module alive and is closed when it goes out of scope.
///
/// There is no C_Logout: closing an application's last session with a token logs it out (PKCS#11 2.40, section 5.6,
/// C_CloseSession), and every call that is spared is a wait that is spared.
struct Session: ~Copyable {
    let module: Module
    let handle: CK_SESSION_HANDLE

    /// Opens a session that may write, or one that may only read where the token takes no writing.
    init(on slot: Slot) throws(KeyStoreError) {
        let serial = CK_FLAGS(CKF_SERIAL_SESSION)
        let wanted = slot.token.isWriteProtected ? serial : serial | CK_FLAGS(CKF_RW_SESSION)
        let handle: CK_SESSION_HANDLE
        do throws(KeyStoreError) {
            handle = try Self.open(slot, flags: wanted)
        } catch  where error.isReturnValue(CKR_TOKEN_WRITE_PROTECTED) {
            handle = try Self.open(slot, flags: serial)
        }
        module = slot.module
        self.handle = handle
    }

    deinit { try? module.call("C_CloseSession") { $0.pointee.C_CloseSession?(handle) } }

    /// Gives the user's secret to the token, once.
    ///
    /// - Parameter secret: `nil` has the device ask by itself, and may only be given to a device that can.
    borrowing func logIn(
        _ user: CK_USER_TYPE,
        as kind: SecretKind,
        with secret: UnsafeRawBufferPointer?
    ) throws(KeyStoreError) {
        let bytes = secret?.baseAddress?.assumingMemoryBound(to: CK_UTF8CHAR.self)
        try module.call("C_Login", secret: kind) {
            $0.pointee.C_Login?(
                handle,
                user,
                UnsafeMutablePointer(mutating: bytes),
                CK_ULONG(secret?.count ?? 0)
            )
        }
    }

    private static func open(_ slot: Slot, flags: CK_FLAGS) throws(KeyStoreError) -> CK_SESSION_HANDLE {
        var handle = CK_SESSION_HANDLE(0)
        try slot.module.call("C_OpenSession") { $0.pointee.C_OpenSession?(slot.id, flags, nil, nil, &handle) }
        return handle
    }
}
