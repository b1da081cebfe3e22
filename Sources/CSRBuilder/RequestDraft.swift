// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials
internal import OpenSSLKit

/// A request of OpenSSL on its way to being signed. It lives in one task and never leaves it.
final class RequestDraft {
    let pointer: OpaquePointer
    private let algorithm: KeyAlgorithm

    init(for publicKey: PublicKey, signedWith algorithm: KeyAlgorithm) throws(OpenSSLError) {
        guard let request = X509_REQ_new() else { throw OpenSSLError(.failed) }
        pointer = request
        self.algorithm = algorithm
        let key = try publicKey.handle()
        guard X509_REQ_set_version(request, 0) == 1, X509_REQ_set_pubkey(request, key.pointer) == 1 else {
            throw OpenSSLError(.failed, "request")
        }
        // The algorithm is no part of what is signed, but stands beside the signature.
        guard let identifier = X509_ALGOR_new() else { throw OpenSSLError(.failed) }
        defer { X509_ALGOR_free(identifier) }
        let (number, parameter): (Int32, Int32) =
            switch (algorithm.curve, algorithm.digest) {
            case (nil, _): (NID_sha256WithRSAEncryption, V_ASN1_NULL)
            case (_, .sha384): (NID_ecdsa_with_SHA384, V_ASN1_UNDEF)
            default: (NID_ecdsa_with_SHA256, V_ASN1_UNDEF)
            }
        guard X509_ALGOR_set0(identifier, OBJ_nid2obj(number), parameter, nil) == 1,
            X509_REQ_set1_signature_algo(request, identifier) == 1
        else { throw OpenSSLError(.failed, "signature algorithm") }
    }

    deinit { X509_REQ_free(pointer) }

    func toBeSigned() throws(OpenSSLError) -> [UInt8] {
        try encoded { i2d_re_X509_REQ_tbs(pointer, $0) }
    }

    func der() throws(OpenSSLError) -> [UInt8] { try encoded { i2d_X509_REQ(pointer, $0) } }

    /// Puts the signature in.
    ///
    /// - Returns: whether the request verifies.
    func finish(with signature: [UInt8], verifying publicKey: PublicKey) throws(OpenSSLError) -> Bool {
        guard let bits = ASN1_BIT_STRING_new() else { throw OpenSSLError(.failed) }
        var signature = signature
        guard ASN1_BIT_STRING_set(bits, &signature, Int32(signature.count)) == 1 else {
            ASN1_BIT_STRING_free(bits)
            throw OpenSSLError(.failed)
        }
        // No bit of the last byte is unused; OpenSSL would otherwise cut zeros off the end (X.690, section 11.2.2).
        bits.pointee.flags = (bits.pointee.flags & ~0x0F) | Int(ASN1_STRING_FLAG_BITS_LEFT)
        X509_REQ_set0_signature(pointer, bits)
        let key = try publicKey.handle()
        defer { ERR_clear_error() }
        return X509_REQ_verify(pointer, key.pointer) == 1
    }
}
