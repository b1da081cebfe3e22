// SPDX-License-Identifier: Apache-2.0

internal import CP11Kit
public import Credentials
internal import Foundation
internal import Synchronization

/// Which PKCS#11 modules are looked into.
public struct ModuleSelection: Hashable, Sendable {
    /// Paths of modules that a person named; one of them must load.
    public let files: [String]
    /// Whether the modules that p11-kit has registered on this system count too.
    public let includesRegistered: Bool

    /// Names modules.
    public init(files: [String], includesRegistered: Bool) {
        self.files = files
        self.includesRegistered = includesRegistered
    }

    /// The modules that are registered on this system.
    public static let registered = ModuleSelection(files: [], includesRegistered: true)

    /// These modules and no others.
    public static func files(_ paths: [String]) -> ModuleSelection {
        ModuleSelection(files: paths, includesRegistered: false)
    }
}

/// The tokens that are plugged in. Modules are loaded when they are first needed, once, and stay until the directory
/// and every token that it opened are gone. Next hop: `PKCS11Token`.
public actor TokenDirectory {
    private let selection: ModuleSelection
    private let catalogue: DeviceCatalogue
    private let trial: ModuleTrial?
    private let executor = BlockingExecutor(label: "isignum.tokens")
    private let software: SoftwareStore?
    private var modules: [Module]?
    private var softwareModule: Module?
    /// Whether anybody has a session that a new start of a module would end.
    private var hasOpened = false
    /// The slots that were there when `lookAgain` last looked, and whether the service was.
    private var seenSlots: [[CK_SLOT_ID]]?
    private var seenReaders: [CardReader]?
    private var stale = StaleSlots()

    /// Modules that were named and cannot be used, and why; complete after the first look at the tokens.
    public nonisolated var troubles: [KeyStoreError] { found.withLock { $0 } }
    private let found = Mutex<[KeyStoreError]>([])

    /// Makes a directory; nothing is loaded yet.
    ///
    /// - Parameters:
    ///   - catalogue: what is known of kinds of devices.
    ///   - trial: where modules are tried before they are loaded; `nil` trusts them.
    ///   - software: the software store. It is no token that is plugged in: only who names it opens it.
    public init(
        modules selection: ModuleSelection,
        catalogue: DeviceCatalogue = .builtIn,
        trial: ModuleTrial? = nil,
        software: SoftwareStore? = nil
    ) {
        self.selection = selection
        self.catalogue = catalogue
        self.trial = trial
        self.software = software
    }

    /// The queue on which modules are loaded and asked.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The devices that are plugged in now; uninitialised tokens are not among them.
    ///
    /// - Throws: `moduleUnusable` when files were named, none of them is a module, and there are no others.
    public func tokens() throws(KeyStoreError) -> [TokenDescription] {
        try devices().map { $0.description(reader: try? $0.general.readerName()) }
    }

    /// Devices and cards as modules and the smart-card service see them together. Readers are asked first: whatever
    /// is plugged in meanwhile is then a device with its module, or seen the next time. A module that cannot be used,
    /// be it the only one, is a trouble beside what the others and the readers show.
    public func survey() -> DeviceSurvey {
        let readers = try? CardReader.all()
        let (devices, silent) = found(in: loadedModules())
        var served: [(device: Device, slot: String?, module: String)] = []
        for device in devices {
            served.append((device, try? device.general.readerName(), device.general.module.name))
        }
        return DeviceSurvey(
            served,
            readers: readers,
            catalogue: catalogue,
            modules: (modules ?? []).map(\.name),
            troubles: troubles + silent.map { ModuleRefusal($0).error(about: $0.candidates[0]) }
        )
    }

    /// Opens a device that a survey found; `nil` for a card without a module.
    public nonisolated func open(_ found: SurveyedDevice) -> PKCS11Token? {
        found.device.map { PKCS11Token($0, reader: found.token?.reader) }
    }

    /// Opens a device: the one that is meant, or the only one there is.
    ///
    /// No session is opened and no secret asked for before something is wanted of the token.
    ///
    /// - Throws: `tokenNotFound`; `tokenAmbiguous`, whose `candidates` name each as "label (serial)"; `tokensAlike` when
    ///   that tells nothing, with the readers; `moduleUnusable` when files were named, none of them is a module, and there are no others.
    public func open(_ selector: TokenSelector?) throws(KeyStoreError) -> PKCS11Token {
        let isSoftware = selector?.meansSoftwareStore ?? false
        let all = try isSoftware ? softwareDevices() : devices()
        let meant = isSoftware ? all : Self.meant(by: selector, among: all)
        guard let device = meant.first else {
            throw KeyStoreError(.tokenNotFound, candidates: selector.map { [$0.text] } ?? [])
        }
        guard meant.count == 1 else {
            let areAlike = Set(meant.map(\.general.token.identity)).count == 1
            throw KeyStoreError(areAlike ? .tokensAlike : .tokenAmbiguous, candidates: Self.names(of: meant))
        }
        hasOpened = true
        return PKCS11Token(device)
    }

    /// Opens all devices that are meant, each with the name of its reader.
    ///
    /// - Throws: `tokenNotFound` when there is none; `moduleUnusable` as above.
    public func openAll(_ selector: TokenSelector?) throws(KeyStoreError) -> [PKCS11Token] {
        let meant = Self.meant(by: selector, among: try devices())
        guard !meant.isEmpty else {
            throw KeyStoreError(.tokenNotFound, candidates: selector.map { [$0.text] } ?? [])
        }
        hasOpened = true
        return meant.map { PKCS11Token($0, reader: try? $0.general.readerName()) }
    }

    /// What is plugged in, if it may have changed since this was last asked. Modules that learn of new tokens in no
    /// other way are started anew; so is one that fails, and all when the smart-card service has come back, as long as
    /// nobody has a session with them.
    func lookAgain() -> DeviceSurvey? {
        let readers = try? CardReader.all()
        let cameBack = seenSlots != nil && seenReaders == nil && readers != nil
        var slots: [[CK_SLOT_ID]] = []
        for module in loadedModules() {
            let isBlind = catalogue.isBlindToNewTokens(moduleFile: module.name)
            if !hasOpened, cameBack || isBlind && seenSlots != nil { try? module.restart() }
            var found = try? Slot.identifiers(of: module)
            if found == nil, !hasOpened {
                try? module.restart()
                found = try? Slot.identifiers(of: module)
            }
            slots.append(found ?? [])
        }
        defer { (seenSlots, seenReaders) = (slots, readers) }
        guard slots != seenSlots || readers != seenReaders else { return nil }
        return stale.taken(out: survey())
    }

    /// Finalises the modules. Tokens that are still open can do nothing any more.
    public func shutdown() {
        for module in modules ?? [] { module.finalise() }
        modules = nil
        softwareModule?.finalise()
        softwareModule = nil
    }

    /// - Returns: nothing where no database was made yet.
    private func softwareDevices() throws(KeyStoreError) -> [Device] {
        guard let software, software.exists else { return [] }
        let module: Module
        if let softwareModule {
            module = softwareModule
        } else {
            module = try Module.loadSoftwareStore(folder: software.folder)
            softwareModule = module
        }
        return Device.devices(in: try Slot.all(of: module))
    }

    /// The devices that call themselves what is meant; where none does, those in the reader of that name.
    private static func meant(by selector: TokenSelector?, among all: [Device]) -> [Device] {
        guard let selector else { return all }
        let named = all.filter { $0.isMeant(by: selector) }
        return named.isEmpty ? all.filter { selector.names(reader: try? $0.general.readerName()) } : named
    }

    private static func names(of devices: [Device]) -> [String] {
        let names = devices.map { "\($0.general.token.identity.label) (\($0.general.token.identity.serial))" }
        return zip(devices, names).map { device, name in
            guard names.count(where: { $0 == name }) > 1, let reader = try? device.general.readerName() else {
                return name
            }
            return "\(name.dropLast()), \(reader))"
        }
    }

    /// - Throws: what is wrong with the modules when none that was named can be used and there are no others, or with
    ///   the first that was named and does not list what it has.
    private func devices() throws(KeyStoreError) -> [Device] {
        let modules = loadedModules()
        if let trouble = troubles.first, modules.isEmpty, !selection.includesRegistered { throw trouble }
        let (devices, silent) = found(in: modules)
        if let failure = silent.first { throw failure }
        return devices
    }

    /// The devices of modules, and the modules that were named and do not list theirs.
    private func found(in modules: [Module]) -> (devices: [Device], silent: [KeyStoreError]) {
        var readers: [CardReader]?
        func answerToReset(of slot: Slot) -> [UInt8]? {
            let known = readers ?? (try? CardReader.all()) ?? []
            readers = known
            guard !known.isEmpty, let name = try? slot.readerName() else { return nil }
            return known.first { $0.slotDescription == name }?.answerToReset
        }
        var all: [Device] = []
        var silent: [KeyStoreError] = []
        for module in modules {
            do throws(KeyStoreError) {
                let slots = try Slot.all(of: module)
                all += Device.devices(in: slots, catalogue: catalogue, answerToReset: answerToReset)
            } catch {
                // A registered module that cannot list its slots has no token for us.
                guard selection.files.contains(module.name) else { continue }
                silent.append(
                    KeyStoreError(
                        error.code,
                        function: error.function,
                        returnValue: error.returnValue,
                        candidates: [module.name]
                    )
                )
            }
        }
        return (all, silent)
    }

    private static func absolute(_ path: String) -> String { URL(fileURLWithPath: path).path }

    /// One module that is broken keeps no device of another from being used: it is among the troubles.
    private func loadedModules() -> [Module] {
        if let modules { return modules }
        var loaded: [Module] = []
        var troubles: [KeyStoreError] = []
        defer { found.withLock { $0 = troubles } }
        let registered = selection.includesRegistered && trial != nil ? RegisteredModules.paths() : []
        let judgements = trial?.judgements(on: selection.files.map(Self.absolute) + registered) ?? [:]
        func load(_ path: String, _ judgement: ModuleTrial.Judgement?) throws(KeyStoreError) -> Module {
            switch judgement?.verdict {
            case .crashed: throw KeyStoreError(.moduleCrashed, candidates: [path])
            case .hung: throw KeyStoreError(.moduleHung, candidates: [path])
            case .unusable:
                throw judgement?.refusal?.error(about: path) ?? KeyStoreError(.moduleUnusable, candidates: [path])
            case .incomplete: return try Module.load(path: path, isIncomplete: true)
            case .usable, nil: return try Module.load(path: path)
            }
        }
        for path in selection.files {
            do throws(KeyStoreError) {
                loaded.append(try load(path, judgements[Self.absolute(path)]))
            } catch {
                troubles.append(error)
            }
        }
        if selection.includesRegistered {
            let known = Set(loaded.map(\.fileIdentity))
            if registered.allSatisfy({ judgements[$0]?.verdict == .usable || judgements[$0] == nil }) {
                loaded += Module.loadRegistered().filter { !known.contains($0.fileIdentity) }
            } else {
                // p11-kit would load the bad ones with the good ones.
                for path in registered {
                    do throws(KeyStoreError) {
                        let module = try load(path, judgements[path])
                        if !known.contains(module.fileIdentity) { loaded.append(module) }
                    } catch  where error.code != .moduleUnusable {
                        troubles.append(error)
                    } catch {
                        // It may belong to a device that is not there.
                        continue
                    }
                }
            }
        }
        modules = loaded
        return loaded
    }
}
