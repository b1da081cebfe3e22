// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// How much computing a PKCS#12 file asks for before its password can even be called wrong: a hostile one may ask for
/// days.
enum PKCS12Cost {
    /// The most iterations of a key derivation: seconds, on a slow machine.
    static let mostIterations = 5_000_000

    /// Whether the password-based encryption that an algorithm names can be afforded.
    static func isBearable(_ algorithm: UnsafePointer<X509_ALGOR>?) -> Bool {
        guard let algorithm, let parameter = algorithm.pointee.parameter else { return false }
        guard OBJ_obj2nid(algorithm.pointee.algorithm) == NID_pbes2 else { return isBearable(pbe: parameter) }
        guard let found = ASN1_TYPE_unpack_sequence(PBE2PARAM_it(), parameter) else { return false }
        let scheme = found.assumingMemoryBound(to: PBE2PARAM.self)
        defer { PBE2PARAM_free(scheme) }
        guard let derivation = scheme.pointee.keyfunc, let inner = derivation.pointee.parameter,
            OBJ_obj2nid(derivation.pointee.algorithm) == NID_id_pbkdf2,
            let unpacked = ASN1_TYPE_unpack_sequence(PBKDF2PARAM_it(), inner)
        else { return false }
        let parameters = unpacked.assumingMemoryBound(to: PBKDF2PARAM.self)
        defer { PBKDF2PARAM_free(parameters) }
        return isBearable(iterations: parameters.pointee.iter)
    }

    static func isBearable(iterations: UnsafePointer<ASN1_INTEGER>?) -> Bool {
        // One, where nothing is said (RFC 7292, section 4).
        guard let iterations else { return true }
        return (1...mostIterations).contains(ASN1_INTEGER_get(iterations))
    }

    private static func isBearable(pbe parameter: UnsafePointer<ASN1_TYPE>) -> Bool {
        guard let found = ASN1_TYPE_unpack_sequence(PBEPARAM_it(), parameter) else { return false }
        let parameters = found.assumingMemoryBound(to: PBEPARAM.self)
        defer { PBEPARAM_free(parameters) }
        return isBearable(iterations: parameters.pointee.iter)
    }
}
