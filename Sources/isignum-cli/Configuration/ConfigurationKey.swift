// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A key of `config.toml` as `config set` names it.
enum ConfigurationKey: Equatable, Sendable {
    case defaultAuthority, language, expert, qrCode, modules, systemModules
    case authorityURL(String), authorityAnchors(String), authorityChain(String), authorityProtocol(String),
        authorityReleaseMail(String)
    case certifiedUntil(model: String)

    /// What can be set, for messages.
    static let forms = [
        "default-ca", "language", "expert", "qr-code", "modules", "system-modules", "ca.NAME.url", "ca.NAME.anchors",
        "ca.NAME.chain", "ca.NAME.protocol", "ca.NAME.release-mail", "devices.MODEL.certified-until",
    ]

    /// - Parameter text: as in `ca.demo.url`. What stands between the first and the last dot is the name, whatever dots
    ///   it has itself; quotes around it may be left out.
    init?(_ text: String) {
        switch text {
        case "default-ca": self = .defaultAuthority
        case "language": self = .language
        case "expert": self = .expert
        case "qr-code": self = .qrCode
        case "modules": self = .modules
        case "system-modules": self = .systemModules
        default:
            guard let first = text.firstIndex(of: "."), let last = text.lastIndex(of: "."), first < last else {
                return nil
            }
            var name = text[text.index(after: first)..<last]
            if name.count >= 2, let quote = name.first, quote == "\"" || quote == "'", name.last == quote {
                name = name.dropFirst().dropLast()
            }
            guard !name.isEmpty else { return nil }
            switch (text[..<first], text[text.index(after: last)...]) {
            case ("ca", "url"): self = .authorityURL(String(name))
            case ("ca", "anchors"): self = .authorityAnchors(String(name))
            case ("ca", "chain"): self = .authorityChain(String(name))
            case ("ca", "protocol"): self = .authorityProtocol(String(name))
            case ("ca", "release-mail"): self = .authorityReleaseMail(String(name))
            case ("devices", "certified-until"): self = .certifiedUntil(model: String(name))
            default: return nil
            }
        }
    }

    /// The parts of the key.
    var path: [String] {
        switch self {
        case .defaultAuthority: ["default-ca"]
        case .language: ["language"]
        case .expert: ["expert"]
        case .qrCode: ["qr-code"]
        case .modules: ["modules"]
        case .systemModules: ["system-modules"]
        case .authorityURL(let name): ["ca", name, "url"]
        case .authorityAnchors(let name): ["ca", name, "anchors"]
        case .authorityChain(let name): ["ca", name, "chain"]
        case .authorityProtocol(let name): ["ca", name, "protocol"]
        case .authorityReleaseMail(let name): ["ca", name, "release-mail"]
        case .certifiedUntil(let model): ["devices", model, "certified-until"]
        }
    }

    /// As it stands in a file.
    var text: String { path.map(TOMLEditor.key).joined(separator: ".") }

    /// The value that words of a command line mean; the reader of the file has the last word on it.
    ///
    /// - Throws: `valueUnusable`, with what belongs there.
    func value(_ words: [String]) throws(ConfigurationChangeError) -> TOMLEditor.Value {
        switch self {
        case .modules:
            // Paths of the command line begin at the current folder, those of the file beside it.
            return .texts(words.filter { !$0.isEmpty }.map(Self.path))
        case .systemModules, .expert, .qrCode:
            guard words == ["true"] || words == ["false"] else {
                throw ConfigurationChangeError(.valueUnusable, [text, "true, false"])
            }
            return .truth(words == ["true"])
        case .certifiedUntil:
            guard words.count == 1, words[0].wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil else {
                throw ConfigurationChangeError(.valueUnusable, [text, "2030-12-31"])
            }
            return .day(words[0])
        case .authorityAnchors, .authorityChain:
            guard words.count == 1, !words[0].isEmpty else {
                throw ConfigurationChangeError(.valueUnusable, [text, "ca.pem"])
            }
            return .text(Self.path(words[0]))
        case .authorityReleaseMail:
            guard words.count == 1, !words[0].isEmpty else {
                throw ConfigurationChangeError(.valueUnusable, [text, "ca@example.com"])
            }
            return .text(words[0])
        case .defaultAuthority, .language, .authorityURL, .authorityProtocol:
            guard words.count == 1, !words[0].isEmpty else {
                throw ConfigurationChangeError(.valueUnusable, [text, "\"…\""])
            }
            return .text(words[0])
        }
    }

    private static func path(_ text: String) -> String {
        text.hasPrefix("~/") ? text : URL(filePath: text).standardizedFileURL.path(percentEncoded: false)
    }
}
