// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `register`, the software store and `doctor` in homes where Chromium's database is here or there, seen by NSS's own
/// programs.
@Suite struct BrowserDatabaseStoryTests {
    let home: TemporaryFolder
    let program: Program
    let new = ".local/share/pki/nssdb"
    let old = ".pki/nssdb"

    init() throws {
        home = try TemporaryFolder(named: "user")
        var program = try Program()
        program.environment = [
            "HOME": home.path, "ISIGNUM_HOME": "", "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": "", "XDG_STATE_HOME": "",
            "XDG_CACHE_HOME": "", "PCSCLITE_CSOCK_NAME": "/nonexistent/pcscd.comm",
        ]
        self.program = program
        let pin = home.file("pin")
        try Data("heslo k databázi\n".utf8).write(to: pin)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: pin.path)
    }

    private func configure(_ text: String) throws {
        let folder = home.file(".config/isignum")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(text.utf8).write(to: folder.appendingPathComponent("config.toml"))
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: home.file(path).path) }

    /// A database as the browser makes it.
    private func make(_ place: String) async throws {
        try FileManager.default.createDirectory(at: home.file(place), withIntermediateDirectories: true)
        try await ChildProcess.output(of: "certutil", ["-N", "-d", "sql:\(home.file(place).path)", "--empty-password"])
    }

    private func list(_ place: String) throws -> String {
        try String(contentsOf: home.file("\(place)/pkcs11.txt"), encoding: .utf8)
    }

    @Test func `a module goes into the database that the browser has, and the other folder is never made`() async throws
    {
        let module = try SimulatedDevice.module()
        try await make(new)
        let before = try list(new)
        #expect(try await program.run("register", "--module", module).status == 0)
        #expect(try list(new).contains(module) && !exists(".pki"))
        #expect(try await program.run("unregister").status == 0)
        #expect(try list(new) == before)
        try await make(old)
        #expect(try await program.run("register", "--module", module).status == 0)
        #expect(try list(old).contains(module) && list(new) == before)
    }

    @Test func `what was registered in one place is taken back when the browser has come to use the other`()
        async throws
    {
        let module = try SimulatedDevice.module()
        #expect(try await program.run("register", "--module", module).status == 0)
        #expect(exists(new) && !exists(".pki"))
        try await make(old)
        // While the browser runs, no list of it is touched.
        let own = ProcessInfo.processInfo.processIdentifier
        let lock = home.file(".config/chromium/SingletonLock")
        try FileManager.default.createDirectory(
            at: lock.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try FileManager.default.createSymbolicLink(atPath: lock.path, withDestinationPath: "host-\(own)")
        #expect(try await program.run("unregister").status == 75)
        try FileManager.default.removeItem(at: lock)
        #expect(try await program.run("unregister").status == 0)
        #expect(!exists(".local/share/pki") && exists(old))
    }

    @Test func `the store is made where the browser looks, and is found again where the user has moved it`()
        async throws
    {
        let ca = try RunningCA("--auto-approve", "0")
        try configure("modules = []\nsystem-modules = false\n" + ca.configuration)
        let secrets = ["--json", "--no-input", "--pin-from", "file:\(home.file("pin").path)"]
        let begun = try await program.run(
            ["new", "--type", "commercial", "--name", "Jan Žižka", "--software-store"] + secrets
        )
        #expect(begun.status == 0, "\(begun.errorText)")
        #expect(exists("\(new)/key4.db") && !exists(".pki"))
        try FileManager.default.createDirectory(at: home.file(".pki"), withIntermediateDirectories: true)
        try FileManager.default.moveItem(at: home.file(new), to: home.file(old))
        let id = try #require(try begun.document()["id"] as? String)
        let installed = try await program.run(["install", id, "--accept"] + secrets)
        #expect(installed.status == 0, "\(installed.errorText)")
        let certificates = try await ChildProcess.output(of: "certutil", ["-L", "-d", "sql:\(home.file(old).path)"])
        #expect(certificates.contains("Jan Žižka") && !exists(new))
        let shown = try await program.run("config", "show", "--json").document()
        #expect(shown["softwareStore"] as? String == home.file(old).path)
        let waiting = try await program.run(
            ["new", "--type", "commercial", "--name", "Eva Nová", "--software-store"] + secrets
        )
        let other = try #require(try waiting.document()["id"] as? String)
        try FileManager.default.moveItem(at: home.file(old), to: home.file(new))
        try await make(old)
        // The key is where the browser does not look any more: that is found out, and nothing is written.
        let missing = try await program.run(["install", other, "--accept"] + secrets)
        #expect([66, 77].contains(missing.status), "\(missing.errorText)")
        let doctor = try await program.run("doctor")
        #expect(doctor.outputText.contains("\(new) is hidden"), "\(doctor.outputText)")
    }

    @Test func `whoever has the software store alone is well, and whoever has nothing hears of it`() async throws {
        let ca = try RunningCA("--auto-approve", "0")
        try configure("modules = []\nsystem-modules = false\n" + ca.configuration)
        let none = try await program.run("doctor")
        #expect(none.status != 0)
        #expect(none.outputText.contains("isignum new --software-store"))
        #expect(!none.outputText.contains("no certificate can be had"))
        let empty = try await program.run("list", "--json")
        #expect(empty.status == 66)
        #expect(try empty.failure()["hint"]?.contains("isignum new --software-store") == true)
        let pin = ["--pin-from", "file:\(home.file("pin").path)"]
        let made = try await program.run(["new", "--type", "commercial", "--software-store", "--no-input"] + pin)
        #expect(made.status == 0, "\(made.errorText)")
        let doctor = try await program.run("doctor", "--lang", "cs")
        #expect(doctor.status == 0, "\(doctor.outputText)")
        #expect(doctor.outputText.contains("Certifikát by teď šlo získat."))
        #expect(doctor.outputText.contains(home.file(new).path))
        let list = try await program.run("list", "--json")
        #expect(list.status == 66)
        #expect(try list.failure()["hint"]?.contains("--software-store: \(home.file(new).path)") == true)
    }
}
