// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// What is known of a kind of device beside what it says of itself. Each fact in `profiles.json` names its source.
struct DeviceProfile: Codable, Sendable {
    /// What sort of thing it is.
    enum Kind: String, Codable, CaseIterable, Sendable {
        /// Devices of this kind were certified as qualified signature creation devices.
        case qualifiedDevice
        case card
        case tpm
        case software
        case unknown
    }

    let name: String
    let kind: Kind
    let match: Match
    let modules: Modules?
    let secrets: Secrets?
    let keys: Keys?
    let qualifiedCertificates: QualifiedCertificates?
    let claims: Claims?
    var keyBackup: KeyBackup?
    let care: DeviceCareFacts?

    /// Nothing is known: such a device is never taken for a qualified one.
    static let unknown = DeviceProfile(
        name: "unknown",
        kind: .unknown,
        match: Match(manufacturer: nil, model: nil, moduleFile: nil, atrs: nil, source: ""),
        modules: nil,
        secrets: nil,
        keys: nil,
        qualifiedCertificates: nil,
        claims: nil,
        care: nil
    )

    /// How to tell such a device: everything that is given of manufacturer, model and module file fits, or the card's
    /// answer to reset is one of those listed.
    struct Match: Codable, Sendable {
        let manufacturer: String?
        let model: String?
        /// The beginning of the name of the module's file.
        let moduleFile: String?
        let atrs: [ATR]?
        let source: String
    }

    /// An answer to reset, hexadecimal; the mask has a bit for each bit that counts.
    struct ATR: Codable, Sendable {
        let value: String
        let mask: String?
    }

    /// The file names of PKCS#11 modules that serve the device on Linux.
    struct Modules: Codable, Sendable {
        let files: [String]
        /// Files of other modules that people take for these.
        let oftenConfusedWith: [String]?
        /// Whether the module learns of a new token only when it is started anew.
        let blindToNewTokens: Bool?
        let source: String
    }

    /// The secrets of the device and the way the QPIN shows in PKCS#11.
    struct Secrets: Codable, Sendable {
        let pin: Lengths?
        let qpin: Lengths?
        let puk: Lengths?
        /// How the QPIN shows where the device has no slot for it.
        let qpinModel: QPINModel?
        /// Labels of a slot for the QPIN, beside those that end in "(QPIN)".
        let qpinSlotLabels: [String]?
        /// Which secret a key of the general area wants when it wants one for every signature.
        let contextLogin: SecretKind?
        /// Whether keys can be made, and anything written or removed, in the QPIN's slot only when the PIN's slot is
        /// open too.
        let writingNeedsBothLogins: Bool?
        /// Secrets that the device or its vendor's window asks for by itself though the token does not say so.
        let protectedPath: [SecretKind]?
        let source: String
    }

    /// Lengths in characters, both ends included, and the value that the device leaves its factory with.
    struct Lengths: Codable, Sendable {
        let shortest: Int
        let longest: Int
        let factory: String?

        var range: ClosedRange<Int>? { 1 <= shortest && shortest <= longest ? shortest...longest : nil }
    }

    /// How the QPIN shows.
    enum QPINModel: String, Codable, CaseIterable, Sendable {
        /// Its slot is a token of its own.
        case separateSlot
        /// It is asked for at each signature of a key with CKA_ALWAYS_AUTHENTICATE.
        case alwaysAuthenticate
        /// It opens the qualified area for the generation of a key, and is asked for at each signature. The module
        /// asks by itself (`protectedPath`), or wants it by a login that belongs to no operation.
        case atGeneration
        /// There is none.
        case none
    }

    /// The key algorithms that the device offers by its documentation; the mechanism list has the last word.
    struct Keys: Codable, Sendable {
        let algorithms: [KeyAlgorithm]
        let source: String
    }

    /// How many qualified certificates fit.
    struct QualifiedCertificates: Codable, Sendable {
        let limit: Int
        let source: String
    }

    /// How a private key leaves a store that lets it: encrypted, for a backup that its owner keeps.
    struct KeyBackup: Codable, Sendable {
        let mechanism: Mechanism
        let source: String

        enum Mechanism: String, Codable, CaseIterable, Sendable {
            /// C_WrapKey with CKM_AES_CBC_PAD.
            case aesCBCPad = "aes-cbc-pad"
        }
    }

    /// Attributes that a module denies for keys that were truly made on the device.
    struct Claims: Codable, Sendable {
        let misreported: [Name]
        let source: String

        enum Name: String, Codable, CaseIterable, Sendable {
            case local, sensitive, neverExtractable
        }
    }
}

extension DeviceProfile {
    /// The lengths of a secret by the profile, in characters.
    func lengths(of secret: SecretKind) -> ClosedRange<Int>? {
        switch secret {
        case .pin: secrets?.pin?.range
        case .qpin: secrets?.qpin?.range
        case .puk: secrets?.puk?.range
        case .password: nil
        }
    }

    /// The value with which devices of this kind leave their factory; `nil` where nobody knows.
    func factoryValue(of secret: SecretKind) -> String? {
        switch secret {
        case .pin: secrets?.pin?.factory
        case .qpin: secrets?.qpin?.factory
        case .puk: secrets?.puk?.factory
        case .password: nil
        }
    }

    /// All of them.
    var factoryValues: [String] {
        [SecretKind.pin, .qpin, .puk].compactMap { factoryValue(of: $0) }
    }

    /// How its secrets are cared for; the standard's own ways where nothing particular is known.
    var knownCare: DeviceCareFacts { care ?? .standard }

    /// Takes back denials that the profile knows to be wrong. What the device affirms is left as it is.
    func corrected(_ claims: KeyClaims) -> KeyClaims {
        var claims = claims
        for name in self.claims?.misreported ?? [] {
            switch name {
            case .local: if claims.local == .no { claims.local = .unreported }
            case .sensitive: if claims.sensitive == .no { claims.sensitive = .unreported }
            case .neverExtractable: if claims.neverExtractable == .no { claims.neverExtractable = .unreported }
            }
        }
        return claims
    }
}
