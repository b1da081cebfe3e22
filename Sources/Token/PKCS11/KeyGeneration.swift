// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

extension Session {
    /// A key pair as it left the token's generator.
    struct KeyPair {
        let privateKey: CK_OBJECT_HANDLE
        let publicKey: PublicKey
        let claims: KeyClaims
    }

    /// Generates a key pair that stays on the token, and reads back what the token says of it.
    ///
    /// - Parameter asksEveryTime: whether each signature is to want its own code.
    func generate(_ wanted: KeySpecification, asksEveryTime: Bool) throws(KeyStoreError) -> KeyPair {
        var mechanism = CK_MECHANISM()
        var publicTemplate = Template()
            .with(CKA_TOKEN, true).with(CKA_PRIVATE, false).with(CKA_VERIFY, true)
            .with(CKA_ID, wanted.identifier.bytes).with(CKA_LABEL, wanted.label)
        if let bits = wanted.algorithm.modulusBits {
            mechanism.mechanism = CK_MECHANISM_TYPE(CKM_RSA_PKCS_KEY_PAIR_GEN)
            publicTemplate =
                publicTemplate
                .with(CKA_MODULUS_BITS, CK_ULONG(bits)).with(CKA_PUBLIC_EXPONENT, [0x01, 0x00, 0x01])
                .with(CKA_ENCRYPT, wanted.mayDecrypt)
        } else if let curve = wanted.algorithm.curve {
            mechanism.mechanism = CK_MECHANISM_TYPE(CKM_EC_KEY_PAIR_GEN)
            publicTemplate = publicTemplate.with(CKA_EC_PARAMS, curve.parameters)
        }
        var privateTemplate = Template()
            .with(CKA_TOKEN, true).with(CKA_PRIVATE, true).with(CKA_SENSITIVE, true).with(CKA_EXTRACTABLE, false)
            .with(CKA_SIGN, true).with(CKA_ID, wanted.identifier.bytes).with(CKA_LABEL, wanted.label)
        if wanted.algorithm.modulusBits != nil {
            privateTemplate = privateTemplate.with(CKA_DECRYPT, wanted.mayDecrypt)
        }
        // Many modules refuse the attribute altogether where it is false.
        if asksEveryTime { privateTemplate = privateTemplate.with(CKA_ALWAYS_AUTHENTICATE, true) }
        var publicObject = CK_OBJECT_HANDLE()
        var privateObject = CK_OBJECT_HANDLE()
        let functions = functions
        let result = publicTemplate.withAttributes { publicAttributes, publicCount in
            privateTemplate.withAttributes { privateAttributes, privateCount in
                functions.C_GenerateKeyPair?(
                    handle,
                    &mechanism,
                    publicAttributes,
                    publicCount,
                    privateAttributes,
                    privateCount,
                    &publicObject,
                    &privateObject
                )
            }
        }
        if result == CKR_DOMAIN_PARAMS_INVALID || result == CKR_CURVE_NOT_SUPPORTED {
            throw KeyStoreError(.algorithmNotOffered, function: "C_GenerateKeyPair", returnValue: result)
        }
        try PKCS11Error.check(result, "C_GenerateKeyPair")
        return KeyPair(
            privateKey: privateObject,
            publicKey: try publicKey(of: publicObject),
            claims: try claims(of: privateObject)
        )
    }

    /// What the token says of a private key, in one call.
    func claims(of privateKey: CK_OBJECT_HANDLE) throws(KeyStoreError) -> KeyClaims {
        let types = [
            CKA_LOCAL, CKA_SENSITIVE, CKA_ALWAYS_SENSITIVE, CKA_EXTRACTABLE, CKA_NEVER_EXTRACTABLE,
            CKA_ALWAYS_AUTHENTICATE,
        ]
        let values = try read(types, of: privateKey, room: 8).map { value -> KeyClaims.Claim in
            switch value?.first {
            case .some(0): .no
            case .some: .yes
            case nil: .unreported
            }
        }
        return KeyClaims(
            local: values[0],
            sensitive: values[1].and(values[2]),
            neverExtractable: values[3].opposite.and(values[4]),
            alwaysAuthenticate: values[5]
        )
    }
}

extension KeyClaims.Claim {
    /// Both: a "no" of either is one, and only two "yes" make one.
    func and(_ other: Self) -> Self {
        if self == .no || other == .no { return .no }
        return self == .yes && other == .yes ? .yes : .unreported
    }

    var opposite: Self {
        switch self {
        case .yes: .no
        case .no: .yes
        case .unreported: .unreported
        }
    }
}
