// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// Keys that were made so that a backup can be taken, in stores that allow it. Afterwards they are marked to stay.
extension PKCS11Token {
    /// Whether the profile says that keys may leave when they were made so. No qualified device's does.
    public nonisolated var letsKeysOut: Bool {
        device.profile.keyBackup?.mechanism == .aesCBCPad && device.profile.kind == .software
    }

    /// Takes an encrypted copy of a private key.
    ///
    /// The key that it is encrypted under is made here, put into the session, and gone with it.
    public func takeOut(
        _ identifier: KeyIdentifier,
        matching publicKey: PublicKey,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> WrappedKey {
        let refusal = KeyStoreError(returnValue: CKR_KEY_UNEXTRACTABLE, function: "C_WrapKey", secret: nil)
        guard letsKeysOut, let wrappingKey = Secret<WrappingKeyRole>.random() else { throw refusal }
        let open = try await loggedInSlot(for: .general, purpose: .generateKey, secrets: secrets)
        let vector = KeyIdentifier.random().bytes
        let ciphertext = try open.perform { session throws(KeyStoreError) in
            guard let key = try session.privateHalf(identifier, matching: publicKey) else {
                throw KeyStoreError(.keyNotFound)
            }
            let handle = try wrappingKey.withBytes { bytes throws(KeyStoreError) in
                try session.create(.wrappingKey, with: [(CKA_VALUE, bytes)])
            }
            defer { try? session.destroy(handle) }
            return try session.wrap(key, under: handle, vector: vector)
        }
        return WrappedKey(
            publicKey: publicKey,
            ciphertext: ciphertext,
            wrappingKey: wrappingKey,
            initialisationVector: vector
        )
    }

    /// Marks a key to stay: no copy of it is to be taken any more, and nothing takes that back (PKCS#11 2.40, section
    /// 4.9). NSS 3.87 keeps the mark, and wraps the key all the same for whoever has the password.
    public func keepIn(
        _ identifier: KeyIdentifier,
        matching publicKey: PublicKey,
        secrets: any SecretSource
    ) async throws(KeyStoreError) {
        let open = try await loggedInSlot(for: .general, purpose: .generateKey, secrets: secrets)
        try open.perform { session throws(KeyStoreError) in
            guard let key = try session.privateHalf(identifier, matching: publicKey) else {
                throw KeyStoreError(.keyNotFound)
            }
            guard try session.read([(CKA_EXTRACTABLE, 1)], of: key).first != [0] else { return }
            var template = Template()
            template.flag(CKA_EXTRACTABLE, false)
            try template.withAttributes { (list, count) throws(KeyStoreError) in
                try session.module.call("C_SetAttributeValue") {
                    $0.pointee.C_SetAttributeValue?(session.handle, key, list, count)
                }
            }
        }
    }
}

extension Session {
    fileprivate borrowing func privateHalf(
        _ identifier: KeyIdentifier,
        matching publicKey: PublicKey
    ) throws(KeyStoreError) -> CK_OBJECT_HANDLE? {
        try keyHalves(CKO_PRIVATE_KEY, bearing: identifier).first { ($0.publicKey ?? publicKey) == publicKey }?.handle
    }

    fileprivate borrowing func wrap(
        _ key: CK_OBJECT_HANDLE,
        under wrappingKey: CK_OBJECT_HANDLE,
        vector: [UInt8]
    ) throws(KeyStoreError) -> [UInt8] {
        let parameter = UnsafeMutableRawBufferPointer.allocate(byteCount: vector.count, alignment: 8)
        defer { parameter.deallocate() }
        parameter.copyBytes(from: vector)
        var mechanism = CK_MECHANISM(
            mechanism: CKM_AES_CBC_PAD,
            pParameter: parameter.baseAddress,
            ulParameterLen: CK_ULONG(vector.count)
        )
        var wrapped = [UInt8](repeating: 0, count: 16_384)
        var length = CK_ULONG(wrapped.count)
        try module.call("C_WrapKey") {
            $0.pointee.C_WrapKey?(handle, &mechanism, wrappingKey, key, &wrapped, &length)
        }
        return Array(wrapped.prefix(Int(clamping: length)))
    }
}

extension Template {
    /// A key of the session, for wrapping alone.
    fileprivate static var wrappingKey: Template {
        var template = Template(class: CKO_SECRET_KEY)
        template.number(CKA_KEY_TYPE, CKK_AES)
        template.flag(CKA_TOKEN, false)
        template.flag(CKA_WRAP, true)
        return template
    }
}
