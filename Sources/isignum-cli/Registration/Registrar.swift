// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import OpenSSLKit

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Shows a module to other applications, each once, and never twice where something shows it already. Next hop:
/// `ChangedFile`.
struct Registrar {
    let places: [ApplicationPlace]
    let isDryRun: Bool
    var ledger: RegistrationLedger
    /// What the system's own packages have registered with p11-kit.
    private let registered: [ModuleConfigurations.Entry]

    init(places: [ApplicationPlace], state: URL, isDryRun: Bool) throws(RegistrationError) {
        self.places = places
        self.isDryRun = isDryRun
        ledger = try RegistrationLedger(in: state)
        registered = ModuleConfigurations.systemFolders.flatMap { ModuleConfigurations.entries(in: $0) }
    }

    /// Registers a module everywhere; p11-kit comes first, because NSS may see through it.
    mutating func register(_ module: ModuleFile) async -> [RegistrationStep] {
        var steps: [RegistrationStep] = []
        for place in places.filter({ $0.kind == .p11kit }) + places.filter({ $0.kind != .p11kit }) {
            do {
                steps.append(
                    place.kind == .p11kit
                        ? try registerWithP11Kit(module, at: place) : try await register(module, at: place)
                )
            } catch {
                let file = place.kind == .p11kit ? place.folder : place.list
                steps.append(Self.step(place, file, module, .failed, Self.words(of: error)))
            }
        }
        return steps
    }

    private mutating func registerWithP11Kit(
        _ module: ModuleFile,
        at place: ApplicationPlace
    ) throws -> RegistrationStep {
        let file = place.folder.appending(path: "\(module.listName).module")
        if let entry = registered.first(where: { $0.module == module }) {
            return Self.step(place, file, module, .there, entry.file)
        }
        let own = ModuleConfigurations.entries(in: place.folder.path(percentEncoded: false))
        if let entry = own.first(where: { $0.module == module }) {
            let isOurs = URL(filePath: entry.file).lastPathComponent == file.lastPathComponent
            return Self.step(place, file, module, isOurs ? .already : .there, entry.file)
        }
        guard geteuid() != 0 else { return Self.step(place, file, module, .ignoredForRoot) }
        let text = "# isignum register; isignum unregister takes it out again\nmodule: \(module.path)\ncritical: no\n"
        try change(file, of: place, to: Data(text.utf8), names: [module.listName], created: missingFolders(of: file))
        return Self.step(place, file, module, .registered)
    }

    private mutating func register(_ module: ModuleFile, at place: ApplicationPlace) async throws -> RegistrationStep {
        let hasDatabase = Self.exists(place.folder.appending(path: "cert9.db"))
        guard hasDatabase || place.kind == .chromium && !place.isSandboxed else {
            return Self.step(place, place.list, module, .unused)
        }
        let found = try? Data(contentsOf: place.list)
        var list = SecurityModules(String(decoding: found ?? Data(), as: UTF8.self))
        for entry in list.entries {
            guard let library = entry.library else { continue }
            if ModuleFile(library) == module {
                let outcome = entry.name == module.listName ? RegistrationStep.Outcome.already : .there
                return Self.step(place, place.list, module, outcome, outcome == .there ? entry.name : nil)
            }
            if library.split(separator: "/").last?.hasPrefix("p11-kit-proxy") == true, isKnownToP11Kit(module) {
                return Self.step(place, place.list, module, .throughP11Kit, entry.name)
            }
        }
        if let user = place.user {
            return Self.step(place, place.list, module, .inUse, user.process.map { "\($0)" })
        }
        var created: [RegistrationRecord.Created] = []
        if !hasDatabase {
            guard let certutil = QuietProgram.find("certutil") else {
                return Self.step(place, place.list, module, .toolMissing)
            }
            if !isDryRun {
                created = missingFolders(of: place.list)
                created += try await makeDatabase(place, with: certutil)
                list = SecurityModules(try String(contentsOf: place.list, encoding: .utf8))
            }
        }
        list.remove(module.listName)
        list.add(module.listName, library: module.path)
        let names = (ledger.record(of: place.list)?.names ?? []).filter { $0 != module.listName } + [module.listName]
        try change(place.list, of: place, to: Data(list.text.utf8), names: names, created: created)
        return Self.step(place, place.list, module, .registered)
    }

    /// Whether p11-kit shows the module to this user, by its own files or by ours.
    private func isKnownToP11Kit(_ module: ModuleFile) -> Bool {
        if registered.contains(where: { $0.module == module }) { return true }
        return geteuid() != 0
            && places.filter { $0.kind == .p11kit }.contains { place in
                ModuleConfigurations.entries(in: place.folder.path(percentEncoded: false))
                    .contains { $0.module == module }
            }
    }

    /// Makes the database as Chromium would: without a password, its files for their owner alone.
    private func makeDatabase(
        _ place: ApplicationPlace,
        with certutil: String
    ) async throws -> [RegistrationRecord.Created] {
        try ConfigurationFile.makeFolder(place.folder)
        let path = place.folder.path(percentEncoded: false)
        let ended = await QuietProgram.run(certutil, ["-N", "-d", "sql:\(path)", "--empty-password"])
        guard ended.succeeded else { throw CommandError(.cannotWrite, [path]) }
        return ["cert9.db", "key4.db"].map { name in
            let file = place.folder.appending(path: name)
            return .init(path: file.path(percentEncoded: false), sha256: ChangedFile.fingerprint(file))
        }
    }

    private mutating func change(
        _ file: URL,
        of place: ApplicationPlace,
        to data: Data,
        names: [String],
        created: [RegistrationRecord.Created]
    ) throws {
        guard !isDryRun else { return }
        let earlier = ledger.record(of: file)
        let now = try? Data(contentsOf: file)
        // A database that was made for this is as good as none: its list goes with it.
        var original = created.contains { $0.sha256 != nil } ? nil : now
        if let earlier {
            // What somebody else has changed since our last visit belongs to what there was before this one.
            original = now == earlier.written ? earlier.original : ChangedFile(earlier).without(earlier.names)
        }
        let record = RegistrationRecord(
            kind: place.kind,
            file: file.path(percentEncoded: false),
            original: original,
            mode: earlier.map(\.mode) ?? ChangedFile.mode(of: file),
            created: earlier?.created ?? created,
            names: names,
            written: data
        )
        try ledger.keep(record)
        try ChangedFile.write(data, to: file, mode: record.mode)
    }

    /// The folders that writing a file would make.
    private func missingFolders(of file: URL) -> [RegistrationRecord.Created] {
        var missing: [RegistrationRecord.Created] = []
        var folder = file.deletingLastPathComponent()
        while !Self.exists(folder), folder.path != "/" {
            missing.insert(.init(path: folder.path(percentEncoded: false), sha256: nil), at: 0)
            folder = folder.deletingLastPathComponent()
        }
        return missing
    }

    static func exists(_ url: URL) -> Bool {
        FileManager.default.fileExists(atPath: url.path(percentEncoded: false))
    }

    static func words(of error: any Error) -> String {
        (error as? CommandError)?.subjects.joined(separator: ", ") ?? error.localizedDescription
    }

    private static func step(
        _ place: ApplicationPlace,
        _ file: URL,
        _ module: ModuleFile,
        _ outcome: RegistrationStep.Outcome,
        _ detail: String? = nil
    ) -> RegistrationStep {
        RegistrationStep(
            application: place.kind,
            file: file.path(percentEncoded: false),
            module: module.path,
            outcome: outcome,
            detail: detail,
            sandboxed: place.isSandboxed
        )
    }
}
