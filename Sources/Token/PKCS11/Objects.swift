// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

extension Session {
    /// The handles of the objects that fit a template, at most `limit`.
    func find(_ template: Template, limit: Int = 256) throws(KeyStoreError) -> [CK_OBJECT_HANDLE] {
        let functions = functions
        let begun = template.withAttributes { functions.C_FindObjectsInit?(handle, $0, $1) }
        try PKCS11Error.check(begun, "C_FindObjectsInit")
        var handles = [CK_OBJECT_HANDLE](repeating: 0, count: limit)
        var count = CK_ULONG(0)
        let found = functions.C_FindObjects?(handle, &handles, CK_ULONG(limit), &count)
        // The search is ended whether it worked or not: a search that stays open fails the next one.
        let ended = functions.C_FindObjectsFinal?(handle)
        try PKCS11Error.check(found, "C_FindObjects")
        try PKCS11Error.check(ended, "C_FindObjectsFinal")
        return Array(handles.prefix(min(limit, Int(clamping: count))))
    }

    /// Reads attributes of an object in one call.
    ///
    /// - Parameter room: the most bytes that any of them may take.
    /// - Returns: a value for each type, in order; `nil` where the module has none, or one larger than `room`.
    func read(
        _ types: [CK_ATTRIBUTE_TYPE],
        of object: CK_OBJECT_HANDLE,
        room: Int
    ) throws(KeyStoreError) -> [[UInt8]?] {
        var memory = [UInt8](repeating: 0, count: room * types.count)
        var lengths = [CK_ULONG](repeating: 0, count: types.count)
        let result = memory.withUnsafeMutableBytes { memory in
            var attributes = types.enumerated().map { index, type in
                CK_ATTRIBUTE(
                    type: type,
                    pValue: memory.baseAddress.map { $0 + index * room },
                    ulValueLen: CK_ULONG(room)
                )
            }
            let result = functions.C_GetAttributeValue?(handle, object, &attributes, CK_ULONG(types.count))
            lengths = attributes.map(\.ulValueLen)
            return result
        }
        switch result {
        case CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID, CKR_BUFFER_TOO_SMALL: break
        default: try PKCS11Error.check(result, "C_GetAttributeValue")
        }
        return lengths.enumerated().map { index, length in
            // CK_UNAVAILABLE_INFORMATION is larger than any room.
            length <= CK_ULONG(room) ? Array(memory[index * room..<index * room + Int(length)]) : nil
        }
    }

    /// Makes an object.
    @discardableResult
    func create(_ template: Template) throws(KeyStoreError) -> CK_OBJECT_HANDLE {
        var object = CK_OBJECT_HANDLE()
        let functions = functions
        let result = template.withAttributes { functions.C_CreateObject?(handle, $0, $1, &object) }
        try PKCS11Error.check(result, "C_CreateObject")
        return object
    }

    /// The public numbers behind an object that has them: a public key of any kind, or a private RSA key.
    func publicKey(of object: CK_OBJECT_HANDLE) throws(KeyStoreError) -> PublicKey {
        // Never CKA_PUBLIC_KEY_INFO: two of three modules leave it empty.
        let values = try read([CKA_MODULUS, CKA_PUBLIC_EXPONENT, CKA_EC_PARAMS, CKA_EC_POINT], of: object, room: 1_024)
        if let modulus = values[0], let exponent = values[1],
            let key = PublicKey.rsa(modulus: modulus, exponent: exponent)
        {
            return key
        }
        if let parameters = values[2], let curve = EllipticCurve(parameters: parameters), let point = values[3],
            let key = PublicKey.elliptic(curve: curve, point: point)
        {
            return key
        }
        throw KeyStoreError(.keyNotFound, function: "C_GetAttributeValue")
    }
}

extension EllipticCurve {
    /// The curve as CKA_EC_PARAMS names it: a DER OBJECT IDENTIFIER (RFC 5480, section 2.1.1.1).
    var parameters: [UInt8] {
        switch self {
        case .p256: [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        case .p384: [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        }
    }

    init?(parameters: [UInt8]) {
        switch parameters {
        case Self.p256.parameters: self = .p256
        case Self.p384.parameters: self = .p384
        default: return nil
        }
    }
}
