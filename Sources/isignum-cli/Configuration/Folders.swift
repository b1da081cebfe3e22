// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Where the client keeps its files: the folders of the XDG base directory specification, or everything under
/// `ISIGNUM_HOME` (`config.toml`, `state/`, `cache/`) when that is set.
struct Folders: Sendable {
    /// The configuration; it need not exist.
    let configurationFile: URL
    /// The journal's folder.
    let state: URL
    /// What can be asked for again.
    let cache: URL
    /// The software store: the NSS database that Chromium uses, unless everything is under `ISIGNUM_HOME`.
    let softwareStore: URL
    /// The database of Chromium itself.
    let browserDatabase: BrowserDatabase

    /// - Parameter environment: the variables of this process.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let home =
            Self.folder("HOME", in: environment, mustBeAbsolute: true)
            ?? FileManager.default.homeDirectoryForCurrentUser
        browserDatabase = BrowserDatabase(home: home, environment: environment)
        if let home = Self.folder("ISIGNUM_HOME", in: environment, mustBeAbsolute: false) {
            configurationFile = home.appending(path: "config.toml")
            state = home.appending(path: "state", directoryHint: .isDirectory)
            cache = home.appending(path: "cache", directoryHint: .isDirectory)
            softwareStore = home.appending(path: "nssdb", directoryHint: .isDirectory)
            return
        }
        func place(_ variable: String, _ usual: String) -> URL {
            let base = Self.folder(variable, in: environment, mustBeAbsolute: true) ?? home.appending(path: usual)
            return base.appending(path: "isignum", directoryHint: .isDirectory)
        }
        configurationFile = place("XDG_CONFIG_HOME", ".config").appending(path: "config.toml")
        state = place("XDG_STATE_HOME", ".local/state")
        cache = place("XDG_CACHE_HOME", ".cache")
        softwareStore = browserDatabase.folder
    }

    /// A user's own device profiles; the file need not exist.
    var profiles: URL { configurationFile.deletingLastPathComponent().appending(path: "profiles.json") }

    /// How modules did when they were tried.
    var moduleVerdicts: URL { cache.appending(path: "modules.json") }

    /// The cached list of qualified devices of one CA. Its name comes from the configuration and may hold anything.
    func deviceList(of authority: String) -> URL {
        let name = authority.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            return isPlain || byte == 0x2d ? String(UnicodeScalar(byte)) : "_" + String(byte, radix: 16)
        }
        return cache.appending(path: "devices-\(name.joined()).json")
    }

    /// The specification says that a relative path is to be ignored.
    static func folder(_ variable: String, in environment: [String: String], mustBeAbsolute: Bool) -> URL? {
        guard let path = environment[variable], !path.isEmpty, path.hasPrefix("/") || !mustBeAbsolute else {
            return nil
        }
        return URL(filePath: path, directoryHint: .isDirectory)
    }
}
