// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// How a signature is asked of a module: with a digest made here, or with the message for modules that want to hash.
struct SigningMethod {
    let mechanism: CK_MECHANISM_TYPE
    let input: [UInt8]
    let pss: CK_RSA_PKCS_PSS_PARAMS?

    /// The methods that fit a key, the one that most modules have first. All of them give the same signature.
    static func all(for key: PublicKey, _ content: ContentToSign) -> [SigningMethod] {
        let hash = HashMechanisms.all[content.digestAlgorithm]
        var methods: [SigningMethod] = []
        switch (key.material, content.padding) {
        case (.rsa, .pkcs1):
            let information = HashMechanisms.digestInfo(content)
            methods.append(SigningMethod(mechanism: CK_MECHANISM_TYPE(CKM_RSA_PKCS), input: information, pss: nil))
            if let hash, let message = content.message {
                methods.append(SigningMethod(mechanism: hash.rsa, input: message, pss: nil))
            }
        case (.rsa, .pss):
            guard let hash else { break }
            let parameters = CK_RSA_PKCS_PSS_PARAMS(
                hashAlg: hash.digest,
                mgf: hash.mask,
                sLen: CK_ULONG(content.digest.count)
            )
            methods.append(
                SigningMethod(mechanism: CK_MECHANISM_TYPE(CKM_RSA_PKCS_PSS), input: content.digest, pss: parameters)
            )
        case (.elliptic, _):
            methods.append(SigningMethod(mechanism: CK_MECHANISM_TYPE(CKM_ECDSA), input: content.digest, pss: nil))
            if let hash, let message = content.message {
                methods.append(SigningMethod(mechanism: hash.ecdsa, input: message, pss: nil))
            }
        }
        return methods
    }
}

/// The names that PKCS#11 has for a digest.
private struct HashMechanisms {
    let digest: CK_MECHANISM_TYPE
    let mask: CK_ULONG
    let rsa: CK_MECHANISM_TYPE
    let ecdsa: CK_MECHANISM_TYPE
    let digestInfoPrefix: [UInt8]

    static let all: [DigestAlgorithm: HashMechanisms] = [
        .sha256: HashMechanisms(
            digest: CKM_SHA256,
            mask: CK_ULONG(CKG_MGF1_SHA256),
            rsa: CKM_SHA256_RSA_PKCS,
            ecdsa: CKM_ECDSA_SHA256,
            digestInfoPrefix: prefix(oidEnd: 0x01, length: 32)
        ),
        .sha384: HashMechanisms(
            digest: CKM_SHA384,
            mask: CK_ULONG(CKG_MGF1_SHA384),
            rsa: CKM_SHA384_RSA_PKCS,
            ecdsa: CKM_ECDSA_SHA384,
            digestInfoPrefix: prefix(oidEnd: 0x02, length: 48)
        ),
        .sha512: HashMechanisms(
            digest: CKM_SHA512,
            mask: CK_ULONG(CKG_MGF1_SHA512),
            rsa: CKM_SHA512_RSA_PKCS,
            ecdsa: CKM_ECDSA_SHA512,
            digestInfoPrefix: prefix(oidEnd: 0x03, length: 64)
        ),
    ]

    /// The DER of DigestInfo up to the digest (RFC 8017, section 9.2, note 1).
    private static func prefix(oidEnd: UInt8, length: UInt8) -> [UInt8] {
        [0x30, 0x11 + length, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, oidEnd]
            + [0x05, 0x00, 0x04, length]
    }

    static func digestInfo(_ content: ContentToSign) -> [UInt8] {
        (all[content.digestAlgorithm]?.digestInfoPrefix ?? []) + content.digest
    }
}

extension Session {
    /// Begins a signature.
    func beginSigning(_ method: SigningMethod, with key: CK_OBJECT_HANDLE) throws(KeyStoreError) {
        let functions = functions
        func begin() -> CK_RV? {
            var mechanism = CK_MECHANISM(mechanism: method.mechanism, pParameter: nil, ulParameterLen: 0)
            guard var parameters = method.pss else { return functions.C_SignInit?(handle, &mechanism, key) }
            return withUnsafeMutableBytes(of: &parameters) { bytes in
                mechanism.pParameter = bytes.baseAddress
                mechanism.ulParameterLen = CK_ULONG(bytes.count)
                return functions.C_SignInit?(handle, &mechanism, key)
            }
        }
        var result = begin()
        if result == CKR_OPERATION_ACTIVE {
            // Some modules leave a refused operation open; finishing it clears the way.
            _ = try? finishSigning(method, expecting: 1_024)
            result = begin()
        }
        try PKCS11Error.check(result, "C_SignInit")
    }

    /// Ends a signature.
    func finishSigning(_ method: SigningMethod, expecting length: Int) throws(KeyStoreError) -> [UInt8] {
        var input = method.input
        var signature = [UInt8](repeating: 0, count: 1_024)
        var count = CK_ULONG(signature.count)
        let result = functions.C_Sign?(handle, &input, CK_ULONG(input.count), &signature, &count)
        try PKCS11Error.check(result, "C_Sign")
        guard count == CK_ULONG(length) else { throw KeyStoreError(.functionFailed, function: "C_Sign") }
        return Array(signature.prefix(length))
    }
}
