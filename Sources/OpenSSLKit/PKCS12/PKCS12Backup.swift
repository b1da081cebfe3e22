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
        return try sealed(key, name, [], password)
    }

    /// Writes the certificates of a backed-up key into its file: what comes of it holds the key of the file, its
    /// certificate, bound to it by localKeyID, and what leads to its root. NSS takes no key without its certificate.
    ///
    /// - Parameters:
    ///   - chain: the certificate of the key first, DER.
    ///   - name: what programs call the two; the file's own name for its key counts more.
    /// - Throws: `passwordWrong` and its like; `certificateMissing` when the first is not of the file's key.
    public static func completed(
        _ bytes: [UInt8],
        with chain: [[UInt8]],
        name: String,
        password: borrowing FilePassword
    ) throws(PKCS12Error) -> [UInt8] {
        guard bytes.count <= largestFile else { throw PKCS12Error(.tooLarge) }
        let library = try LegacyLibrary()
        let file = try File(bytes, in: library)
        let found = try file.open(PasswordForms(password))
        guard let key = found.key else { throw PKCS12Error(.noKey, certificates: found.certificates.count) }
        guard let leaf = chain.first, let certificate = try? Certificate(parsing: leaf), certificate.publicKey != nil,
            certificate.publicKey == PublicKey(key)
        else { throw PKCS12Error(.certificateMissing) }
        return try sealed(key, found.name.isEmpty ? name : found.name, chain, password)
    }

    private static func sealed(
        _ key: OpaquePointer,
        _ name: String,
        _ chain: [[UInt8]],
        _ password: borrowing FilePassword
    ) throws(PKCS12Error) -> [UInt8] {
        do {
            let others = isignum_x509_stack()
            defer { isignum_x509_stack_free(others) }
            for certificate in chain.dropFirst() {
                guard isignum_x509_push(others, try retained(certificate)) > 0 else { throw OpenSSLError(.failed) }
            }
            let own = try chain.first.map(retained)
            defer { X509_free(own) }
            let cipher = NID_aes_256_cbc
            let rounds = iterations
            let made = try PasswordForms(password).first(of: [.typed]) { text, _ in
                PKCS12_create(text, name, key, own, others, cipher, cipher, rounds, rounds, 0)
            }
            guard let made = made?.result else { throw PKCS12Error(.failed) }
            defer { PKCS12_free(made) }
            return try encoded { i2d_PKCS12(made, $0) }
        } catch { throw PKCS12Error(.failed) }
    }

    private static func retained(_ der: [UInt8]) throws(OpenSSLError) -> OpaquePointer {
        let certificate = try X509Handle(der: der)
        X509_up_ref(certificate.pointer)
        return certificate.pointer
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
