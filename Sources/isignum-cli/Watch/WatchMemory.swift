// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// What was told already, in the state folder. Losing it means being told twice, nothing worse.
struct WatchMemory {
    private let file: URL
    private var told: [String: Date]

    /// How long something is remembered: longer than anything is told.
    private static let longest: TimeInterval = 400 * 86_400

    init(in folder: URL) {
        file = folder.appending(path: "watch.json")
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        told = (try? Data(contentsOf: file)).flatMap { try? decoder.decode([String: Date].self, from: $0) } ?? [:]
    }

    /// Marks those that were told before.
    func marking(_ matters: [WatchMatter]) -> [WatchMatter] {
        matters.map { matter in
            var matter = matter
            matter.isNew = told[matter.key] == nil
            return matter
        }
    }

    /// Remembers that these were told.
    mutating func keep(_ matters: [WatchMatter], now: Date) throws {
        guard matters.contains(where: \.isNew) else { return }
        for matter in matters { told[matter.key] = told[matter.key] ?? now }
        told = told.filter { now.timeIntervalSince($0.value) < Self.longest }
        try ConfigurationFile.makeFolder(file.deletingLastPathComponent())
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        encoder.dateEncodingStrategy = .iso8601
        try NewFile.write([UInt8](try encoder.encode(told)), to: file.path(percentEncoded: false), force: true)
    }
}
