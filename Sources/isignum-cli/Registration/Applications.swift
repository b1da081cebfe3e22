// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// A place where applications look for PKCS#11 modules.
struct ApplicationPlace: Sendable {
    /// The kinds of places.
    enum Kind: String, Sendable, Codable, CaseIterable {
        /// The NSS database that Chromium and its kin share.
        case chromium
        /// A profile of Firefox or one of its kin.
        case firefox
        /// A profile of Thunderbird.
        case thunderbird
        /// p11-kit's files of this user: GnuTLS, OpenSSL, ssh and others.
        case p11kit = "p11-kit"
    }

    let kind: Kind
    /// The folder of the NSS database, or of the `.module` files.
    let folder: URL
    /// Whether the application lives in a sandbox (snap, flatpak), which may not see the module's file.
    let isSandboxed: Bool
    /// The files that tell whether the application runs.
    fileprivate let locks: [URL]

    /// The list of modules in an NSS database.
    var list: URL { folder.appending(path: "pkcs11.txt") }

    /// The process that uses it just now; `nil` when none does.
    var user: ApplicationLock? { locks.lazy.compactMap(ApplicationLock.init).first }

    /// Every place of a home folder.
    static func all(home: URL, environment: [String: String]) -> [ApplicationPlace] {
        let files = FileManager.default
        func folder(_ path: String) -> URL { home.appending(path: path, directoryHint: .isDirectory) }
        func exists(_ url: URL) -> Bool { files.fileExists(atPath: url.path(percentEncoded: false)) }
        let chromiumLocks = [
            ".config/chromium", ".config/google-chrome", ".config/microsoft-edge",
            ".config/BraveSoftware/Brave-Browser", ".config/vivaldi",
        ]
        .map { folder($0).appending(path: "SingletonLock") }
        var places = [
            ApplicationPlace(
                kind: .chromium,
                folder: BrowserDatabase(home: home, environment: environment).folder,
                isSandboxed: false,
                locks: chromiumLocks
            )
        ]
        let chromiumBoxes = [
            ("snap/chromium/current/.pki/nssdb", "snap/chromium/common/chromium/SingletonLock"),
            (
                ".var/app/org.chromium.Chromium/.pki/nssdb",
                ".var/app/org.chromium.Chromium/config/chromium/SingletonLock"
            ),
            (".var/app/com.google.Chrome/.pki/nssdb", ".var/app/com.google.Chrome/config/google-chrome/SingletonLock"),
        ]
        for (path, lock) in chromiumBoxes where exists(folder(path)) {
            let place = ApplicationPlace(
                kind: .chromium,
                folder: folder(path),
                isSandboxed: true,
                locks: [home.appending(path: lock)]
            )
            places.append(place)
        }
        let profiles: [(Kind, String)] = [
            (.firefox, ".mozilla/firefox"), (.firefox, ".mozilla/firefox-esr"), (.firefox, ".config/mozilla/firefox"),
            (.firefox, "snap/firefox/common/.mozilla/firefox"),
            (.firefox, ".var/app/org.mozilla.firefox/.mozilla/firefox"), (.firefox, ".librewolf"),
            (.thunderbird, ".thunderbird"), (.thunderbird, ".icedove"),
            (.thunderbird, "snap/thunderbird/common/.thunderbird"),
            (.thunderbird, ".var/app/org.mozilla.Thunderbird/.thunderbird"),
        ]
        var seen: Set<String> = []
        for (kind, path) in profiles {
            for profile in ProfileList.profiles(in: folder(path)) {
                guard seen.insert(profile.resolvingSymlinksInPath().path).inserted else { continue }
                let locks = [profile.appending(path: ".parentlock"), profile.appending(path: "lock")]
                let isSandboxed = path.hasPrefix("snap/") || path.hasPrefix(".var/")
                places.append(ApplicationPlace(kind: kind, folder: profile, isSandboxed: isSandboxed, locks: locks))
            }
        }
        // p11-kit expands ~/.config to XDG_CONFIG_HOME, relative or not.
        let configuration = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : URL(filePath: $0) }
        let modules = (configuration ?? folder(".config")).appending(
            path: "pkcs11/modules",
            directoryHint: .isDirectory
        )
        places.append(ApplicationPlace(kind: .p11kit, folder: modules, isSandboxed: false, locks: []))
        return places
    }
}

/// The profiles that a `profiles.ini` lists (Firefox, Thunderbird).
enum ProfileList {
    /// The folders of profiles that are there.
    static func profiles(in folder: URL) -> [URL] {
        guard let text = try? String(contentsOf: folder.appending(path: "profiles.ini"), encoding: .utf8) else {
            return []
        }
        var profiles: [URL] = []
        var values: [String: String] = [:]
        func take() {
            defer { values = [:] }
            guard let path = values["Path"], !path.isEmpty else { return }
            let isRelative = values["IsRelative"] != "0" && !path.hasPrefix("/")
            let profile = isRelative ? folder.appending(path: path) : URL(filePath: path)
            if FileManager.default.fileExists(atPath: profile.path(percentEncoded: false)) { profiles.append(profile) }
        }
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("[") {
                take()
            } else if let equals = line.firstIndex(of: "=") {
                values[String(line[..<equals])] = String(line[line.index(after: equals)...])
            }
        }
        take()
        return profiles
    }
}
