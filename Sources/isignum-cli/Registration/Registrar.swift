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
    /// Where applications are started, as a rule.
    private let home: URL

    init(places: [ApplicationPlace], home: URL, state: URL, isDryRun: Bool) throws(RegistrationError) {
        self.places = places
        self.home = home
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
        func file(_ name: String) -> URL { place.folder.appending(path: "\(name).module") }
        // An entry of ours whose module has gone makes room.
        let name = module.listName { Self.exists(file($0)) && !isOrphan($0, in: ledger.record(of: file($0))) }
        if let entry = registered.first(where: { $0.module == module }) {
            return Self.step(place, file(name), module, .there, entry.file)
        }
        let own = ModuleConfigurations.entries(in: place.folder.path(percentEncoded: false))
        if let entry = own.first(where: { $0.module == module }) {
            let there = URL(filePath: entry.file)
            let isOurs = ledger.record(of: there) != nil || there.lastPathComponent == "\(module.listName).module"
            return Self.step(place, there, module, isOurs ? .already : .there, entry.file)
        }
        let file = file(name)
        guard geteuid() != 0 else { return Self.step(place, file, module, .ignoredForRoot) }
        let text = "# isignum register; isignum unregister takes it out again\nmodule: \(module.path)\ncritical: no\n"
        let entry = NewEntry(name: name, module: module, added: Data(text.utf8))
        try change(file, of: place, to: Data(text.utf8), entry, names: [name], created: missingFolders(of: file))
        return Self.step(place, file, module, .registered)
    }

    /// Whether an entry of ours leads to a file that is not there any more.
    private func isOrphan(_ name: String, in record: RegistrationRecord?) -> Bool {
        record?.names.contains(name) == true
            && record?.libraries?[name].map { !Self.exists(URL(filePath: $0)) } ?? false
    }

    private mutating func register(_ module: ModuleFile, at place: ApplicationPlace) async throws -> RegistrationStep {
        let hasDatabase = Self.exists(place.folder.appending(path: "cert9.db"))
        guard hasDatabase || place.kind == .chromium && !place.isSandboxed else {
            return Self.step(place, place.list, module, .unused)
        }
        // A list that cannot be read is not an empty one.
        let found = Self.exists(place.list) ? try Data(contentsOf: place.list) : nil
        var list = SecurityModules([UInt8](found ?? Data()))
        let record = ledger.record(of: place.list)
        let search = LibrarySearch(startedIn: [place.folder, home, URL(filePath: ".")])
        for entry in list.entries {
            guard let library = entry.library else { continue }
            if search.leads(library, to: module) {
                let isOurs = entry.name == module.listName || record?.names.contains(entry.name) == true
                let outcome: RegistrationStep.Outcome = isOurs ? .already : .there
                return Self.step(place, place.list, module, outcome, outcome == .there ? entry.name : nil)
            }
            let file = library.split(separator: UInt8(ascii: "/")).last
            if file?.starts(with: Array("p11-kit-proxy".utf8)) == true, isKnownToP11Kit(module) {
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
                list = SecurityModules([UInt8](try Data(contentsOf: place.list)))
            }
        }
        let name = module.listName { name in
            list.entries.contains { $0.name == name && $0.library != nil } && !isOrphan(name, in: record)
        }
        list.remove(name, added: record?.added?[name].map { [UInt8]($0) })
        let entry = NewEntry(name: name, module: module, added: Data(list.add(name, library: module.path)))
        let names = (record?.names ?? []).filter { $0 != name } + [name]
        try change(place.list, of: place, to: Data(list.bytes), entry, names: names, created: created)
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

    /// What is put into a file.
    private struct NewEntry {
        let name: String
        let module: ModuleFile
        let added: Data
    }

    private mutating func change(
        _ file: URL,
        of place: ApplicationPlace,
        to data: Data,
        _ entry: NewEntry,
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
            added: (earlier?.added ?? [:]).merging([entry.name: entry.added]) { $1 },
            libraries: (earlier?.libraries ?? [:]).merging([entry.name: entry.module.path]) { $1 },
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
