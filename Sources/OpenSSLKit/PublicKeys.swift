// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

extension PublicKey {
    /// The DER SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
    public func subjectPublicKeyInfo() throws(OpenSSLError) -> [UInt8] {
        let key = try handle()
        return try encoded { i2d_PUBKEY(key.pointer, $0) }
    }

    /// The SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal: how a key is called for people and in scripts.
    public func fingerprint() throws(OpenSSLError) -> String {
        Digests.hexadecimal(Digests.digest(try subjectPublicKeyInfo(), .sha256))
    }

    /// Whether a signature in PKCS#11 form (RSA block, or `r ‖ s`) was made over some content with the private half.
    public func verify(_ signature: [UInt8], of content: ContentToSign) -> Bool {
        defer { ERR_clear_error() }
        guard let key = try? handle(), let context = EVP_PKEY_CTX_new(key.pointer, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_verify_init(context) == 1 else { return false }
        var signature = signature
        switch material {
        case .rsa:
            let padding = content.padding == .pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING
            guard EVP_PKEY_CTX_set_rsa_padding(context, padding) == 1 else { return false }
            if content.padding == .pss {
                guard EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1 else { return false }
            }
        case .elliptic(let curve, _):
            guard let der = try? SignatureEncoding.der(fromRaw: signature, curve: curve) else { return false }
            signature = der
        }
        guard EVP_PKEY_CTX_set_signature_md(context, content.digestAlgorithm.method) == 1 else { return false }
        return EVP_PKEY_verify(context, signature, signature.count, content.digest, content.digest.count) == 1
    }

    /// The key as OpenSSL holds it.
    package func handle() throws(OpenSSLError) -> EVPKeyHandle {
        let parameters = try KeyParameters()
        switch material {
        case .rsa(let modulus, let exponent):
            try parameters.add(OSSL_PKEY_PARAM_RSA_N, number: modulus)
            try parameters.add(OSSL_PKEY_PARAM_RSA_E, number: exponent)
            return try parameters.publicKey("RSA")
        case .elliptic(let curve, let point):
            try parameters.add(OSSL_PKEY_PARAM_GROUP_NAME, text: curve == .p256 ? "P-256" : "P-384")
            try parameters.add(OSSL_PKEY_PARAM_PUB_KEY, bytes: point)
            return try parameters.publicKey("EC")
        }
    }

    /// Takes the numbers out of a key of OpenSSL; `nil` for keys that requests cannot be made for.
    init?(_ key: OpaquePointer) {
        func number(_ name: String) -> [UInt8]? {
            var number: OpaquePointer?
            guard EVP_PKEY_get_bn_param(key, name, &number) == 1, let number else { return nil }
            defer { BN_free(number) }
            var bytes = [UInt8](repeating: 0, count: Int(BN_num_bits(number) + 7) / 8)
            BN_bn2bin(number, &bytes)
            return bytes
        }
        if EVP_PKEY_is_a(key, "RSA") == 1 {
            guard let modulus = number(OSSL_PKEY_PARAM_RSA_N), let exponent = number(OSSL_PKEY_PARAM_RSA_E),
                let rsa = PublicKey.rsa(modulus: modulus, exponent: exponent)
            else { return nil }
            self = rsa
            return
        }
        guard EVP_PKEY_is_a(key, "EC") == 1 else { return nil }
        var name = [CChar](repeating: 0, count: 64)
        var length = 0
        guard EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 else { return nil }
        let curve: EllipticCurve
        switch String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self) {
        case "prime256v1", "P-256": curve = .p256
        case "secp384r1", "P-384": curve = .p384
        default: return nil
        }
        guard let x = number(OSSL_PKEY_PARAM_EC_PUB_X), let y = number(OSSL_PKEY_PARAM_EC_PUB_Y) else { return nil }
        let padded = [x, y].flatMap { [UInt8](repeating: 0, count: max(0, curve.coordinateLength - $0.count)) + $0 }
        guard let elliptic = PublicKey.elliptic(curve: curve, point: [0x04] + padded) else { return nil }
        self = elliptic
    }
}
