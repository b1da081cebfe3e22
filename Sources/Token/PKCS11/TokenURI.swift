// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// The parts of an RFC 7512 URI that name a token; what it says of objects is left aside.
struct TokenURI: Hashable, Sendable {
    /// `nil` fits everything.
    let label: String?
    /// `nil` fits everything.
    let serial: String?
    /// `nil` fits everything.
    let manufacturer: String?
    /// `nil` fits everything.
    let model: String?

    /// Reads a URI.
    ///
    /// - Throws: `selectorInvalid` when it is none, when it names a slot or a library, and when it carries a PIN or
    ///   says where one lies (sections 2.3 and 7): what stands on a command line, everybody on the machine can read.
    ///   The text is not repeated in the error, because it may hold that PIN.
    init(parsing text: String) throws(KeyStoreError) {
        guard text.utf8.count <= 1024, let uri = p11_kit_uri_new() else { throw KeyStoreError(.selectorInvalid) }
        defer { p11_kit_uri_free(uri) }
        guard p11_kit_uri_parse(text, P11_KIT_URI_FOR_ANY, uri) == P11_KIT_URI_OK.rawValue,
            p11_kit_uri_get_pin_value(uri) == nil,
            p11_kit_uri_get_pin_source(uri) == nil,
            p11_kit_uri_any_unrecognized(uri) == 0,
            p11_kit_uri_get_slot_id(uri) == CK_SLOT_ID.max,
            p11_kit_uri_get_module_name(uri) == nil,
            p11_kit_uri_get_module_path(uri) == nil,
            Self.namesNoSlotOrLibrary(uri),
            let token = p11_kit_uri_get_token_info(uri)
        else {
            throw KeyStoreError(.selectorInvalid)
        }
        label = withUnsafeBytes(of: token.pointee.label) { Self.part($0) }
        serial = withUnsafeBytes(of: token.pointee.serialNumber) { Self.part($0) }
        manufacturer = withUnsafeBytes(of: token.pointee.manufacturerID) { Self.part($0) }
        model = withUnsafeBytes(of: token.pointee.model) { Self.part($0) }
    }

    /// Whether a token is one that the URI names.
    func matches(_ token: TokenIdentity) -> Bool {
        func fits(_ wanted: String?, _ actual: String) -> Bool { wanted.map { $0 == actual } ?? true }
        return fits(label, token.label) && fits(serial, token.serial) && fits(manufacturer, token.manufacturer)
            && fits(model, token.model)
    }

    // p11-kit leaves zeros where the URI says nothing.
    private static func part(_ bytes: UnsafeRawBufferPointer) -> String? {
        bytes.first == 0 ? nil : TokenText.field(bytes)
    }

    private static func namesNoSlotOrLibrary(_ uri: OpaquePointer) -> Bool {
        guard let slot = p11_kit_uri_get_slot_info(uri), let library = p11_kit_uri_get_module_info(uri) else {
            return false
        }
        return withUnsafeBytes(of: slot.pointee.slotDescription) { $0.first == 0 }
            && withUnsafeBytes(of: slot.pointee.manufacturerID) { $0.first == 0 }
            && withUnsafeBytes(of: library.pointee.libraryDescription) { $0.first == 0 }
            && withUnsafeBytes(of: library.pointee.manufacturerID) { $0.first == 0 }
    }
}
