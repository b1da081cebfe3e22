// SPDX-License-Identifier: Apache-2.0

public import Credentials

/// Which PKCS#11 modules are looked into.
public struct ModuleSelection: Hashable, Sendable {
    /// Paths of modules that a person named; each must load.
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
    private let executor = BlockingExecutor(label: "isignum.tokens")
    private var modules: [Module]?

    /// Makes a directory; nothing is loaded yet.
    public init(modules selection: ModuleSelection) { self.selection = selection }

    /// The queue on which modules are loaded and asked.
    public nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    /// The devices that are plugged in now; uninitialised tokens are not among them.
    ///
    /// - Throws: `moduleUnusable` when a file that was named is no module.
    public func tokens() throws(KeyStoreError) -> [TokenDescription] {
        try devices().map { $0.description(reader: try? $0.general.readerName()) }
    }

    /// Opens a device: the one that is meant, or the only one there is.
    ///
    /// No session is opened and no secret asked for before something is wanted of the token.
    ///
    /// - Throws: `tokenNotFound`; `tokenAmbiguous`, whose `candidates` name each as "label (serial)";
    ///   `moduleUnusable` when a file that was named is no module.
    public func open(_ selector: TokenSelector?) throws(KeyStoreError) -> PKCS11Token {
        let all = try devices()
        let meant = selector.map { selector in all.filter { $0.isMeant(by: selector) } } ?? all
        guard let device = meant.first else {
            throw KeyStoreError(.tokenNotFound, candidates: selector.map { [$0.text] } ?? [])
        }
        guard meant.count == 1 else {
            let names = meant.map { "\($0.general.token.identity.label) (\($0.general.token.identity.serial))" }
            throw KeyStoreError(.tokenAmbiguous, candidates: names)
        }
        return PKCS11Token(device)
    }

    /// Finalises the modules. Tokens that are still open can do nothing any more.
    public func shutdown() {
        for module in modules ?? [] { module.finalise() }
        modules = nil
    }

    private func devices() throws(KeyStoreError) -> [Device] {
        var all: [Device] = []
        for module in try loadedModules() {
            do throws(KeyStoreError) {
                all += Device.devices(in: try Slot.all(of: module))
            } catch  where !selection.files.contains(module.name) {
                // A registered module that cannot list its slots has no token for us.
                continue
            }
        }
        return all
    }

    private func loadedModules() throws(KeyStoreError) -> [Module] {
        if let modules { return modules }
        var loaded: [Module] = []
        for path in selection.files { loaded.append(try Module.load(path: path)) }
        if selection.includesRegistered {
            let known = Set(loaded.map(\.fileIdentity))
            loaded += Module.loadRegistered().filter { !known.contains($0.fileIdentity) }
        }
        modules = loaded
        return loaded
    }
}
