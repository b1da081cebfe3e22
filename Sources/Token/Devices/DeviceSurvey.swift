// SPDX-License-Identifier: Apache-2.0

public import Credentials

/// Everything that is plugged in, as PKCS#11 and the smart-card service see it together.
public struct DeviceSurvey: Sendable {
    /// Devices that a module serves, then cards that none does.
    public let devices: [SurveyedDevice]
    /// The readers; `nil` when there is no smart-card service to ask, which is no error for tokens without a reader.
    public let readers: [CardReader]?
    /// Modules that cannot be used, and why.
    public let troubles: [KeyStoreError]
    /// Whether a module in use is for cards and there is no smart-card service, so that it can see none.
    public let lacksService: Bool
}

/// A device, or a card of which only its reader knows.
public struct SurveyedDevice: Sendable {
    /// What the device says of itself; `nil` for a card without a module.
    public let token: TokenDescription?
    /// The reader, where there is one and the service tells.
    public let reader: CardReader?
    /// What is known of its kind; `nil` when nothing is.
    public let profile: ProfileSummary?
    /// The file of the module that serves it.
    public let module: String?
    /// What is known of the module that it wants, when none serves it.
    public let missing: MissingModule?
    /// Where to open it; `nil` for a card without a module.
    let device: Device?
}

/// What is known of a kind of devices, with the source of each fact.
public struct ProfileSummary: Hashable, Sendable {
    /// The name for a person.
    public let name: String
    /// "qualifiedDevice", "card", "tpm", "software", "unknown".
    public let kind: String
    /// Whether devices of this kind were certified as qualified.
    public let isQualifiedDevice: Bool
    /// The facts by their place in the profile ("match", "secrets", "keys", …), each with where it comes from.
    public let sources: [String: String]
}

/// The module that a card wants, and why it is not served.
public struct MissingModule: Hashable, Sendable {
    /// The file names of modules that serve such a card.
    public let files: [String]
    /// Such files that are on this machine and are not used: neither configured nor registered with p11-kit.
    public let found: [String]
    /// The folders in which they were looked for, and those in which p11-kit has its registrations.
    public let places: [String]
    /// Modules in use that people take for the ones that are wanted.
    public let confusedWith: [String]
    /// Modules in use that are the right ones and do not show the card.
    public let blind: [String]
}

extension ProfileSummary {
    /// - Returns: `nil` when nothing is known.
    init?(_ profile: DeviceProfile) {
        guard profile.kind != .unknown || !profile.match.source.isEmpty else { return nil }
        name = profile.name
        kind = profile.kind.rawValue
        isQualifiedDevice = profile.kind == .qualifiedDevice
        let facts: [(String, String?)] = [
            ("match", profile.match.source), ("modules", profile.modules?.source),
            ("secrets", profile.secrets?.source), ("keys", profile.keys?.source),
            ("qualifiedCertificates", profile.qualifiedCertificates?.source), ("claims", profile.claims?.source),
            ("care", profile.care?.source),
        ]
        sources = facts.reduce(into: [:]) { sources, fact in sources[fact.0] = fact.1 }
    }
}

extension MissingModule {
    /// - Returns: `nil` when nobody knows which module the card wants.
    init?(for profile: DeviceProfile?, inUse paths: [String]) {
        guard let modules = profile?.modules else { return nil }
        func name(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }
        // Versions may follow the name.
        func isOne(of files: [String], _ path: String) -> Bool { files.contains { name(path).hasPrefix($0) } }
        files = modules.files
        found = ModuleSearch.found(modules.files).filter { file in !paths.contains { name($0) == name(file) } }
        places = ModuleSearch.folders + ModuleSearch.registrations
        confusedWith = paths.filter { isOne(of: modules.oftenConfusedWith ?? [], $0) }
        blind = paths.filter { isOne(of: modules.files, $0) }
    }
}

extension DeviceCatalogue {
    /// The kind of a card that only its reader knows, and the module that it wants.
    ///
    /// - Parameters:
    ///   - answerToReset: of the card (ISO 7816-3, section 8.2).
    ///   - paths: the modules in use.
    /// - Returns: `nil` for a card of which nothing is known.
    public func wanted(
        by answerToReset: [UInt8],
        modulesInUse paths: [String]
    ) -> (device: String, module: MissingModule)? {
        guard let profile = profile(forCard: answerToReset) else { return nil }
        return MissingModule(for: profile, inUse: paths).map { (profile.name, $0) }
    }
}

extension DeviceSurvey {
    /// Puts both views together: a slot's description is the name of its reader, cut to 64 bytes (PKCS#11 2.40,
    /// section 3.1). A module that calls its slots something else is given the one card of its kind that is left.
    init(
        _ served: [(device: Device, slot: String?, module: String)],
        readers: [CardReader]?,
        catalogue: DeviceCatalogue,
        modules paths: [String],
        troubles: [KeyStoreError]
    ) {
        let cards = (readers ?? []).filter { $0.answerToReset != nil || $0.isMute }
        // A card with several PINs may be several devices of one reader.
        var joined = served.map { entry in cards.first { $0.slotDescription == entry.slot } }
        var left = cards.filter { !joined.contains($0) }
        for (index, entry) in served.enumerated() where joined[index] == nil {
            let kind = entry.device.profile.name
            let sameKind = left.filter { $0.profileName(in: catalogue) == kind }
            let isOnly = served.indices.count { joined[$0] == nil && served[$0].device.profile.name == kind } == 1
            guard isOnly, sameKind.count == 1 else { continue }
            joined[index] = sameKind[0]
            left.removeAll { $0 == sameKind[0] }
        }
        let known = zip(served, joined).map { entry, reader in
            SurveyedDevice(
                token: entry.device.description(reader: reader?.name ?? entry.slot),
                reader: reader,
                profile: ProfileSummary(entry.device.profile),
                module: entry.module,
                missing: nil,
                device: entry.device
            )
        }
        let unserved = left.map { reader in
            let profile = reader.answerToReset.flatMap { catalogue.profile(forCard: $0) }
            return SurveyedDevice(
                token: nil,
                reader: reader,
                profile: profile.flatMap { ProfileSummary($0) },
                module: nil,
                missing: MissingModule(for: profile, inUse: paths),
                device: nil
            )
        }
        let lacksService = readers == nil && paths.contains(where: catalogue.isForCards)
        self.init(devices: known + unserved, readers: readers, troubles: troubles, lacksService: lacksService)
    }
}

extension CardReader {
    /// The name as a module gives it in the description of its slot.
    var slotDescription: String {
        var bytes = Array(name.utf8.prefix(64))
        return bytes.withUnsafeMutableBytes { TokenText.field(UnsafeRawBufferPointer($0)) }
    }

    fileprivate func profileName(in catalogue: DeviceCatalogue) -> String? {
        answerToReset.flatMap { catalogue.profile(forCard: $0)?.name }
    }
}
