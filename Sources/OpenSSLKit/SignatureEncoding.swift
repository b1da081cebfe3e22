// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

/// The two ways to write an ECDSA signature.
public enum SignatureEncoding {
    /// `r ‖ s` (PKCS#11) as a DER ECDSA-Sig-Value (RFC 3279, section 2.2.3).
    ///
    /// - Throws: `malformed` when the length is not two coordinates, or a half is zero.
    public static func der(fromRaw raw: [UInt8], curve: EllipticCurve) throws(OpenSSLError) -> [UInt8] {
        let length = curve.coordinateLength
        guard raw.count == 2 * length, raw.prefix(length).contains(where: { $0 != 0 }),
            raw.suffix(length).contains(where: { $0 != 0 }), let signature = ECDSA_SIG_new()
        else { throw OpenSSLError(.malformed, "signature") }
        defer { ECDSA_SIG_free(signature) }
        let r = BN_bin2bn(Array(raw.prefix(length)), Int32(length), nil)
        let s = BN_bin2bn(Array(raw.suffix(length)), Int32(length), nil)
        guard ECDSA_SIG_set0(signature, r, s) == 1 else { throw OpenSSLError(.failed) }
        return try encoded { i2d_ECDSA_SIG(signature, $0) }
    }
}
