// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// One way to have a token sign: a mechanism and what it is fed with.
struct SignatureForm {
    let mechanism: CK_MECHANISM_TYPE
    let input: [UInt8]
    /// The digest of a PSS mechanism, which needs to be told (PKCS#11 2.40 mechanisms, section 2.1.10).
    let pssDigest: DigestAlgorithm?

    /// The ways for a key, best first: a token that is given the digest hashes nothing and gets little to read; one
    /// that hashes by itself needs the whole message.
    static func forms(for content: ContentToSign, under key: PublicKey) -> [SignatureForm] {
        let digest = content.digestAlgorithm
        let (bare, hashing): (SignatureForm, CK_MECHANISM_TYPE)
        switch (key.material, content.padding) {
        case (.elliptic, _):
            bare = SignatureForm(mechanism: CKM_ECDSA, input: content.digest, pssDigest: nil)
            hashing = digest.ecdsaMechanism
        case (.rsa, .pkcs1):
            bare = SignatureForm(
                mechanism: CKM_RSA_PKCS,
                input: digest.digestInfoPrefix + content.digest,
                pssDigest: nil
            )
            hashing = digest.rsaMechanism
        case (.rsa, .pss):
            bare = SignatureForm(mechanism: CKM_RSA_PKCS_PSS, input: content.digest, pssDigest: digest)
            hashing = digest.pssMechanism
        }
        guard let message = content.message else { return [bare] }
        return [bare, SignatureForm(mechanism: hashing, input: message, pssDigest: bare.pssDigest)]
    }
}

/// Signing (PKCS#11 2.40, section 5.11).
extension Session {
    /// Starts a signature.
    borrowing func startSigning(_ form: SignatureForm, with key: CK_OBJECT_HANDLE) throws(KeyStoreError) {
        var mechanism = CK_MECHANISM(mechanism: form.mechanism, pParameter: nil, ulParameterLen: 0)
        guard let digest = form.pssDigest else {
            return try module.call("C_SignInit") { $0.pointee.C_SignInit?(handle, &mechanism, key) }
        }
        var parameters = CK_RSA_PKCS_PSS_PARAMS(
            hashAlg: digest.hashMechanism,
            mgf: digest.maskGenerator,
            sLen: CK_ULONG(digest.length)
        )
        try module.call("C_SignInit") { functions in
            withUnsafeMutablePointer(to: &parameters) { parameters in
                mechanism.pParameter = UnsafeMutableRawPointer(parameters)
                mechanism.ulParameterLen = CK_ULONG(MemoryLayout<CK_RSA_PKCS_PSS_PARAMS>.size)
                return functions.pointee.C_SignInit?(handle, &mechanism, key)
            }
        }
    }

    /// Ends a signature.
    ///
    /// - Parameter length: what the key's signatures measure, in bytes. Anything else is refused.
    borrowing func finishSigning(_ form: SignatureForm, length: Int) throws(KeyStoreError) -> [UInt8] {
        var input = form.input
        var signature = [UInt8](repeating: 0, count: 1024)
        var count = CK_ULONG(signature.count)
        try module.call("C_Sign") {
            $0.pointee.C_Sign?(handle, &input, CK_ULONG(form.input.count), &signature, &count)
        }
        guard count == CK_ULONG(length) else {
            throw KeyStoreError(returnValue: CKR_SIGNATURE_LEN_RANGE, function: "C_Sign", secret: nil)
        }
        return Array(signature.prefix(length))
    }
}

extension PublicKey {
    /// The length of a signature as PKCS#11 gives it, in bytes.
    var signatureLength: Int {
        switch material {
        case .rsa(let modulus, _): modulus.count
        case .elliptic(let curve, _): 2 * curve.coordinateLength
        }
    }
}

extension DigestAlgorithm {
    /// What DigestInfo puts before the digest (RFC 8017, section 9.2, note 1).
    var digestInfoPrefix: [UInt8] {
        let (total, function, length): (UInt8, UInt8, UInt8)
        switch self {
        case .sha256: (total, function, length) = (0x31, 0x01, 0x20)
        case .sha384: (total, function, length) = (0x41, 0x02, 0x30)
        case .sha512: (total, function, length) = (0x51, 0x03, 0x40)
        }
        return [
            0x30, total, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, function, 0x05, 0x00,
            0x04, length,
        ]
    }

    fileprivate var rsaMechanism: CK_MECHANISM_TYPE {
        switch self {
        case .sha256: CKM_SHA256_RSA_PKCS
        case .sha384: CKM_SHA384_RSA_PKCS
        case .sha512: CKM_SHA512_RSA_PKCS
        }
    }

    fileprivate var pssMechanism: CK_MECHANISM_TYPE {
        switch self {
        case .sha256: CKM_SHA256_RSA_PKCS_PSS
        case .sha384: CKM_SHA384_RSA_PKCS_PSS
        case .sha512: CKM_SHA512_RSA_PKCS_PSS
        }
    }

    fileprivate var ecdsaMechanism: CK_MECHANISM_TYPE {
        switch self {
        case .sha256: CKM_ECDSA_SHA256
        case .sha384: CKM_ECDSA_SHA384
        case .sha512: CKM_ECDSA_SHA512
        }
    }

    fileprivate var hashMechanism: CK_MECHANISM_TYPE {
        switch self {
        case .sha256: CKM_SHA256
        case .sha384: CKM_SHA384
        case .sha512: CKM_SHA512
        }
    }

    fileprivate var maskGenerator: CK_ULONG {
        switch self {
        case .sha256: CK_ULONG(CKG_MGF1_SHA256)
        case .sha384: CK_ULONG(CKG_MGF1_SHA384)
        case .sha512: CK_ULONG(CKG_MGF1_SHA512)
        }
    }
}
