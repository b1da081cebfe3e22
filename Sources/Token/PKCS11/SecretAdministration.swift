// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// New values of secrets (PKCS#11 2.40, sections 5.5 and 5.6).
extension Session {
    /// Changes the secret of whoever is logged in, or the user's when nobody is.
    ///
    /// - Parameters:
    ///   - kind: what is named in the error when the old value is wrong.
    ///   - old: `nil`, as well as `new`, has the device ask by itself, and may only be given to one that can.
    borrowing func setPIN(
        _ kind: SecretKind,
        from old: UnsafeRawBufferPointer?,
        to new: UnsafeRawBufferPointer?
    ) throws(KeyStoreError) {
        try module.call("C_SetPIN", secret: kind) {
            $0.pointee.C_SetPIN?(
                handle,
                old.text,
                CK_ULONG(old?.count ?? 0),
                new.text,
                CK_ULONG(new?.count ?? 0)
            )
        }
    }

    /// Sets the user's secret; the security officer has to be logged in.
    borrowing func initPIN(_ kind: SecretKind, to new: UnsafeRawBufferPointer?) throws(KeyStoreError) {
        try module.call("C_InitPIN", secret: kind) {
            $0.pointee.C_InitPIN?(handle, new.text, CK_ULONG(new?.count ?? 0))
        }
    }
}

extension UnsafeRawBufferPointer? {
    // The functions take pointers to what they do not change.
    fileprivate var text: UnsafeMutablePointer<CK_UTF8CHAR>? {
        UnsafeMutablePointer(mutating: self?.baseAddress?.assumingMemoryBound(to: CK_UTF8CHAR.self))
    }
}
