// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// What a certificate lets its key be used for (RFC 5280, sections 4.2.1.3, 4.2.1.9 and 4.2.1.12).
public struct CertificateUsage: Sendable, Equatable {
    /// The bits of keyUsage, named as in the RFC, in its order.
    public enum KeyUsage: String, Sendable, CaseIterable {
        case digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyAgreement, keyCertSign, cRLSign
        case encipherOnly, decipherOnly
    }

    /// The bits that are set; `nil` when the certificate says nothing of it.
    public let keyUsage: [KeyUsage]?
    /// The extended purposes as dotted identifiers, in the certificate's order; `nil` when it says nothing of them.
    public let purposes: [String]?
    /// Whether basicConstraints call it a certification authority.
    public let isAuthority: Bool

    init(of x509: OpaquePointer) {
        keyUsage = Self.keyUsage(of: x509)
        purposes = Self.purposes(of: x509)
        isAuthority = Self.isAuthority(x509)
        ERR_clear_error()
    }

    private static func keyUsage(of x509: OpaquePointer) -> [KeyUsage]? {
        guard let found = X509_get_ext_d2i(x509, NID_key_usage, nil, nil) else { return nil }
        let bits = found.assumingMemoryBound(to: ASN1_BIT_STRING.self)
        defer { ASN1_BIT_STRING_free(bits) }
        return KeyUsage.allCases.enumerated().compactMap { number, usage in
            ASN1_BIT_STRING_get_bit(bits, Int32(number)) == 1 ? usage : nil
        }
    }

    private static func purposes(of x509: OpaquePointer) -> [String]? {
        guard let found = X509_get_ext_d2i(x509, NID_ext_key_usage, nil, nil) else { return nil }
        let objects = OpaquePointer(found)
        defer { EXTENDED_KEY_USAGE_free(objects) }
        return (0..<isignum_objects_count(objects)).compactMap { index in
            isignum_object_at(objects, index).map { objectText($0) }
        }
    }

    private static func isAuthority(_ x509: OpaquePointer) -> Bool {
        guard let found = X509_get_ext_d2i(x509, NID_basic_constraints, nil, nil) else { return false }
        let constraints = found.assumingMemoryBound(to: BASIC_CONSTRAINTS.self)
        defer { BASIC_CONSTRAINTS_free(constraints) }
        return constraints.pointee.ca != 0
    }
}
