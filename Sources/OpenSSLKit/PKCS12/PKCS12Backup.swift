// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

extension PKCS12 {
    /// How often the password is hashed for the encryption (PBKDF2 with HMAC-SHA-256), and as often for the check.
    public static let iterations: Int32 = 600_000

    /// Writes a private key into a file: AES-256 in CBC mode under PBES2 (RFC 8018), checked by HMAC-SHA-256. The key is
    /// in the clear for a moment, in memory that is wiped.
    ///
    /// - Parameter name: what programs call the key.
    public static func backup(
        of wrapped: borrowing WrappedKey,
        name: String,
        password: borrowing FilePassword
    ) throws(PKCS12Error) -> [UInt8] {
        let key = try unwrap(wrapped)
        defer { EVP_PKEY_free(key) }
        // What a store hands out must be what was asked for.
        guard PublicKey(key) == wrapped.publicKey else { throw PKCS12Error(.failed) }
        return try withTerminated(password) { text, _ throws(PKCS12Error) in
            let cipher = NID_aes_256_cbc
            let made = PKCS12_create(text, name, key, nil, nil, cipher, cipher, iterations, iterations, 0)
            guard let made else { throw PKCS12Error(.failed) }
            defer { PKCS12_free(made) }
            do { return try encoded { i2d_PKCS12(made, $0) } } catch { throw PKCS12Error(.failed) }
        }
    }

    private static func unwrap(_ wrapped: borrowing WrappedKey) throws(PKCS12Error) -> OpaquePointer {
        let ciphertext = wrapped.ciphertext
        let vector = wrapped.initialisationVector
        let room = ciphertext.count + 32
        guard vector.count == 16, wrapped.wrappingKey.count == 32, let context = EVP_CIPHER_CTX_new() else {
            throw PKCS12Error(.failed)
        }
        defer { EVP_CIPHER_CTX_free(context) }
        let plain = UnsafeMutablePointer<UInt8>.allocate(capacity: room)
        defer {
            OPENSSL_cleanse(plain, room)
            plain.deallocate()
        }
        var first = Int32(0)
        var last = Int32(0)
        let isOpen = wrapped.wrappingKey.withBytes { key in
            let bytes = key.bindMemory(to: UInt8.self).baseAddress
            return EVP_DecryptInit_ex(context, EVP_aes_256_cbc(), nil, bytes, vector) == 1
                && EVP_DecryptUpdate(context, plain, &first, ciphertext, Int32(ciphertext.count)) == 1
                && EVP_DecryptFinal_ex(context, plain + Int(first), &last) == 1
        }
        guard isOpen else { throw PKCS12Error(.failed) }
        var cursor: UnsafePointer<UInt8>? = UnsafePointer(plain)
        guard let information = d2i_PKCS8_PRIV_KEY_INFO(nil, &cursor, Int(first + last)) else {
            throw PKCS12Error(.failed)
        }
        defer { PKCS8_PRIV_KEY_INFO_free(information) }
        guard let key = EVP_PKCS82PKEY(information) else { throw PKCS12Error(.keyNotSupported) }
        return key
    }
}
