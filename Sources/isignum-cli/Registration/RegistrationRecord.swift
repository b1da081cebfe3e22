// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What was changed in one file for other applications, kept so that it can be taken back. Written before the file is.
struct RegistrationRecord: Codable, Equatable, Sendable {
    /// A folder or a file that was made.
    struct Created: Codable, Equatable, Sendable {
        let path: String
        /// What the file held; `nil` for a folder.
        let sha256: String?
    }

    /// What the file belongs to.
    let kind: ApplicationPlace.Kind
    /// The file that was changed.
    let file: String
    /// The bytes before; `nil` where there was no file.
    let original: Data?
    /// The access rights before.
    let mode: Int?
    /// Folders and files beside it that did not exist before, the outermost first.
    let created: [Created]
    /// The names of our entries in it.
    var names: [String]
    /// What was added for an entry, by its name; absent in older records.
    var added: [String: Data]?
    /// The module's file, by the name of its entry; absent in older records.
    var libraries: [String: String]?
    /// The bytes that we left; anything else means that somebody has changed the file since.
    var written: Data

    /// The names of our entries for a module.
    func names(of module: ModuleFile) -> [String] {
        names.filter { name in libraries?[name].map { ModuleFile($0) == module } ?? (name == module.listName) }
    }
}

/// All that is registered, in the state folder.
struct RegistrationLedger {
    private struct Document: Codable {
        var version = 1
        var records: [RegistrationRecord]
    }

    private let file: URL
    private(set) var records: [RegistrationRecord]

    /// Reads it; an absent file is an empty one.
    ///
    /// - Throws: `ledgerUnreadable`: without it nobody knows what was there before.
    init(in folder: URL) throws(RegistrationError) {
        file = folder.appending(path: "registrations.json")
        let path = file.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else {
            records = []
            return
        }
        guard let data = try? Data(contentsOf: file), let known = try? JSONDecoder().decode(Document.self, from: data),
            known.version == 1
        else { throw RegistrationError(.ledgerUnreadable, [path]) }
        records = known.records
    }

    /// The record of a file.
    func record(of file: URL) -> RegistrationRecord? { records.first { $0.file == file.path(percentEncoded: false) } }

    /// Writes a record down, in the place of an earlier one of the same file.
    mutating func keep(_ record: RegistrationRecord) throws {
        records.removeAll { $0.file == record.file }
        records.append(record)
        try save()
    }

    /// Forgets a record: its file is as it was.
    mutating func forget(_ record: RegistrationRecord) throws {
        records.removeAll { $0.file == record.file }
        try save()
    }

    private func save() throws {
        try ConfigurationFile.makeFolder(file.deletingLastPathComponent())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let data = try encoder.encode(Document(records: records))
        try NewFile.write([UInt8](data), to: file.path(percentEncoded: false), force: true)
    }
}
