// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials
internal import OpenSSLKit

/// The extensions that a request asks for: the CA decides, a request only claims.
struct RequestedExtensions {
    private let values: [(identifier: String, value: [UInt8])]

    /// The markers and policies of the table: qualified certificates state their purpose and their device in
    /// qcStatements (ETSI EN 319 412-5), all of them name a policy (ETSI EN 319 411-1 and -2).
    init(type: CertificateType, holder: Holder, onQualifiedDevice: Bool, email: String?) {
        var values: [(String, [UInt8])] = []
        if type == .qualified {
            var statements = [DER.sequence([DER.qcCompliance])]
            if onQualifiedDevice { statements.append(DER.sequence([DER.qcSSCD])) }
            let purpose = holder == .seal ? DER.qcTypeSeal : DER.qcTypeSignature
            statements.append(DER.sequence([DER.qcType, DER.sequence([purpose])]))
            values.append(("1.3.6.1.5.5.7.1.3", DER.sequence(statements)))
        }
        let policy: [UInt8] =
            switch (type, holder, onQualifiedDevice) {
            case (.qualified, .person, true): DER.qcpNaturalQSCD
            case (.qualified, .seal, true): DER.qcpLegalQSCD
            case (.qualified, .person, false): DER.qcpNatural
            case (.qualified, .seal, false): DER.qcpLegal
            case (.commercial, _, true): DER.ncpPlus
            case (.commercial, _, false): DER.ncp
            }
        values.append(("2.5.29.32", DER.sequence([DER.sequence([policy])])))
        if let email {
            let name = DER.element(0x81, Array(email.utf8))
            values.append(("2.5.29.17", DER.sequence([name])))
        }
        self.values = values
    }

    /// Writes the extensions into a request (extensionRequest, RFC 2985, section 5.4.2).
    func write(to request: OpaquePointer) throws(OpenSSLError) {
        var stack: OpaquePointer?
        defer { isignum_extensions_free(stack) }
        for (identifier, value) in values {
            guard let object = OBJ_txt2obj(identifier, 1), let data = ASN1_OCTET_STRING_new() else {
                throw OpenSSLError(.failed, "extension")
            }
            defer {
                ASN1_OBJECT_free(object)
                ASN1_OCTET_STRING_free(data)
            }
            guard ASN1_OCTET_STRING_set(data, value, Int32(value.count)) == 1,
                let made = X509_EXTENSION_create_by_OBJ(nil, object, 0, data)
            else { throw OpenSSLError(.failed, "extension") }
            defer { X509_EXTENSION_free(made) }
            guard isignum_extensions_push(&stack, made) == 1 else { throw OpenSSLError(.failed, "extension") }
        }
        guard isignum_add_extensions(request, stack) == 1 else { throw OpenSSLError(.failed, "extensions") }
    }
}

/// The identifiers of the markers as DER, and what wraps them; every length here is below 128.
private enum DER {
    static let qcCompliance: [UInt8] = [0x06, 0x06, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x01]
    static let qcSSCD: [UInt8] = [0x06, 0x06, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x04]
    static let qcType: [UInt8] = [0x06, 0x06, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x06]
    static let qcTypeSignature: [UInt8] = [0x06, 0x07, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x06, 0x01]
    static let qcTypeSeal: [UInt8] = [0x06, 0x07, 0x04, 0x00, 0x8E, 0x46, 0x01, 0x06, 0x02]
    static let ncp: [UInt8] = [0x06, 0x06, 0x04, 0x00, 0x8F, 0x7A, 0x01, 0x01]
    static let ncpPlus: [UInt8] = [0x06, 0x06, 0x04, 0x00, 0x8F, 0x7A, 0x01, 0x02]
    static let qcpNatural: [UInt8] = [0x06, 0x07, 0x04, 0x00, 0x8B, 0xEC, 0x40, 0x01, 0x00]
    static let qcpLegal: [UInt8] = [0x06, 0x07, 0x04, 0x00, 0x8B, 0xEC, 0x40, 0x01, 0x01]
    static let qcpNaturalQSCD: [UInt8] = [0x06, 0x07, 0x04, 0x00, 0x8B, 0xEC, 0x40, 0x01, 0x02]
    static let qcpLegalQSCD: [UInt8] = [0x06, 0x07, 0x04, 0x00, 0x8B, 0xEC, 0x40, 0x01, 0x03]

    static func sequence(_ parts: [[UInt8]]) -> [UInt8] { element(0x30, parts.flatMap(\.self)) }

    /// An element with a definite length (X.690, section 8.1.3).
    static func element(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        switch content.count {
        case ..<0x80: [tag, UInt8(content.count)] + content
        case ..<0x100: [tag, 0x81, UInt8(content.count)] + content
        default: [tag, 0x82, UInt8(content.count >> 8), UInt8(truncatingIfNeeded: content.count)] + content
        }
    }
}
