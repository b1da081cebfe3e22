// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The NSS database that Chromium and its kin share. Since 2026 they use `~/.pki/nssdb` only where that folder is there,
/// otherwise `pki/nssdb` under `XDG_DATA_HOME`, and never both: whoever made the old folder would hide from a browser
/// what it keeps in the other. Earlier ones know the old folder alone, and make it.
struct BrowserDatabase: Sendable {
    /// The folder that the browser uses, or would make.
    let folder: URL
    /// The database in the other place, which no browser of today reads; `nil` where there is none.
    let hidden: URL?

    init(home: URL, environment: [String: String]) {
        let old = home.appending(path: ".pki/nssdb", directoryHint: .isDirectory)
        let data =
            Folders.folder("XDG_DATA_HOME", in: environment, mustBeAbsolute: true)
            ?? home.appending(path: ".local/share", directoryHint: .isDirectory)
        let new = data.appending(path: "pki/nssdb", directoryHint: .isDirectory)
        let isOld = (try? old.resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey]).isDirectory) ?? false
        folder = isOld ? old : new
        let database = new.appending(path: "key4.db").path(percentEncoded: false)
        hidden = isOld && FileManager.default.fileExists(atPath: database) ? new : nil
    }
}
