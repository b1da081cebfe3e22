// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
internal import Credentials

/// A slot with a token in it, and what the token says of itself.
struct Slot: Sendable {
    let module: Module
    let id: CK_SLOT_ID
    let token: TokenInfo

    /// The slots of a module that hold an initialised token.
    ///
    /// - Throws: only when the list itself cannot be had: a token that does not answer is left out.
    static func all(of module: Module) throws(KeyStoreError) -> [Slot] {
        try identifiers(of: module).compactMap { id in
            guard let token = try? TokenInfo(ofSlot: id, in: module), token.isInitialised, !token.isBareEngine,
                !token.isTrustStore
            else { return nil }
            return Slot(module: module, id: id, token: token)
        }
    }

    /// Reads the token's information anew.
    func refreshed() throws(KeyStoreError) -> Slot {
        Slot(module: module, id: id, token: try TokenInfo(ofSlot: id, in: module))
    }

    /// Whether the module sees a token in the slot.
    func isPresent() throws(KeyStoreError) -> Bool {
        var info = CK_SLOT_INFO()
        try module.call("C_GetSlotInfo") { $0.pointee.C_GetSlotInfo?(id, &info) }
        return info.flags & CK_FLAGS(CKF_TOKEN_PRESENT) != 0
    }

    /// The description of the slot: with PC/SC readers, their name.
    func readerName() throws(KeyStoreError) -> String {
        var info = CK_SLOT_INFO()
        try module.call("C_GetSlotInfo") { $0.pointee.C_GetSlotInfo?(id, &info) }
        return withUnsafeBytes(of: info.slotDescription) { TokenText.field($0) }
    }

    // One call with room for plenty, where the usual way is to ask for the number first.
    static func identifiers(of module: Module) throws(KeyStoreError) -> [CK_SLOT_ID] {
        for capacity in [64, 1024] {
            var slots = [CK_SLOT_ID](repeating: 0, count: capacity)
            var count = CK_ULONG(capacity)
            do throws(KeyStoreError) {
                try module.call("C_GetSlotList") { $0.pointee.C_GetSlotList?(CK_BBOOL(CK_TRUE), &slots, &count) }
                return Array(slots.prefix(Int(clamping: count)))
            } catch  where error.isReturnValue(CKR_BUFFER_TOO_SMALL) {
                continue
            }
        }
        throw KeyStoreError(returnValue: CKR_BUFFER_TOO_SMALL, function: "C_GetSlotList", secret: nil)
    }
}

/// CK_TOKEN_INFO with its texts cleaned and its numbers checked (PKCS#11 2.40, section 3.2).
struct TokenInfo: Sendable {
    let identity: TokenIdentity
    let firmware: String?
    let memory: TokenDescription.Memory?
    /// The lengths that the user PIN may have, in bytes; `nil` where the token gives none that make sense.
    let secretLengths: ClosedRange<Int>?
    private let flags: CK_FLAGS

    init(ofSlot id: CK_SLOT_ID, in module: Module) throws(KeyStoreError) {
        var info = CK_TOKEN_INFO()
        try module.call("C_GetTokenInfo") { $0.pointee.C_GetTokenInfo?(id, &info) }
        self.init(info)
    }

    init(_ info: CK_TOKEN_INFO) {
        identity = TokenIdentity(
            label: withUnsafeBytes(of: info.label) { TokenText.field($0) },
            serial: withUnsafeBytes(of: info.serialNumber) { TokenText.field($0) },
            manufacturer: withUnsafeBytes(of: info.manufacturerID) { TokenText.field($0) },
            model: withUnsafeBytes(of: info.model) { TokenText.field($0) }
        )
        let version = info.firmwareVersion
        firmware = version.major == 0 && version.minor == 0 ? nil : "\(version.major).\(version.minor)"
        memory =
            Self.memory(total: info.ulTotalPublicMemory, free: info.ulFreePublicMemory)
            ?? Self.memory(total: info.ulTotalPrivateMemory, free: info.ulFreePrivateMemory)
        let shortest = max(1, Int(clamping: info.ulMinPinLen))
        let longest = min(255, Int(clamping: info.ulMaxPinLen))
        secretLengths = shortest <= longest ? shortest...longest : nil
        flags = info.flags
    }

    var isInitialised: Bool { flags & CKF_TOKEN_INITIALIZED != 0 }
    /// Whether this is NSS's place for calculations, which keeps nothing.
    var isBareEngine: Bool { identity.isSoftwareStore && isWriteProtected }
    /// Whether it is a list of CAs that programs believe, as p11-kit and NSS show theirs, and no device of anybody's.
    var isTrustStore: Bool {
        identity.model == "p11-kit-trust"
            || isWriteProtected && !requiresLogin && flags & (CKF_USER_PIN_INITIALIZED | CKF_RNG) == 0
    }
    var isWriteProtected: Bool { flags & CKF_WRITE_PROTECTED != 0 }
    var requiresLogin: Bool { flags & CKF_LOGIN_REQUIRED != 0 }
    var hasProtectedPath: Bool { flags & CKF_PROTECTED_AUTHENTICATION_PATH != 0 }

    /// How near to its blocking the user PIN is.
    var secretState: SecretState {
        if flags & CKF_USER_PIN_LOCKED != 0 { return .locked }
        if flags & CKF_USER_PIN_INITIALIZED == 0 { return requiresLogin ? .notInitialised : .ok }
        if flags & CKF_USER_PIN_FINAL_TRY != 0 { return .final }
        return flags & CKF_USER_PIN_COUNT_LOW != 0 ? .low : .ok
    }

    /// How near to its blocking the security officer's PIN is, which on many devices is the PUK.
    var officerState: SecretState {
        if flags & CKF_SO_PIN_LOCKED != 0 { return .locked }
        if flags & CKF_SO_PIN_FINAL_TRY != 0 { return .final }
        return flags & CKF_SO_PIN_COUNT_LOW != 0 ? .low : .ok
    }

    /// Whether the token says that the user PIN still has the value that its maker gave it.
    var isUserSecretOfFactory: Bool { flags & CKF_USER_PIN_TO_BE_CHANGED != 0 }

    /// Likewise for the security officer's PIN.
    var isOfficerSecretOfFactory: Bool { flags & CKF_SO_PIN_TO_BE_CHANGED != 0 }

    private static func memory(total: CK_ULONG, free: CK_ULONG) -> TokenDescription.Memory? {
        let unavailable = CK_ULONG.max
        guard total != unavailable, free != unavailable, total > 1, free <= total, total <= CK_ULONG(Int.max) else {
            return nil
        }
        return TokenDescription.Memory(total: Int(total), free: Int(free))
    }
}
