// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

extension Certificate {
    /// The DER SubjectPublicKeyInfo of any certificate, also of a key that requests cannot be made for.
    public func subjectPublicKeyInfo() throws(OpenSSLError) -> [UInt8] {
        let handle = try X509Handle(der: der)
        guard let key = X509_get_X509_PUBKEY(handle.pointer) else { throw OpenSSLError(.malformed, "public key") }
        return try encoded { i2d_X509_PUBKEY(key, $0) }
    }

    /// What kind of key it is, as people call it: "Ed25519", "P-521", "RSASSA-PSS"; its object identifier where it has
    /// no name.
    public var kindOfKey: String {
        if let publicKey {
            if case .elliptic(let curve, _) = publicKey.material { return curve == .p256 ? "P-256" : "P-384" }
            return "RSA \(publicKey.strengthInBits)"
        }
        defer { ERR_clear_error() }
        guard let handle = try? X509Handle(der: der), let key = X509_get_X509_PUBKEY(handle.pointer) else { return "" }
        if let key = X509_PUBKEY_get0(key), EVP_PKEY_is_a(key, "EC") == 1 {
            var name = [CChar](repeating: 0, count: 64)
            var length = 0
            if EVP_PKEY_get_group_name(key, &name, name.count, &length) == 1 {
                let curve = String(decoding: name.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
                return curve == "secp521r1" ? "P-521" : curve
            }
        }
        var algorithm: OpaquePointer?
        guard X509_PUBKEY_get0_param(&algorithm, nil, nil, nil, key) == 1, let algorithm else { return "" }
        switch OBJ_obj2nid(algorithm) {
        case NID_ED25519: return "Ed25519"
        case NID_ED448: return "Ed448"
        case NID_rsassaPss: return "RSASSA-PSS"
        case NID_X9_62_id_ecPublicKey: return "EC"
        default: return objectText(algorithm)
        }
    }

    /// Whether it is a CA's: basicConstraints says so (RFC 5280, section 4.2.1.9).
    public var isOfAuthority: Bool {
        defer { ERR_clear_error() }
        guard let handle = try? X509Handle(der: der) else { return false }
        return X509_check_ca(handle.pointer) == 1
    }
}
