// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// The check of newer PKCS#12 files (RFC 9579): HMAC under a key of PBKDF2. Computed here for every OpenSSL: those
/// before 3.4 call the right password of such a file wrong.
struct PBMAC1: ~Copyable {
    private let derivation: PBKDF2Parameters
    private let hash: OpaquePointer
    private let keyLength: Int

    /// - Parameter algorithm: id-PBMAC1 with its parameters.
    /// - Throws: `algorithmUnknown`; `malformed` also for a key length that is missing or makes the check worthless.
    init(_ algorithm: UnsafePointer<X509_ALGOR>, adding cost: inout PKCS12Cost) throws(PKCS12Error) {
        // RFC 8018, appendix A.5: the same two fields as PBES2's, a derivation and what is done with its key.
        guard let found = ASN1_TYPE_unpack_sequence(PBE2PARAM_it(), algorithm.pointee.parameter) else {
            throw PKCS12Error(.malformed)
        }
        let scheme = found.assumingMemoryBound(to: PBE2PARAM.self)
        defer { PBE2PARAM_free(scheme) }
        guard let function = scheme.pointee.keyfunc, let check = scheme.pointee.encryption else {
            throw PKCS12Error(.malformed)
        }
        guard OBJ_obj2nid(function.pointee.algorithm) == NID_id_pbkdf2 else {
            throw PKCS12Cost.unknown(function.pointee.algorithm)
        }
        let hash = try PBKDF2Parameters.hash(ofHMAC: check.pointee.algorithm)
        let derivation = try PBKDF2Parameters(function)
        try cost.add(derivation)
        guard let keyLength = derivation.keyLength, (16...64).contains(keyLength) else {
            throw PKCS12Error(.malformed)
        }
        self.hash = hash
        self.keyLength = keyLength
        self.derivation = derivation
    }

    /// Whether content and password give what the file says.
    borrowing func verifies(
        _ content: UnsafeBufferPointer<UInt8>,
        _ password: UnsafePointer<CChar>?,
        _ length: Int32,
        against expected: UnsafeBufferPointer<UInt8>
    ) throws(PKCS12Error) -> Bool {
        let key = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: keyLength)
        defer {
            OPENSSL_cleanse(key.baseAddress, key.count)
            key.deallocate()
        }
        var computed = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var size = UInt32(0)
        guard try derivation.derive(from: password, length, into: key),
            HMAC(hash, key.baseAddress, Int32(keyLength), content.baseAddress, content.count, &computed, &size) != nil
        else { throw PKCS12Error(.failed) }
        return Int(size) == expected.count && CRYPTO_memcmp(computed, expected.baseAddress, expected.count) == 0
    }
}
