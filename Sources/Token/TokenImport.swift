// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials

/// Keys from outside.
extension PKCS11Token {
    /// Writes a key pair that was made elsewhere: sensitive, not extractable, and never in the qualified area.
    ///
    /// The public half goes first: whatever interrupts it leaves no private key that nobody knows of. A private half
    /// that cannot be written takes it away again; the identifier is fresh, so what bears it was made here.
    public func importKey(
        _ material: consuming PrivateKeyMaterial,
        as specification: KeySpecification,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> StoredKey {
        guard specification.area == .general else { throw KeyStoreError(.importRefused) }
        guard material.publicKey.algorithm == specification.algorithm else { throw KeyStoreError(.algorithmNotOffered) }
        let open = try await loggedInSlot(for: .general, purpose: .importKey, secrets: secrets)
        let publicKey = material.publicKey
        let pair = StoredKeyPair(
            identifier: specification.identifier,
            label: specification.label,
            area: .general,
            publicKey: publicKey,
            hasPrivateHalf: true,
            hasPublicHalf: true,
            claims: nil
        )
        do throws(KeyStoreError) {
            try write(.publicHalf(of: publicKey, specification), with: [], ifMissing: CKO_PUBLIC_KEY, pair, on: open)
            try material.withParts { parts throws(KeyStoreError) in
                let numbers = parts.map { (type: $0.part.attribute, value: $0.bytes) }
                let template = Template.privateHalf(of: publicKey, specification)
                try write(template, with: numbers, ifMissing: CKO_PRIVATE_KEY, pair, on: open)
            }
        } catch {
            let left = (try? open.session.halves(of: pair)) ?? []
            for object in left { try? open.session.destroy(object) }
            throw error.asRefusal
        }
        return try open.perform { session throws(KeyStoreError) in
            guard let half = try session.keyHalves(CKO_PRIVATE_KEY, bearing: specification.identifier).first else {
                throw KeyStoreError(.keyNotFound)
            }
            var claims = half.claims.map(device.profile.corrected) ?? .unreported
            claims.local = .no
            claims.neverExtractable = .no
            return storedKey(
                specification.identifier,
                in: .general,
                publicKey: publicKey,
                handle: half.handle,
                claims: claims
            )
        }
    }

    /// Writes one half. A module may fail after it was written: then it is found there, and all is well.
    private func write(
        _ template: Template,
        with numbers: [(type: CK_ATTRIBUTE_TYPE, value: UnsafeRawBufferPointer)],
        ifMissing objectClass: CK_OBJECT_CLASS,
        _ pair: StoredKeyPair,
        on open: OpenSlot
    ) throws(KeyStoreError) {
        do throws(KeyStoreError) {
            _ = try open.perform { session throws(KeyStoreError) in try session.create(template, with: numbers) }
        } catch  where !error.nothingWasDone {
            let found = try? open.session.find(.key(objectClass, pair.identifier), limit: 1)
            guard found?.isEmpty == false else { throw error }
        }
    }
}

extension PrivateKeyMaterial.Part {
    fileprivate var attribute: CK_ATTRIBUTE_TYPE {
        switch self {
        case .privateExponent: CKA_PRIVATE_EXPONENT
        case .firstPrime: CKA_PRIME_1
        case .secondPrime: CKA_PRIME_2
        case .firstExponent: CKA_EXPONENT_1
        case .secondExponent: CKA_EXPONENT_2
        case .coefficient: CKA_COEFFICIENT
        case .privateValue: CKA_VALUE
        }
    }
}

extension Template {
    fileprivate static func publicHalf(of key: PublicKey, _ specification: KeySpecification) -> Template {
        var template = Template(class: CKO_PUBLIC_KEY)
        template.flag(CKA_TOKEN, true)
        template.flag(CKA_PRIVATE, false)
        template.flag(CKA_VERIFY, true)
        template.bytes(CKA_ID, specification.identifier.bytes)
        template.text(CKA_LABEL, specification.label)
        switch key.material {
        case .rsa(let modulus, let exponent):
            template.number(CKA_KEY_TYPE, CKK_RSA)
            if specification.mayDecrypt { template.flag(CKA_ENCRYPT, true) }
            template.bytes(CKA_MODULUS, modulus)
            template.bytes(CKA_PUBLIC_EXPONENT, exponent)
        case .elliptic(let curve, let point):
            template.number(CKA_KEY_TYPE, CKK_EC)
            template.bytes(CKA_EC_PARAMS, curve.objectIdentifier)
            // A DER OCTET STRING around the point (PKCS#11 2.40, section 2.3.3).
            template.bytes(CKA_EC_POINT, [0x04, UInt8(point.count)] + point)
        }
        return template
    }

    fileprivate static func privateHalf(of key: PublicKey, _ specification: KeySpecification) -> Template {
        var template = Template(class: CKO_PRIVATE_KEY)
        template.flag(CKA_TOKEN, true)
        template.flag(CKA_PRIVATE, true)
        template.flag(CKA_SENSITIVE, true)
        template.flag(CKA_EXTRACTABLE, false)
        template.flag(CKA_SIGN, true)
        template.bytes(CKA_ID, specification.identifier.bytes)
        template.text(CKA_LABEL, specification.label)
        switch key.material {
        case .rsa(let modulus, let exponent):
            template.number(CKA_KEY_TYPE, CKK_RSA)
            if specification.mayDecrypt { template.flag(CKA_DECRYPT, true) }
            template.bytes(CKA_MODULUS, modulus)
            template.bytes(CKA_PUBLIC_EXPONENT, exponent)
        case .elliptic(let curve, _):
            template.number(CKA_KEY_TYPE, CKK_EC)
            template.bytes(CKA_EC_PARAMS, curve.objectIdentifier)
        }
        return template
    }
}

extension KeyStoreError {
    /// The failure as a refusal, where it is likely to be one: cards behind OpenSC take no private key from outside, and
    /// their module has nothing but a general error for it.
    fileprivate var asRefusal: KeyStoreError {
        let refusals = isReturnValue(
            CKR_GENERAL_ERROR,
            CKR_FUNCTION_FAILED,
            CKR_FUNCTION_NOT_SUPPORTED,
            CKR_ATTRIBUTE_TYPE_INVALID,
            CKR_ATTRIBUTE_VALUE_INVALID,
            CKR_TEMPLATE_INCOMPLETE,
            CKR_TEMPLATE_INCONSISTENT
        )
        guard code == .functionFailed, refusals else { return self }
        return KeyStoreError(.importRefused, function: function, returnValue: returnValue)
    }
}
