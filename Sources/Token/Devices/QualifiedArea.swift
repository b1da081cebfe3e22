// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// How the qualified area of a device shows in PKCS#11, and everything that follows from it.
///
/// Each question has one answer a model here and nowhere else: a model that is added makes the compiler ask all of them.
enum QualifiedArea: Sendable {
    /// There is none: all keys live in the general area.
    case none
    /// A slot of its own, which the QPIN opens. Some devices want the general slot open too before anything is written.
    case ownSlot(Slot, writingOpensBoth: Bool)
    /// Keys in the general slot that want the QPIN for each signature (CKA_ALWAYS_AUTHENTICATE).
    case perSignature
    /// Likewise, and the QPIN opens the area for the generation of a key. The module asks by itself, or wants the QPIN by
    /// a login that belongs to no operation.
    case atGeneration

    /// The area that a slot of its own and the device's profile make.
    init(ownSlot: Slot?, profile: DeviceProfile) {
        if let ownSlot {
            self = .ownSlot(ownSlot, writingOpensBoth: profile.secrets?.writingNeedsBothLogins == true)
            return
        }
        switch profile.secrets?.qpinModel {
        case .alwaysAuthenticate: self = .perSignature
        case .atGeneration: self = .atGeneration
        case .separateSlot, .some(.none), nil: self = .none
        }
    }

    /// Which areas a person can tell apart.
    var areas: [KeyArea] {
        switch self {
        case .none: [.general]
        case .ownSlot, .perSignature, .atGeneration: [.general, .qualified]
        }
    }

    /// Which areas have objects of their own to look through.
    var areasWithSlots: [KeyArea] {
        switch self {
        case .ownSlot: [.general, .qualified]
        case .none, .perSignature, .atGeneration: [.general]
        }
    }

    /// The slot of its own: it holds the keys, and tells the state of the QPIN, which can be changed and set anew there.
    /// `nil` where the QPIN shows only while it is used.
    var ownSlot: Slot? {
        switch self {
        case .ownSlot(let slot, writingOpensBoth: _): slot
        case .none, .perSignature, .atGeneration: nil
        }
    }

    /// The secret that opens the slot in which the area's keys live.
    var slotSecret: SecretKind {
        switch self {
        case .ownSlot: .qpin
        case .none, .perSignature, .atGeneration: .pin
        }
    }

    /// The secret that a key wants when it wants one for every signature.
    ///
    /// - Parameter known: what the profile says of keys of the general area. Unless it says that the PIN serves, it is the
    ///   signature PIN: to take the one for the other costs a try of a secret that has few.
    func signatureSecret(of area: KeyArea, known: SecretKind?) -> SecretKind {
        switch (self, area) {
        case (.ownSlot, .qualified): slotSecret
        case (.ownSlot, .general): .pin
        case (.perSignature, .qualified), (.atGeneration, .qualified): .qpin
        case (.none, _), (.perSignature, .general), (.atGeneration, .general): known ?? .qpin
        }
    }

    /// Whether its keys are told from those of the general area by wanting a secret for each signature.
    var marksItsKeys: Bool {
        switch self {
        case .perSignature, .atGeneration: true
        case .none, .ownSlot: false
        }
    }

    /// Whether the general slot has to be open before anything is written here.
    var writingOpensBoth: Bool {
        switch self {
        case .ownSlot(_, let opensBoth): opensBoth
        case .none, .perSignature, .atGeneration: false
        }
    }

    /// What has to be opened for the generation of a key, beside its slot.
    enum Opening {
        /// Nothing.
        case nothing
        /// The area, before.
        case areaFirst
        /// The area, if the module wants it: no profile knew.
        case areaWhenAsked
        /// The general slot, if the module wants it: no profile knew.
        case generalSlotWhenAsked
    }

    /// What has to be opened for the generation of a key in the area.
    var openingForGeneration: Opening {
        switch self {
        case .none, .ownSlot(_, writingOpensBoth: true): .nothing
        case .ownSlot(_, writingOpensBoth: false): .generalSlotWhenAsked
        case .perSignature: .areaWhenAsked
        case .atGeneration: .areaFirst
        }
    }
}
