// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// Where Chromium's database is, for every state of a home folder: the old place is never made, and is used where it is.
@Suite struct BrowserDatabaseTests {
    let home: TemporaryFolder

    init() throws { home = try TemporaryFolder(named: "user") }

    private func make(_ folder: String, database: Bool = false) throws {
        let url = home.file(folder)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        if database { try Data("x".utf8).write(to: url.appendingPathComponent("key4.db")) }
    }

    private func folder(_ dataHome: String? = nil) -> (folder: String, hidden: String?) {
        var environment = ["HOME": home.path]
        environment["XDG_DATA_HOME"] = dataHome
        let database = Folders(environment: environment).browserDatabase
        #expect(Folders(environment: environment).softwareStore == database.folder)
        func name(_ url: URL) -> String {
            url.path(percentEncoded: false).replacingOccurrences(of: home.path + "/", with: "").trimmingSlash
        }
        return (name(database.folder), database.hidden.map(name))
    }

    private let new = ".local/share/pki/nssdb"

    @Test(arguments: [nil, "", "relative/share"])
    func `without the old folder it is the one of XDG, whose variable counts only when it is absolute`(
        data: String?
    ) throws {
        #expect(folder(data).folder == new)
        try make(".pki")
        #expect(folder(data).folder == new)
        try make(new, database: true)
        #expect(folder(data) == (new, nil))
    }

    @Test func `an absolute XDG_DATA_HOME moves it`() {
        #expect(folder(home.file("data").path).folder == "data/pki/nssdb")
    }

    @Test func `the old folder is used where it is there, empty or not, and hides what is in the other`() throws {
        try make(".pki/nssdb")
        #expect(folder() == (".pki/nssdb", nil))
        #expect(folder(home.file("data").path).folder == ".pki/nssdb")
        try make(new)
        #expect(folder().hidden == nil)
        try make(new, database: true)
        #expect(folder() == (".pki/nssdb", new))
    }

    @Test func `a link to a folder is one, a link to nowhere and a file are none`() throws {
        try make(".pki")
        try make("elsewhere")
        let old = home.file(".pki/nssdb")
        try FileManager.default.createSymbolicLink(at: old, withDestinationURL: home.file("elsewhere"))
        #expect(folder().folder == ".pki/nssdb")
        try FileManager.default.removeItem(at: home.file("elsewhere"))
        #expect(folder().folder == new)
        try FileManager.default.removeItem(at: old)
        try Data().write(to: old)
        #expect(folder().folder == new)
    }

    @Test func `ISIGNUM_HOME keeps the store with everything else, and leaves the browser's where it is`() {
        let folders = Folders(environment: ["HOME": home.path, "ISIGNUM_HOME": "/somewhere"])
        #expect(folders.softwareStore.path(percentEncoded: false) == "/somewhere/nssdb/")
        #expect(folders.browserDatabase.folder.path(percentEncoded: false).contains(new))
    }
}
