// SPDX-License-Identifier: Apache-2.0

internal import Enrollment
internal import Foundation
internal import TOMLKit

/// One table of a TOML document, read value by value; every complaint names the key and its line.
struct TOMLSection {
    private let table: TOMLTable
    private let path: [String]
    private let source: TOMLSource

    init(_ table: TOMLTable, at path: [String], of source: TOMLSource) {
        self.table = table
        self.path = path
        self.source = source
    }

    /// Refuses every key that is not among these.
    func allow(_ keys: Set<String>) throws(ConfigurationError) {
        for key in table.keys.sorted() where !keys.contains(key) { throw error(.unknownKey, key) }
    }

    /// A text that is not empty.
    func string(_ key: String, oneOf allowed: [String]? = nil) throws(ConfigurationError) -> String? {
        guard let value = table[key] else { return nil }
        guard let text = value.tomlValue.string, !text.isEmpty, allowed?.contains(text) ?? true else {
            let wanted = allowed.map { $0.map { "\"\($0)\"" }.joined(separator: ", ") } ?? "\"…\""
            throw error(.badValue, key, detail: wanted)
        }
        return text
    }

    /// A bare mail address.
    func mailAddress(_ key: String) throws(ConfigurationError) -> String? {
        let text = try string(key)
        guard text.map(ReleaseLetter.isAddress) ?? true else {
            throw error(.badValue, key, detail: "\"ca@example.com\"")
        }
        return text
    }

    /// A list of texts; an absent one is empty.
    func strings(_ key: String) throws(ConfigurationError) -> [String] {
        guard let value = table[key] else { return [] }
        guard let array = value.tomlValue.array else { throw error(.badValue, key, detail: "[\"…\", \"…\"]") }
        var texts: [String] = []
        for element in array {
            guard let text = element.tomlValue.string, !text.isEmpty else {
                throw error(.badValue, key, detail: "[\"…\", \"…\"]")
            }
            texts.append(text)
        }
        return texts
    }

    /// Yes or no.
    func boolean(_ key: String) throws(ConfigurationError) -> Bool? {
        guard let value = table[key] else { return nil }
        guard let truth = value.tomlValue.bool else { throw error(.badValue, key, detail: "true, false") }
        return truth
    }

    /// A date, meant to its last second in UTC.
    func endOfDay(_ key: String) throws(ConfigurationError) -> Date? {
        guard let value = table[key] else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        guard let day = value.tomlValue.date,
            let date = calendar.date(
                from: DateComponents(year: day.year, month: day.month, day: day.day, hour: 23, minute: 59, second: 59)
            )
        else { throw error(.badValue, key, detail: "2030-12-31") }
        return date
    }

    /// The tables under a key, by their names.
    func sections(_ key: String) throws(ConfigurationError) -> [(name: String, section: TOMLSection)] {
        guard let value = table[key] else { return [] }
        guard let parent = value.tomlValue.table else { throw error(.badValue, key, detail: "[\(key).…]") }
        var sections: [(name: String, section: TOMLSection)] = []
        for name in parent.keys.sorted() {
            guard let child = parent[name]?.tomlValue.table else {
                throw TOMLSection(parent, at: path + [key], of: source).error(
                    .badValue,
                    name,
                    detail: "[\(key).\(name)]"
                )
            }
            sections.append((name, TOMLSection(child, at: path + [key, name], of: source)))
        }
        return sections
    }

    /// A complaint about a key of this table.
    func error(
        _ code: ConfigurationError.Code,
        _ key: String,
        named name: String? = nil,
        detail: String? = nil,
        among candidates: [String] = []
    ) -> ConfigurationError {
        let full = path + [key]
        return ConfigurationError(
            code,
            file: source.path,
            line: source.line(of: full),
            key: name ?? full.joined(separator: "."),
            detail: detail,
            candidates: candidates
        )
    }
}
