// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// A list of attributes with their values, as modules want them (PKCS#11 2.40, section 4).
struct Template {
    private var attributes: [(type: CK_ATTRIBUTE_TYPE, value: [UInt8])] = []

    /// A template with nothing in it.
    init() {}

    /// A template for objects of one class.
    init(class objectClass: CK_OBJECT_CLASS) { number(CKA_CLASS, objectClass) }

    mutating func bytes(_ type: CK_ATTRIBUTE_TYPE, _ value: [UInt8]) { attributes.append((type, value)) }
    mutating func text(_ type: CK_ATTRIBUTE_TYPE, _ value: String) { bytes(type, Array(value.utf8)) }
    mutating func flag(_ type: CK_ATTRIBUTE_TYPE, _ value: Bool) { bytes(type, [value ? 1 : 0]) }

    mutating func number(_ type: CK_ATTRIBUTE_TYPE, _ value: CK_ULONG) {
        bytes(type, withUnsafeBytes(of: value) { Array($0) })
    }

    /// Lends the list in its C form.
    func withAttributes<Result>(
        _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) throws(KeyStoreError) -> Result
    ) throws(KeyStoreError) -> Result {
        try withAttributeBuffers(attributes.map { ($0.type, ($0.value.count + 7) & ~7) }) {
            (list, count) throws(KeyStoreError) in
            for (index, attribute) in attributes.enumerated() {
                let room = UnsafeMutableRawBufferPointer(start: list[index].pValue, count: attribute.value.count)
                room.copyBytes(from: attribute.value)
                list[index].ulValueLen = CK_ULONG(attribute.value.count)
            }
            return try body(list, count)
        }
    }
}

/// Lends a list of attributes with room for each value; every value is aligned for the numbers of C.
func withAttributeBuffers<Result>(
    _ wanted: [(type: CK_ATTRIBUTE_TYPE, room: Int)],
    _ body: (UnsafeMutablePointer<CK_ATTRIBUTE>, CK_ULONG) throws(KeyStoreError) -> Result
) throws(KeyStoreError) -> Result {
    let aligned = wanted.map { ($0.room + 7) & ~7 }
    let storage = UnsafeMutableRawBufferPointer.allocate(byteCount: max(8, aligned.reduce(0, +)), alignment: 8)
    storage.initializeMemory(as: UInt8.self, repeating: 0)
    defer { storage.deallocate() }
    var offset = 0
    var list: [CK_ATTRIBUTE] = []
    for (attribute, room) in zip(wanted, aligned) {
        let value = storage.baseAddress.map { $0 + offset }
        list.append(CK_ATTRIBUTE(type: attribute.type, pValue: value, ulValueLen: CK_ULONG(attribute.room)))
        offset += room
    }
    // An array's own `withUnsafeMutableBufferPointer` loses the type of what is thrown.
    let attributes = UnsafeMutableBufferPointer<CK_ATTRIBUTE>.allocate(capacity: max(1, list.count))
    defer { attributes.deallocate() }
    _ = attributes.initialize(from: list)
    guard let address = attributes.baseAddress else {
        throw KeyStoreError(returnValue: CKR_HOST_MEMORY, function: "C_GetAttributeValue", secret: nil)
    }
    return try body(address, CK_ULONG(list.count))
}
