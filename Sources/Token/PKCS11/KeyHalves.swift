// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// One half of a key pair as an object on a token.
struct KeyHalf {
    let handle: CK_OBJECT_HANDLE
    let identifier: KeyIdentifier
    let label: String
    /// The numbers that the object itself has: a private key on a curve has none.
    let publicKey: PublicKey?
    /// What the token says of a private half.
    let claims: KeyClaims?
}

extension Session {
    /// The public or private keys that may be seen, each read in one call.
    ///
    /// - Parameter identifier: those that bear it; all when it is `nil`.
    borrowing func keyHalves(
        _ objectClass: CK_OBJECT_CLASS,
        bearing identifier: KeyIdentifier? = nil
    ) throws(KeyStoreError) -> [KeyHalf] {
        let template = identifier.map { Template.key(objectClass, $0) } ?? Template(class: objectClass)
        var halves: [KeyHalf] = []
        let objects = try find(template, limit: identifier == nil ? 256 : 32, exhaustively: identifier == nil)
        for object in objects {
            do throws(KeyStoreError) {
                halves.append(try keyHalf(object, isPrivate: objectClass == CKO_PRIVATE_KEY))
            } catch  where error.code != .tokenRemoved && !error.mayMeanRemoval {
                // One bad object says nothing of the others.
                continue
            }
        }
        return halves
    }

    private borrowing func keyHalf(
        _ object: CK_OBJECT_HANDLE,
        isPrivate: Bool
    ) throws(KeyStoreError) -> KeyHalf {
        var wanted: [(type: CK_ATTRIBUTE_TYPE, room: Int)] = [
            (CKA_ID, 256), (CKA_LABEL, 1024), (CKA_MODULUS, 1024), (CKA_PUBLIC_EXPONENT, 1024), (CKA_EC_PARAMS, 64),
            (CKA_EC_POINT, 160),
        ]
        let own = wanted.count
        if isPrivate { wanted += KeyClaims.attributes.map { ($0, 1) } }
        let values = try read(wanted, of: object)
        var publicKey: PublicKey?
        if let modulus = values[2], let exponent = values[3] {
            publicKey = .rsa(modulus: modulus, exponent: exponent)
        } else if let curve = EllipticCurve(named: values[4]), let point = values[5] {
            publicKey = .elliptic(curve: curve, point: point)
        }
        return KeyHalf(
            handle: object,
            identifier: KeyIdentifier(bytes: values[0] ?? []),
            label: TokenText.clean(values[1] ?? [], limit: 255),
            publicKey: publicKey,
            claims: isPrivate ? KeyClaims(reported: Array(values[own...])) : nil
        )
    }
}

extension EllipticCurve {
    /// The curve with a name (DER OBJECT IDENTIFIER); `nil` for every other.
    init?(named parameters: [UInt8]?) {
        guard let curve = [EllipticCurve.p256, .p384].first(where: { $0.objectIdentifier == parameters }) else {
            return nil
        }
        self = curve
    }
}
