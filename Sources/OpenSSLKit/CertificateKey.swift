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
}
