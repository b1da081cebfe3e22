// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import TOMLKit

/// Reads `config.toml` strictly: a key that means nothing or a value of the wrong kind is an error with its line, never
/// passed over, because a misspelt trust anchor must not silently become the system's store.
struct ConfigurationReader {
    /// The largest file in bytes.
    static let largestFile = 1 << 20

    private let file: URL
    private let source: TOMLSource

    /// Reads the file; one that is not there is an empty configuration.
    static func read(_ file: URL) throws(ConfigurationError) -> Configuration {
        guard let text = try text(of: file) else { return Configuration(file: file.path(percentEncoded: false)) }
        return try parse(text, of: file)
    }

    /// The text of the file; `nil` when it is not there.
    static func text(of file: URL) throws(ConfigurationError) -> String? {
        let path = file.path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        // A pipe or a device would be waited for, or read without end.
        let kind = FileKind(of: file.resolvingSymlinksInPath().path(percentEncoded: false))
        guard kind == .regular || kind == .folder else {
            throw ConfigurationError(.unreadable, file: path, detail: nil)
        }
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: file)
            defer { try? handle.close() }
            data = try handle.read(upToCount: largestFile + 1) ?? Data()
        } catch {
            throw ConfigurationError(.unreadable, file: path, detail: error.localizedDescription)
        }
        // The parser takes C strings: a zero byte would hide everything after it.
        guard data.count <= largestFile, let text = String(data: data, encoding: .utf8), !data.contains(0) else {
            throw ConfigurationError(.syntax, file: path, detail: "UTF-8, < 1 MiB")
        }
        return text
    }

    /// Reads a text as if it stood in the file.
    static func parse(_ text: String, of file: URL) throws(ConfigurationError) -> Configuration {
        let path = file.path(percentEncoded: false)
        if let line = TOMLBounds.excess(in: text) { throw ConfigurationError(.tooIntricate, file: path, line: line) }
        let table: TOMLTable
        do {
            table = try TOMLTable(string: text)
        } catch let error as TOMLParseError {
            throw ConfigurationError(.syntax, file: path, line: error.source.begin.line, detail: error.description)
        } catch {
            throw ConfigurationError(.syntax, file: path, detail: "\(error)")
        }
        let reader = ConfigurationReader(file: file, source: TOMLSource(path: path, text: text))
        return try reader.configuration(from: TOMLSection(table, at: [], of: reader.source))
    }

    private func configuration(from root: TOMLSection) throws(ConfigurationError) -> Configuration {
        try root.allow(["default-ca", "language", "expert", "qr-code", "modules", "system-modules", "ca", "devices"])
        var configuration = Configuration(file: source.path)
        configuration.defaultAuthority = try root.string("default-ca")
        configuration.language = try root.string("language", oneOf: ["cs", "en"])
        configuration.expert = try root.boolean("expert") ?? false
        configuration.qrCode = try root.boolean("qr-code") ?? true
        configuration.modules = try root.strings("modules").map(resolve)
        configuration.systemModules = try root.boolean("system-modules")
        for (name, section) in try root.sections("ca") {
            configuration.authorities[name] = try authority(section)
        }
        for (model, section) in try root.sections("devices") {
            try section.allow(["certified-until"])
            configuration.certifiedUntil[model] = try section.endOfDay("certified-until")
        }
        if let name = configuration.defaultAuthority, configuration.authorities[name] == nil {
            throw root.error(
                .authorityUnknown,
                "default-ca",
                named: name,
                among: configuration.authorities.keys.sorted()
            )
        }
        return configuration
    }

    private func authority(_ section: TOMLSection) throws(ConfigurationError) -> Configuration.Authority {
        try section.allow(["url", "anchors", "chain", "protocol", "release-mail"])
        _ = try section.string("protocol", oneOf: Configuration.protocols)
        guard let text = try section.string("url"), let url = URL(string: text), url.scheme?.lowercased() == "https",
            url.host()?.isEmpty == false
        else { throw section.error(.badValue, "url", detail: "\"https://…\"") }
        return Configuration.Authority(
            url: url,
            anchors: try section.string("anchors").map(resolve),
            chain: try section.string("chain").map(resolve),
            releaseMail: try section.mailAddress("release-mail")
        )
    }

    /// Paths are relative to the file that names them.
    private func resolve(_ path: String) -> String {
        let expanded = path.hasPrefix("~/") ? NSString(string: path).expandingTildeInPath : path
        return URL(filePath: expanded, relativeTo: file.deletingLastPathComponent()).path(percentEncoded: false)
    }
}
