// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What a file says of PBKDF2 (RFC 8018, appendix A.2), for a cipher or for PBMAC1.
struct PBKDF2Parameters: ~Copyable {
    private let parameters: UnsafeMutablePointer<PBKDF2PARAM>

    /// - Parameter algorithm: id-PBKDF2 with its parameters.
    init(_ algorithm: UnsafePointer<X509_ALGOR>) throws(PKCS12Error) {
        guard let found = ASN1_TYPE_unpack_sequence(PBKDF2PARAM_it(), algorithm.pointee.parameter) else {
            throw PKCS12Error(.malformed)
        }
        parameters = found.assumingMemoryBound(to: PBKDF2PARAM.self)
    }

    deinit { PBKDF2PARAM_free(parameters) }

    /// How often it hashes; −1 for a number that is too large.
    var iterations: Int { ASN1_INTEGER_get(parameters.pointee.iter) }

    /// How long the key is to be, in bytes; `nil` when the file leaves it open.
    var keyLength: Int? { parameters.pointee.keylength.map { ASN1_INTEGER_get($0) } }

    /// The hash of the pseudorandom function; HMAC-SHA-1 where nothing is said.
    ///
    /// - Throws: `algorithmUnknown`.
    borrowing func hash() throws(PKCS12Error) -> OpaquePointer {
        guard let function = parameters.pointee.prf else { return EVP_sha1() }
        return try Self.hash(ofHMAC: function.pointee.algorithm)
    }

    /// The hash of an HMAC by its object identifier (RFC 8018, appendix B.1.2).
    static func hash(ofHMAC object: OpaquePointer?) throws(PKCS12Error) -> OpaquePointer {
        var hash = Int32(0)
        guard EVP_PBE_find(EVP_PBE_TYPE_PRF, OBJ_obj2nid(object), nil, &hash, nil) == 1,
            let name = OBJ_nid2sn(hash), let found = EVP_get_digestbyname(name)
        else { throw PKCS12Cost.unknown(object) }
        return found
    }

    /// Derives a key.
    ///
    /// - Returns: whether it could be done.
    borrowing func derive(
        from password: UnsafePointer<CChar>?,
        _ length: Int32,
        into key: UnsafeMutableBufferPointer<UInt8>
    ) throws(PKCS12Error) -> Bool {
        let hash = try hash()
        guard let salt = parameters.pointee.salt, ASN1_TYPE_get(salt) == V_ASN1_OCTET_STRING,
            let string = salt.pointee.value.octet_string
        else { throw PKCS12Error(.malformed) }
        return PKCS5_PBKDF2_HMAC(
            password,
            length,
            ASN1_STRING_get0_data(string),
            ASN1_STRING_length(string),
            Int32(clamping: iterations),
            hash,
            Int32(key.count),
            key.baseAddress
        ) == 1
    }
}
