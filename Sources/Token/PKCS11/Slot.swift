// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// A slot with a token in it. Its number is good until the next change; a token is known by its label and serial.
struct Slot {
    let id: CK_SLOT_ID
    let module: Module
    let token: TokenInformation

    /// All slots of a module that have a usable token. A slot that cannot be read is passed over.
    static func all(of module: Module) throws(KeyStoreError) -> [Slot] {
        // One call: there are hardly more than 256 slots on a machine, and if there are, a second call finds them.
        var identifiers = [CK_SLOT_ID](repeating: 0, count: 256)
        var count = CK_ULONG(identifiers.count)
        let list = module.functions.pointee.C_GetSlotList
        var result = list?(CK_BBOOL(CK_TRUE), &identifiers, &count)
        if result == CKR_BUFFER_TOO_SMALL, count < 65_536 {
            identifiers = [CK_SLOT_ID](repeating: 0, count: Int(count))
            result = list?(CK_BBOOL(CK_TRUE), &identifiers, &count)
        }
        try PKCS11Error.check(result, "C_GetSlotList")
        return identifiers.prefix(Int(count)).compactMap { id in
            guard let token = try? TokenInformation(of: id, in: module), token.isInitialised else { return nil }
            return Slot(id: id, module: module, token: token)
        }
    }

    /// The description of the slot: for cards, the name that the smart-card service gives the reader.
    var reader: String? {
        var information = CK_SLOT_INFO()
        guard module.functions.pointee.C_GetSlotInfo?(id, &information) == CKR_OK else { return nil }
        let text = withUnsafeBytes(of: information.slotDescription) { ForeignText.clean($0) }
        return text.isEmpty ? nil : text
    }
}

/// What a token says of itself (PKCS#11 2.40, section 3.2).
struct TokenInformation {
    let identity: TokenIdentity
    let firmware: String?
    let flags: CK_FLAGS
    let secretLengths: ClosedRange<Int>
    let memory: TokenDescription.Memory?

    init(of slot: CK_SLOT_ID, in module: Module) throws(KeyStoreError) {
        var information = CK_TOKEN_INFO()
        try PKCS11Error.check(module.functions.pointee.C_GetTokenInfo?(slot, &information), "C_GetTokenInfo")
        identity = TokenIdentity(
            label: withUnsafeBytes(of: information.label) { ForeignText.clean($0) },
            serial: withUnsafeBytes(of: information.serialNumber) { ForeignText.clean($0) },
            manufacturer: withUnsafeBytes(of: information.manufacturerID) { ForeignText.clean($0) },
            model: withUnsafeBytes(of: information.model) { ForeignText.clean($0) }
        )
        let version = information.firmwareVersion
        firmware = version.major == 0 && version.minor == 0 ? nil : "\(version.major).\(version.minor)"
        flags = information.flags
        let shortest = Int(clamping: information.ulMinPinLen)
        let longest = Int(clamping: information.ulMaxPinLen)
        secretLengths = shortest <= longest && longest > 0 ? shortest...min(longest, 255) : 0...255
        memory = Self.memory(of: information)
    }

    var isInitialised: Bool { flags & CKF_TOKEN_INITIALIZED != 0 }

    var asksItself: Bool { flags & CKF_PROTECTED_AUTHENTICATION_PATH != 0 }

    var secretState: SecretState {
        if flags & CKF_USER_PIN_LOCKED != 0 { return .locked }
        if flags & CKF_USER_PIN_FINAL_TRY != 0 { return .final }
        if flags & CKF_USER_PIN_COUNT_LOW != 0 { return .low }
        return flags & CKF_USER_PIN_INITIALIZED == 0 ? .notInitialised : .ok
    }

    /// CK_UNAVAILABLE_INFORMATION and numbers that cannot be are no numbers. Many modules tell public and private
    /// memory, which is often the same memory told twice.
    private static func memory(of information: CK_TOKEN_INFO) -> TokenDescription.Memory? {
        let total = information.ulTotalPrivateMemory
        let free = information.ulFreePrivateMemory
        let publicTotal = information.ulTotalPublicMemory
        let publicFree = information.ulFreePublicMemory
        let limit = CK_ULONG(1) << 40
        if publicTotal > 0, publicTotal < limit, publicFree <= publicTotal, total == 0 || total >= limit {
            return TokenDescription.Memory(total: Int(publicTotal), free: Int(publicFree))
        }
        guard total > 0, total < limit, free <= total else { return nil }
        if publicTotal > 0, publicTotal < limit, publicFree <= publicTotal, publicTotal != total || publicFree != free {
            return TokenDescription.Memory(total: Int(total + publicTotal), free: Int(free + publicFree))
        }
        return TokenDescription.Memory(total: Int(total), free: Int(free))
    }
}
