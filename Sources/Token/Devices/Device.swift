// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// One device, put together from the slots in which its module shows it.
struct Device: Sendable {
    /// The slot that the PIN opens.
    let general: Slot
    let qualifiedArea: QualifiedArea
    let profile: DeviceProfile

    /// - Parameter signature: the slot that the QPIN opens, where there is one.
    init(general: Slot, signature: Slot?, profile: DeviceProfile) {
        self.general = general
        qualifiedArea = QualifiedArea(ownSlot: signature, profile: profile)
        self.profile = profile
    }

    /// The slot that the QPIN opens, where there is one.
    var signature: Slot? { qualifiedArea.ownSlot }

    /// The devices behind the slots of one module.
    ///
    /// A slot for the QPIN belongs to the slot with the same manufacturer, model and serial number. One without such a
    /// partner is left out: nobody could say which of the two secrets it takes.
    ///
    /// - Parameter answerToReset: the answer of the card in a slot, asked for where only it can tell the kind.
    static func devices(
        in slots: [Slot],
        catalogue: DeviceCatalogue = .builtIn,
        answerToReset: (Slot) -> [UInt8]? = { _ in nil }
    ) -> [Device] {
        let known = slots.map { slot in
            let profile = catalogue.profile(for: slot.token.identity, moduleFile: slot.module.name) {
                answerToReset(slot)
            }
            return (slot: slot, profile: profile)
        }
        let signatures = known.filter { $0.profile.isSignatureSlot($0.slot.token.identity.label) }.map(\.slot)
        let generals = known.filter { !$0.profile.isSignatureSlot($0.slot.token.identity.label) }
        return generals.map { slot, profile in
            let identity = slot.token.identity
            let siblings = generals.filter { $0.slot.token.identity.isSameDevice(as: identity) }
            let candidates = signatures.filter { $0.token.identity.isSameDevice(as: identity) }
            // Some modules give every token the serial number 0; then only the label can tell.
            let partner =
                siblings.count == 1 && candidates.count == 1
                ? candidates.first
                : candidates.first { $0.token.identity.label == "\(identity.label) (QPIN)" }
            return Device(general: slot, signature: partner, profile: profile)
        }
    }

    /// Whether the device asks for a secret by itself, on a keypad or in its vendor's window: the token says so, or
    /// the profile. Only then a module is ever given NULL for a secret.
    func asksByItself(for secret: SecretKind, in slot: Slot) -> Bool {
        slot.token.hasProtectedPath || profile.secrets?.protectedPath?.contains(secret) == true
    }

    /// The slot in which an area's keys live.
    func slot(for area: KeyArea) -> Slot { area == .qualified ? signature ?? general : general }

    /// The secret that opens an area's slot.
    func slotSecret(for area: KeyArea) -> SecretKind { area == .qualified ? qualifiedArea.slotSecret : .pin }

    /// The secret that a key of an area wants when it wants one for every signature.
    func signatureSecret(for area: KeyArea) -> SecretKind {
        qualifiedArea.signatureSecret(of: area, known: profile.secrets?.contextLogin)
    }

    /// The secrets that the device has.
    var secretKinds: [SecretKind] { qualifiedArea.areas.contains(.qualified) ? [.pin, .qpin, .puk] : [.pin, .puk] }

    /// The slot that tells the state of a secret, and where it is changed and set anew; `nil` for a QPIN that shows only
    /// while it is used.
    func slot(of secret: SecretKind) -> Slot? { secret == .qpin ? qualifiedArea.ownSlot : general }

    /// The lengths of a secret in characters: by the profile, else by the token.
    func lengths(of secret: SecretKind) -> ClosedRange<Int> {
        let slot = slot(of: secret) ?? general
        return profile.lengths(of: secret) ?? slot.token.secretLengths ?? 1...255
    }

    /// The secrets that the device marks as its maker's, where the maker's values are known: some modules mark whatever
    /// an administrator gave out.
    func factorySecrets(general: TokenInfo, signature: TokenInfo?) -> [SecretKind] {
        var marked: [SecretKind] = []
        if general.isUserSecretOfFactory { marked.append(.pin) }
        if signature?.isUserSecretOfFactory == true { marked.append(.qpin) }
        if general.isOfficerSecretOfFactory, profile.knownCare.pukIsOfficerPIN { marked.append(.puk) }
        return marked.filter { profile.factoryValue(of: $0) != nil }
    }

    /// The device as its owner sees it.
    func description(reader: String?) -> TokenDescription {
        TokenDescription(
            identity: general.token.identity,
            profileName: profile.name,
            isQualifiedDevice: profile.kind == .qualifiedDevice,
            firmware: general.token.firmware,
            reader: reader,
            pin: general.token.secretState,
            qpin: signature?.token.secretState,
            qualifiedCertificateLimit: profile.qualifiedCertificates?.limit,
            memory: general.token.memory,
            // Elsewhere the security officer's PIN need not be the PUK.
            puk: profile.secrets?.puk != nil && profile.knownCare.pukIsOfficerPIN ? general.token.officerState : nil,
            factorySecrets: factorySecrets(general: general.token, signature: signature?.token),
            asksForSecrets: general.token.hasProtectedPath && signature?.token.hasProtectedPath ?? true
        )
    }

    /// Whether a selector names the device by any of its slots.
    func isMeant(by selector: TokenSelector) -> Bool {
        selector.matches(general.token.identity) || signature.map { selector.matches($0.token.identity) } ?? false
    }
}

extension DeviceProfile {
    fileprivate func isSignatureSlot(_ label: String) -> Bool {
        label.hasSuffix("(QPIN)") || (secrets?.qpinSlotLabels ?? []).contains(label)
    }
}

extension TokenIdentity {
    fileprivate func isSameDevice(as other: TokenIdentity) -> Bool {
        manufacturer == other.manufacturer && model == other.model && serial == other.serial
    }
}
