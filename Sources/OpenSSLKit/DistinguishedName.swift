// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// A name in a certificate (RFC 5280, section 4.1.2.4), as text. What it holds is foreign: not yet safe for a terminal.
public struct DistinguishedName: Sendable, Equatable {
    /// The attributes in order, by their short names ("CN", "O", "serialNumber", "organizationIdentifier").
    public let attributes: [(name: String, value: String)]

    init(_ name: OpaquePointer) {
        attributes = (0..<X509_NAME_entry_count(name)).compactMap { index in
            guard let entry = X509_NAME_get_entry(name, index), let object = X509_NAME_ENTRY_get_object(entry),
                let value = X509_NAME_ENTRY_get_data(entry)
            else { return nil }
            let number = OBJ_obj2nid(object)
            let short = number == NID_undef ? objectText(object) : OBJ_nid2sn(number).map { String(cString: $0) }
            return (short ?? "", stringText(value))
        }
    }

    /// The first value of an attribute.
    public subscript(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

    /// The common name.
    public var commonName: String? { self["CN"] }

    /// All attributes, the most telling first, in the form of RFC 4514 without its escapes: for reading, not for
    /// comparing.
    public var text: String { attributes.reversed().map { "\($0.name)=\($0.value)" }.joined(separator: ", ") }

    /// Whether both hold the same attributes in the same order.
    public static func == (left: DistinguishedName, right: DistinguishedName) -> Bool {
        left.attributes.elementsEqual(right.attributes) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// The dotted form of an object identifier.
func objectText(_ object: OpaquePointer) -> String {
    var text = [CChar](repeating: 0, count: 128)
    OBJ_obj2txt(&text, Int32(text.count), object, 1)
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// The text of any of the string types, at most 1,024 characters of it.
func stringText(_ value: UnsafePointer<ASN1_STRING>) -> String {
    var memory: UnsafeMutablePointer<UInt8>?
    let length = ASN1_STRING_to_UTF8(&memory, value)
    guard length >= 0, let memory else {
        ERR_clear_error()
        return ""
    }
    defer { CRYPTO_free(memory, #file, #line) }
    return String(String(decoding: UnsafeBufferPointer(start: memory, count: Int(length)), as: UTF8.self).prefix(1_024))
}
