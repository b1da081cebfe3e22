// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Credentials

@testable import OpenSSLKit

/// The calls of libcrypto that take a private key, as other libraries make them.
enum DirectUse {
    /// EVP_DigestSign, as X.509, CMS and TLS do; `pieces` are fed one after another.
    static func sign(
        _ pieces: [[UInt8]],
        _ key: borrowing EVPKeyHandle,
        digest: DigestAlgorithm?,
        padding: RSAPadding
    ) throws(OpenSSLError) -> [UInt8] {
        guard let context = EVP_MD_CTX_new() else { throw OpenSSLError(.failed) }
        defer { EVP_MD_CTX_free(context) }
        var parameters: OpaquePointer?
        guard EVP_DigestSignInit(context, &parameters, digest?.method, nil, key.pointer) == 1 else {
            throw OpenSSLError(.failed, "init")
        }
        if padding == .pss {
            guard EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING) == 1,
                EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST) == 1
            else { throw OpenSSLError(.failed, "padding") }
        }
        for piece in pieces {
            guard EVP_DigestUpdate(context, piece, piece.count) == 1 else { throw OpenSSLError(.failed, "update") }
        }
        var length = 0
        guard EVP_DigestSignFinal(context, nil, &length) == 1 else { throw OpenSSLError(.failed, "length") }
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_DigestSignFinal(context, &signature, &length) == 1 else { throw OpenSSLError(.failed, "final") }
        return Array(signature.prefix(length))
    }

    /// EVP_PKEY_sign over a digest that was made elsewhere.
    static func sign(
        digest: [UInt8],
        of algorithm: DigestAlgorithm,
        _ key: borrowing EVPKeyHandle
    ) throws(OpenSSLError) -> [UInt8] {
        guard let context = EVP_PKEY_CTX_new(key.pointer, nil) else { throw OpenSSLError(.failed) }
        defer { EVP_PKEY_CTX_free(context) }
        var length = 1024
        var signature = [UInt8](repeating: 0, count: length)
        guard EVP_PKEY_sign_init(context) == 1, EVP_PKEY_CTX_set_signature_md(context, algorithm.method) == 1,
            EVP_PKEY_sign(context, &signature, &length, digest, digest.count) == 1
        else { throw OpenSSLError(.failed, "sign") }
        return Array(signature.prefix(length))
    }

    /// EVP_DigestVerify with the very handle that signs.
    static func verify(
        _ signature: [UInt8],
        _ message: [UInt8],
        _ key: borrowing EVPKeyHandle,
        digest: DigestAlgorithm
    ) throws(OpenSSLError) -> Bool {
        guard let context = EVP_MD_CTX_new() else { throw OpenSSLError(.failed) }
        defer {
            EVP_MD_CTX_free(context)
            ERR_clear_error()
        }
        guard EVP_DigestVerifyInit(context, nil, digest.method, nil, key.pointer) == 1 else {
            throw OpenSSLError(.failed, "init")
        }
        return EVP_DigestVerify(context, signature, signature.count, message, message.count) == 1
    }

    /// What else libcrypto may ask of a key: every answer that must be "no" for a private half that is not here.
    static func refusals(_ key: borrowing EVPKeyHandle) throws(OpenSSLError) -> [String: Bool] {
        let memory = BIO_new(BIO_s_mem())
        defer {
            BIO_free(memory)
            ERR_clear_error()
        }
        let context = EVP_PKEY_CTX_new(key.pointer, nil)
        defer { EVP_PKEY_CTX_free(context) }
        return [
            "writes its private half": PEM_write_bio_PrivateKey(memory, key.pointer, nil, nil, 0, nil, nil) == 1,
            "decrypts": EVP_PKEY_decrypt_init(context) == 1,
            "derives": EVP_PKEY_derive_init(context) == 1,
        ]
    }

    /// Whether a certificate and a key are of one pair, as TLS and CMS ask it.
    static func fits(_ certificate: [UInt8], _ key: borrowing EVPKeyHandle) throws(OpenSSLError) -> Bool {
        let certificate = try X509Handle(der: certificate)
        defer { ERR_clear_error() }
        return X509_check_private_key(certificate.pointer, key.pointer) == 1
    }
}
