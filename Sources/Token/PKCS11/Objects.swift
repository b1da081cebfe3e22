// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// Finding, reading and writing objects (PKCS#11 2.40, section 5.7).
extension Session {
    /// The objects that a template fits.
    ///
    /// - Parameter limit: how many are wanted. A module that gives fewer than asked has given all; only
    ///   `exhaustively` asks again until there is nothing more.
    borrowing func find(
        _ template: Template,
        limit: Int,
        exhaustively: Bool = false
    ) throws(KeyStoreError) -> [CK_OBJECT_HANDLE] {
        try startSearch(template)
        defer { endSearch() }
        var found: [CK_OBJECT_HANDLE] = []
        while found.count < limit {
            var handles = [CK_OBJECT_HANDLE](repeating: 0, count: min(64, limit - found.count))
            let room = CK_ULONG(handles.count)
            var count = CK_ULONG(0)
            try module.call("C_FindObjects") { $0.pointee.C_FindObjects?(handle, &handles, room, &count) }
            found += handles.prefix(Int(clamping: count))
            if count == 0 || !exhaustively { break }
        }
        return found
    }

    /// The values of attributes, all read in one call.
    ///
    /// - Parameter wanted: the attributes, each with the largest value that is taken, in bytes.
    /// - Returns: `nil` for each that the module does not give, or whose value is larger.
    borrowing func read(
        _ wanted: [(type: CK_ATTRIBUTE_TYPE, room: Int)],
        of object: CK_OBJECT_HANDLE
    ) throws(KeyStoreError) -> [[UInt8]?] {
        try withAttributeBuffers(wanted) { (list, count) throws(KeyStoreError) in
            do throws(KeyStoreError) {
                try module.call("C_GetAttributeValue") {
                    $0.pointee.C_GetAttributeValue?(handle, object, list, count)
                }
            } catch
                where error.isReturnValue(
                    CKR_ATTRIBUTE_TYPE_INVALID,
                    CKR_ATTRIBUTE_SENSITIVE,
                    CKR_BUFFER_TOO_SMALL
                )
            {
                // The others were read all the same; what could not be has the length -1 (section 5.7).
            }
            return wanted.indices.map { index in
                let length = list[index].ulValueLen
                guard length <= CK_ULONG(wanted[index].room), let value = list[index].pValue else { return nil }
                return Array(UnsafeRawBufferPointer(start: value, count: Int(length)))
            }
        }
    }

    /// Makes an object.
    borrowing func create(_ template: Template) throws(KeyStoreError) {
        try template.withAttributes { (list, count) throws(KeyStoreError) in
            var object = CK_OBJECT_HANDLE(0)
            try module.call("C_CreateObject") { $0.pointee.C_CreateObject?(handle, list, count, &object) }
        }
    }

    /// Makes an object of which some values are secret: they are lent to the module where they are, and not copied.
    @discardableResult
    borrowing func create(
        _ template: Template,
        with secrets: [(type: CK_ATTRIBUTE_TYPE, value: UnsafeRawBufferPointer)]
    ) throws(KeyStoreError) -> CK_OBJECT_HANDLE {
        try template.withAttributes { (list, count) throws(KeyStoreError) in
            var attributes = Array(UnsafeBufferPointer(start: list, count: Int(count)))
            for (type, value) in secrets {
                let address = UnsafeMutableRawPointer(mutating: value.baseAddress)
                attributes.append(CK_ATTRIBUTE(type: type, pValue: address, ulValueLen: CK_ULONG(value.count)))
            }
            var object = CK_OBJECT_HANDLE(0)
            let total = CK_ULONG(attributes.count)
            try module.call("C_CreateObject") { $0.pointee.C_CreateObject?(handle, &attributes, total, &object) }
            return object
        }
    }

    /// Removes an object.
    borrowing func destroy(_ object: CK_OBJECT_HANDLE) throws(KeyStoreError) {
        try module.call("C_DestroyObject") { $0.pointee.C_DestroyObject?(handle, object) }
    }

    private borrowing func startSearch(_ template: Template) throws(KeyStoreError) {
        try template.withAttributes { (list, count) throws(KeyStoreError) in
            do throws(KeyStoreError) {
                try module.call("C_FindObjectsInit") { $0.pointee.C_FindObjectsInit?(handle, list, count) }
            } catch  where error.isReturnValue(CKR_OPERATION_ACTIVE) {
                endSearch()
                try module.call("C_FindObjectsInit") { $0.pointee.C_FindObjectsInit?(handle, list, count) }
            }
        }
    }

    private borrowing func endSearch() {
        try? module.call("C_FindObjectsFinal") { $0.pointee.C_FindObjectsFinal?(handle) }
    }
}
