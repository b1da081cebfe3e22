// SPDX-License-Identifier: Apache-2.0

/// What a token calls itself, with padding and control characters taken away.
public struct TokenIdentity: Hashable, Codable, Sendable {
    /// The label, at most 32 characters.
    public let label: String
    /// The serial number, at most 16 characters; with the manufacturer and the model it tells one device from another.
    public let serial: String
    /// The manufacturer, at most 32 characters.
    public let manufacturer: String
    /// The model, at most 16 characters.
    public let model: String

    /// Names a token.
    public init(label: String, serial: String, manufacturer: String, model: String) {
        self.label = label
        self.serial = serial
        self.manufacturer = manufacturer
        self.model = model
    }
}

/// One device as its owner sees it, whatever number of slots its module shows it in.
public struct TokenDescription: Hashable, Sendable {
    /// What it calls itself.
    public let identity: TokenIdentity
    /// The name of the profile that it matched, for a person: "ProID+Q", "OpenSC card".
    public let profileName: String
    /// Whether the profile says that devices of this kind were certified as qualified. Only the CA knows until when.
    public let isQualifiedDevice: Bool
    /// The version of the firmware, as "2.1"; `nil` where the token says none.
    public let firmware: String?
    /// The name of the reader or slot.
    public let reader: String?
    /// The state of the user PIN.
    public let pin: SecretState
    /// The state of the signature PIN; `nil` where the device has none or does not tell.
    public let qpin: SecretState?
    /// How many qualified certificates fit, as the profile says; `nil` where nobody knows.
    public let qualifiedCertificateLimit: Int?
    /// Bytes of memory in all and free; `nil` where the token does not tell.
    public let memory: Memory?
    /// The state of the PUK; `nil` where the device does not tell.
    public let puk: SecretState?
    /// The secrets of which it says that they still have the maker's values. Most devices do not tell.
    public let factorySecrets: [SecretKind]
    /// Whether it asks for its secrets itself, on a keypad or in a window of its own.
    public let asksForSecrets: Bool

    /// Memory in bytes.
    public struct Memory: Hashable, Sendable {
        /// All of it.
        public let total: Int
        /// What is free.
        public let free: Int

        /// Both in bytes.
        public init(total: Int, free: Int) {
            self.total = total
            self.free = free
        }
    }

    /// Describes a device.
    public init(
        identity: TokenIdentity,
        profileName: String,
        isQualifiedDevice: Bool,
        firmware: String?,
        reader: String?,
        pin: SecretState,
        qpin: SecretState?,
        qualifiedCertificateLimit: Int?,
        memory: Memory?,
        puk: SecretState? = nil,
        factorySecrets: [SecretKind] = [],
        asksForSecrets: Bool = false
    ) {
        self.identity = identity
        self.profileName = profileName
        self.isQualifiedDevice = isQualifiedDevice
        self.firmware = firmware
        self.reader = reader
        self.pin = pin
        self.qpin = qpin
        self.qualifiedCertificateLimit = qualifiedCertificateLimit
        self.memory = memory
        self.puk = puk
        self.factorySecrets = factorySecrets
        self.asksForSecrets = asksForSecrets
    }
}
