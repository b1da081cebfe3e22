// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// How much computing a PKCS#12 file asks for before its password can even be called wrong: a hostile one may ask for
/// days. Counted over all its parts, and each part only if its algorithms are known here.
struct PKCS12Cost {
    /// The most iterations of one key derivation.
    private static let mostIterations = 5_000_000
    /// The most iterations that a whole file may want: seconds, on a slow machine. OpenSSL's command writes three parts
    /// that want the same number.
    private static let mostInAll = 10_000_000
    /// The most memory that scrypt (RFC 7914) may want, in bytes; OpenSSL's own bound.
    private static let mostMemory = 32 << 20

    private let library: OpaquePointer
    private let hasLegacyCiphers: Bool
    private var iterations = 0

    init(_ library: borrowing LegacyLibrary) {
        self.library = library.context
        hasLegacyCiphers = library.hasLegacyCiphers
    }

    /// - Throws: `tooCostly`, also for numbers that no derivation has.
    mutating func add(iterations number: UnsafePointer<ASN1_INTEGER>?) throws(PKCS12Error) {
        // One, where nothing is said (RFC 7292, section 4).
        try add(number.map { ASN1_INTEGER_get($0) } ?? 1)
    }

    private mutating func add(_ count: Int) throws(PKCS12Error) {
        guard (1...Self.mostIterations).contains(count) else { throw PKCS12Error(.tooCostly) }
        iterations += count
        guard iterations <= Self.mostInAll else { throw PKCS12Error(.tooCostly) }
    }

    /// Adds a part that is encrypted with a password.
    ///
    /// - Throws: `algorithmUnknown` with its name, `cipherUnavailable`, `tooCostly`, `malformed`.
    mutating func add(encryption algorithm: UnsafePointer<X509_ALGOR>?) throws(PKCS12Error) {
        guard let algorithm else { throw PKCS12Error(.malformed) }
        guard OBJ_obj2nid(algorithm.pointee.algorithm) != NID_pbes2 else { return try add(pbes2: algorithm) }
        var cipher = Int32(0)
        guard EVP_PBE_find(EVP_PBE_TYPE_OUTER, OBJ_obj2nid(algorithm.pointee.algorithm), &cipher, nil, nil) == 1 else {
            throw Self.unknown(algorithm.pointee.algorithm)
        }
        try require(cipher, namedBy: algorithm.pointee.algorithm)
        guard let found = ASN1_TYPE_unpack_sequence(PBEPARAM_it(), algorithm.pointee.parameter) else {
            throw PKCS12Error(.malformed)
        }
        let parameters = found.assumingMemoryBound(to: PBEPARAM.self)
        defer { PBEPARAM_free(parameters) }
        try add(iterations: parameters.pointee.iter)
    }

    /// RFC 8018, section 6.2.
    private mutating func add(pbes2 algorithm: UnsafePointer<X509_ALGOR>) throws(PKCS12Error) {
        guard let found = ASN1_TYPE_unpack_sequence(PBE2PARAM_it(), algorithm.pointee.parameter) else {
            throw PKCS12Error(.malformed)
        }
        let scheme = found.assumingMemoryBound(to: PBE2PARAM.self)
        defer { PBE2PARAM_free(scheme) }
        guard let derivation = scheme.pointee.keyfunc, let cipher = scheme.pointee.encryption?.pointee.algorithm else {
            throw PKCS12Error(.malformed)
        }
        try require(OBJ_obj2nid(cipher), namedBy: cipher)
        switch OBJ_obj2nid(derivation.pointee.algorithm) {
        case NID_id_pbkdf2:
            let parameters = try PBKDF2Parameters(derivation)
            try add(parameters)
        case NID_id_scrypt: try add(scrypt: derivation)
        default: throw Self.unknown(derivation.pointee.algorithm)
        }
    }

    /// Adds a derivation of PBKDF2, for a cipher or for a check.
    mutating func add(_ parameters: borrowing PBKDF2Parameters) throws(PKCS12Error) {
        _ = try parameters.hash()
        try add(parameters.iterations)
    }

    /// RFC 7914, section 7.1. A unit of it takes as long as two iterations of PBKDF2.
    private mutating func add(scrypt derivation: UnsafePointer<X509_ALGOR>) throws(PKCS12Error) {
        guard let found = ASN1_TYPE_unpack_sequence(SCRYPT_PARAMS_it(), derivation.pointee.parameter) else {
            throw PKCS12Error(.malformed)
        }
        let scrypt = found.assumingMemoryBound(to: SCRYPT_PARAMS.self)
        defer { SCRYPT_PARAMS_free(scrypt) }
        let cost = ASN1_INTEGER_get(scrypt.pointee.costParameter)
        let block = ASN1_INTEGER_get(scrypt.pointee.blockSize)
        let lanes = ASN1_INTEGER_get(scrypt.pointee.parallelizationParameter)
        guard [cost, block, lanes].allSatisfy((1...Self.mostIterations).contains),
            128 * block * (cost + lanes + 2) <= Self.mostMemory
        else { throw PKCS12Error(.tooCostly) }
        try add(2 * cost * block * lanes)
    }

    /// - Parameter name: what the file calls it.
    private func require(_ cipher: Int32, namedBy name: OpaquePointer?) throws(PKCS12Error) {
        guard let sought = OBJ_nid2sn(cipher) else { throw Self.unknown(name) }
        let found = EVP_CIPHER_fetch(library, sought, nil)
        defer { EVP_CIPHER_free(found) }
        ERR_clear_error()
        if let found, EVP_CIPHER_get_flags(found) & UInt(EVP_CIPH_FLAG_AEAD_CIPHER) == 0 { return }
        guard found == nil, !hasLegacyCiphers, Self.old.contains(cipher) else { throw Self.unknown(name) }
        throw PKCS12Error(.cipherUnavailable)
    }

    /// Ciphers of OpenSSL's module with the old ones.
    private static let old = [NID_rc2_40_cbc, NID_rc2_64_cbc, NID_rc2_cbc, NID_rc4, NID_rc4_40, NID_des_cbc]

    static func unknown(_ object: OpaquePointer?) -> PKCS12Error { PKCS12Error(.algorithmUnknown, name(of: object)) }

    /// What an algorithm is called; its object identifier where OpenSSL does not know it.
    static func name(of object: OpaquePointer?) -> String {
        var text = [CChar](repeating: 0, count: 80)
        guard let object, OBJ_obj2txt(&text, Int32(text.count), object, 0) > 0 else { return "?" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
