// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// The two halves of a key pair on a token.
struct KeyPairHandles {
    let publicKey: CK_OBJECT_HANDLE
    let privateKey: CK_OBJECT_HANDLE
}

/// Making key pairs (PKCS#11 2.40, section 5.13, C_GenerateKeyPair).
extension Session {
    /// Generates a key pair that stays on the token: without CKA_TOKEN it would vanish with the session.
    ///
    /// - Parameter alwaysAuthenticate: whether the key is to want its own code for every signature.
    borrowing func generateKeyPair(
        _ specification: KeySpecification,
        alwaysAuthenticate: Bool
    ) throws(KeyStoreError) -> KeyPairHandles {
        let decrypts = specification.mayDecrypt && specification.algorithm.modulusBits != nil
        var mechanism = CK_MECHANISM(
            mechanism: specification.algorithm.generationMechanism,
            pParameter: nil,
            ulParameterLen: 0
        )
        var handles = (publicKey: CK_OBJECT_HANDLE(0), privateKey: CK_OBJECT_HANDLE(0))
        let publicHalf = publicTemplate(specification, encrypts: decrypts)
        let privateHalf = privateTemplate(specification, decrypts: decrypts, alwaysAuthenticate: alwaysAuthenticate)
        try publicHalf.withAttributes { (publicList, publicCount) throws(KeyStoreError) in
            try privateHalf.withAttributes { (privateList, privateCount) throws(KeyStoreError) in
                try module.call("C_GenerateKeyPair") {
                    $0.pointee.C_GenerateKeyPair?(
                        handle,
                        &mechanism,
                        publicList,
                        publicCount,
                        privateList,
                        privateCount,
                        &handles.publicKey,
                        &handles.privateKey
                    )
                }
            }
        }
        return KeyPairHandles(publicKey: handles.publicKey, privateKey: handles.privateKey)
    }

    /// The numbers of a public key.
    ///
    /// - Parameter object: the public half, or the private one of an RSA pair.
    /// - Returns: `nil` when the object has none that make a key of this algorithm's kind.
    borrowing func publicKey(
        of object: CK_OBJECT_HANDLE,
        curve: EllipticCurve?
    ) throws(KeyStoreError) -> PublicKey? {
        if let curve {
            guard let point = try read([(CKA_EC_POINT, 160)], of: object).first ?? nil else { return nil }
            return PublicKey.elliptic(curve: curve, point: point)
        }
        let numbers = try read([(CKA_MODULUS, 1024), (CKA_PUBLIC_EXPONENT, 1024)], of: object)
        guard let modulus = numbers[0], let exponent = numbers[1] else { return nil }
        return PublicKey.rsa(modulus: modulus, exponent: exponent)
    }

    /// What the token says of a private key.
    borrowing func claims(of object: CK_OBJECT_HANDLE) throws(KeyStoreError) -> KeyClaims {
        KeyClaims(reported: try read(KeyClaims.attributes.map { ($0, 1) }, of: object))
    }
}

extension KeyClaims {
    /// The attributes that hold the claims, each one byte.
    static let attributes: [CK_ATTRIBUTE_TYPE] = [
        CKA_LOCAL, CKA_SENSITIVE, CKA_ALWAYS_SENSITIVE, CKA_EXTRACTABLE, CKA_NEVER_EXTRACTABLE,
        CKA_ALWAYS_AUTHENTICATE,
    ]

    /// Makes sense of the values of `attributes`, in their order.
    init(reported values: [[UInt8]?]) {
        let said = values.map { value -> KeyClaims.Claim in
            guard let value, value.count == 1 else { return .unreported }
            return value[0] == 0 ? .no : .yes
        }
        self.init(
            local: said[0],
            sensitive: said[1].and(said[2]),
            neverExtractable: said[3].inverted.and(said[4]),
            alwaysAuthenticate: said[5]
        )
    }
}

extension KeyClaims.Claim {
    /// Yes needs both, no needs one.
    fileprivate func and(_ other: Self) -> Self {
        if self == .no || other == .no { return .no }
        return self == .yes && other == .yes ? .yes : .unreported
    }

    fileprivate var inverted: Self {
        switch self {
        case .yes: .no
        case .no: .yes
        case .unreported: .unreported
        }
    }
}

private func publicTemplate(_ specification: KeySpecification, encrypts: Bool) -> Template {
    var template = Template()
    template.flag(CKA_TOKEN, true)
    template.flag(CKA_PRIVATE, false)
    template.flag(CKA_VERIFY, true)
    if encrypts { template.flag(CKA_ENCRYPT, true) }
    template.bytes(CKA_ID, specification.identifier.bytes)
    template.text(CKA_LABEL, specification.label)
    if let bits = specification.algorithm.modulusBits {
        template.number(CKA_MODULUS_BITS, CK_ULONG(bits))
        template.bytes(CKA_PUBLIC_EXPONENT, [0x01, 0x00, 0x01])
    }
    if let curve = specification.algorithm.curve { template.bytes(CKA_EC_PARAMS, curve.objectIdentifier) }
    return template
}

private func privateTemplate(
    _ specification: KeySpecification,
    decrypts: Bool,
    alwaysAuthenticate: Bool
) -> Template {
    var template = Template()
    template.flag(CKA_TOKEN, true)
    template.flag(CKA_PRIVATE, true)
    template.flag(CKA_SENSITIVE, true)
    template.flag(CKA_EXTRACTABLE, specification.mayLeave)
    template.flag(CKA_SIGN, true)
    if decrypts { template.flag(CKA_DECRYPT, true) }
    if alwaysAuthenticate { template.flag(CKA_ALWAYS_AUTHENTICATE, true) }
    template.bytes(CKA_ID, specification.identifier.bytes)
    template.text(CKA_LABEL, specification.label)
    return template
}

extension KeyAlgorithm {
    /// The mechanism that makes such keys.
    var generationMechanism: CK_MECHANISM_TYPE {
        modulusBits == nil ? CKM_EC_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN
    }

    /// The strength in the unit of CK_MECHANISM_INFO: bits of the modulus or of the field.
    var mechanismKeySize: Int { modulusBits ?? curve.map { $0.coordinateLength * 8 } ?? 0 }
}

extension EllipticCurve {
    /// The curve's name, a DER OBJECT IDENTIFIER (RFC 5480, section 2.1.1.1).
    var objectIdentifier: [UInt8] {
        switch self {
        case .p256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        }
    }
}
