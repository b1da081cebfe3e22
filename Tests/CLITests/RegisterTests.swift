// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `register` and `unregister` with real NSS databases in a home of their own.
@Suite struct RegisterTests {
    let device: SimulatedDevice
    let home: TemporaryFolder
    let program: Program
    let module: String

    init() async throws {
        device = try await SimulatedDevice.provision()
        home = try TemporaryFolder(named: "user")
        var program = try Program(on: device)
        program.environment["HOME"] = home.path
        program.environment["XDG_CONFIG_HOME"] = ""
        program.environment["XDG_DATA_HOME"] = ""
        self.program = program
        module = try SimulatedDevice.module()
    }

    /// A profile as Firefox makes one.
    private func profile(_ root: String = ".mozilla/firefox", _ name: String = "abc.default") async throws -> URL {
        let folder = home.file("\(root)/\(name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let list =
            "[Install4F96D1932A9F858E]\nDefault=\(name)\n\n[Profile0]\nName=default\nIsRelative=1\nPath=\(name)\n"
        try Data(list.utf8).write(to: home.file("\(root)/profiles.ini"))
        try await ChildProcess.output(of: "certutil", ["-N", "-d", "sql:\(folder.path)", "--empty-password"])
        return folder
    }

    /// A module that a package has registered with p11-kit.
    private static func opensc() throws -> String {
        let folders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu"]
        return try #require(
            folders.map { "\($0)/opensc-pkcs11.so" }.first { FileManager.default.fileExists(atPath: $0) }
        )
    }

    /// Every file under the home, with its bytes and rights.
    private func everything() throws -> [String: String] {
        var found: [String: String] = [:]
        for path in try FileManager.default.subpathsOfDirectory(atPath: home.path) {
            let url = home.file(path)
            let mode = try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
            let data = (try? Data(contentsOf: url))?.base64EncodedString() ?? "folder"
            found[path] = "\(mode ?? 0) \(data)"
        }
        return found
    }

    private func outcomes(_ outcome: ChildProcess.Outcome) throws -> [String: String] {
        let places = try outcome.document()["places"] as? [[String: Any]] ?? []
        let pairs = places.compactMap { place -> (String, String)? in
            guard let file = place["file"] as? String, let end = place["outcome"] as? String else { return nil }
            return (file.replacingOccurrences(of: home.path + "/", with: ""), end)
        }
        return Dictionary(pairs) { $1 }
    }

    /// Puts a certificate beside a key onto the token.
    private func putCertificate() async throws {
        let der = home.file("certificate.der")
        try await ChildProcess.output(
            of: "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "/dev/null",
                "-subj", "/CN=Eva", "-days", "5", "-outform", "DER", "-out", der.path,
            ]
        )
        let pin = try SimulatedDevice.secret("pin", of: device.path).trimmingCharacters(in: .newlines)
        let base = ["--module", module, "--slot", "0", "--login", "--pin", pin, "--id", "01", "--label", "eva"]
        for arguments in [["--keypairgen", "--key-type", "rsa:2048"], ["--write-object", der.path, "--type", "cert"]] {
            try await ChildProcess.output(of: "pkcs11-tool", base + arguments, environment: device.environment)
        }
        try FileManager.default.removeItem(at: der)
    }

    /// Whether NSS sees the token's certificate, with its key, in a database.
    private func sees(_ folder: URL) async throws -> Bool {
        let pin = "\(device.path)/secrets/pin"
        let arguments = ["-L", "-d", "sql:\(folder.path)", "-h", "ProID+Q simulator", "-f", pin]
        let outcome = try await ChildProcess.run("certutil", arguments, environment: device.environment)
        return outcome.outputText.contains(/ProID\+Q simulator:eva +u,u,u/)
    }

    @Test func `NSS sees the token in every place, and afterwards every file is as it was`() async throws {
        try await putCertificate()
        let firefox = try await profile()
        #expect(try await !sees(firefox))
        let snap = try await profile("snap/firefox/common/.mozilla/firefox", "x.snap")
        let mail = try await profile(".thunderbird", "y.mail")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o644],
            ofItemAtPath: mail.appendingPathComponent("pkcs11.txt").path
        )
        let before = try everything()
        let dry = try await program.run("register", "--dry-run", "--json", "--module", module)
        #expect(dry.status == 0)
        #expect(try everything() == before)
        let done = try await program.run("register", "--json", "--module", module)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try outcomes(done) == outcomes(dry))
        let chromium = home.file(".local/share/pki/nssdb")
        for folder in [firefox, snap, mail, chromium] {
            #expect(try await sees(folder))
            let file = folder.path.dropFirst(home.path.count + 1) + "/pkcs11.txt"
            #expect(try outcomes(done)[String(file)] == "registered")
        }
        let after = try everything()
        let again = try await program.run("register", "--json", "--module", module)
        #expect(try Set(outcomes(again).values).isSubset(of: ["already", "ignored-for-root"]))
        #expect(try everything() == after)
        let undone = try await program.run("unregister", "--json")
        #expect(undone.status == 0)
        #expect(try Set(outcomes(undone).values) == ["restored"])
        #expect(try await !sees(firefox))
        #expect(try everything() == before)
        #expect(try await program.run("unregister").outputText.contains("Nothing"))
    }

    @Test func `what is written is what modutil writes`() async throws {
        let ours = try await profile()
        let theirs = home.file("theirs")
        try FileManager.default.createDirectory(at: theirs, withIntermediateDirectories: true)
        for name in try FileManager.default.contentsOfDirectory(atPath: ours.path) {
            try FileManager.default.copyItem(
                at: ours.appendingPathComponent(name),
                to: theirs.appendingPathComponent(name)
            )
        }
        let before = try Data(contentsOf: theirs.appendingPathComponent("pkcs11.txt"))
        #expect(try await program.run("register", "--module", module).status == 0)
        try await ChildProcess.output(
            of: "modutil",
            ["-dbdir", "sql:\(theirs.path)", "-add", "isignum-SimulatedDevice", "-libfile", module, "-force"],
            environment: device.environment
        )
        let list = "pkcs11.txt"
        #expect(
            try Data(contentsOf: ours.appendingPathComponent(list))
                == Data(contentsOf: theirs.appendingPathComponent(list))
        )
        // Somebody else's change stays, and ours goes.
        try await ChildProcess.output(
            of: "modutil",
            ["-dbdir", "sql:\(ours.path)", "-add", "other", "-libfile", Self.opensc(), "-force"],
            environment: device.environment
        )
        let undone = try await program.run("unregister", "--json")
        #expect(try outcomes(undone)[".mozilla/firefox/abc.default/pkcs11.txt"] == "removed")
        let rest = try String(contentsOf: ours.appendingPathComponent(list), encoding: .utf8)
        let other = "library=\(try Self.opensc())\nname=other\n\n"
        #expect(rest == String(decoding: before, as: UTF8.self) + other)
    }

    @Test func `no token shows twice: a list that has the module, under whatever name and path, stays`() async throws {
        let folder = try await profile()
        let link = home.file("linked.so")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: URL(fileURLWithPath: module))
        try await ChildProcess.output(
            of: "modutil",
            ["-dbdir", "sql:\(folder.path)", "-add", "mine", "-libfile", link.path, "-force"],
            environment: device.environment
        )
        let list = folder.appendingPathComponent("pkcs11.txt")
        let before = try Data(contentsOf: list)
        let done = try await program.run("register", "--json", "--module", module)
        #expect(try outcomes(done)[".mozilla/firefox/abc.default/pkcs11.txt"] == "there")
        #expect(try Data(contentsOf: list) == before)
    }

    @Test func `what a package has registered with p11-kit is left to it, also in a list that sees through it`()
        async throws
    {
        let opensc = try Self.opensc()
        let folder = try await profile()
        let list = folder.appendingPathComponent("pkcs11.txt")
        let proxied = try Data(contentsOf: list) + Data("library=p11-kit-proxy.so\nname=proxy\n\n".utf8)
        try proxied.write(to: list)
        let done = try await program.run("register", "--json", "--module", opensc)
        #expect(try outcomes(done)[".config/pkcs11/modules/isignum-opensc-pkcs11.module"] == "there")
        #expect(try outcomes(done)[".mozilla/firefox/abc.default/pkcs11.txt"] == "through-p11-kit")
        #expect(try Data(contentsOf: list) == proxied)
    }

    @Test func `a browser that runs keeps its list, and is named`() async throws {
        let folder = try await profile()
        let before = try everything()
        // Firefox: lock -> address:+process. A process that lives: the one of this test.
        let lock = folder.appendingPathComponent("lock").path
        let own = ProcessInfo.processInfo.processIdentifier
        try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: "127.0.1.1:+\(own)")
        try FileManager.default.createDirectory(
            at: home.file(".config/chromium"),
            withIntermediateDirectories: true
        )
        let chromium = home.file(".config/chromium/SingletonLock").path
        try FileManager.default.createSymbolicLink(atPath: chromium, withDestinationPath: "host-\(own)")
        let done = try await program.run("register", "--module", module)
        #expect(done.status == 75)
        #expect(done.outputText.contains("process \(own)"))
        try FileManager.default.removeItem(atPath: lock)
        try FileManager.default.removeItem(atPath: home.file(".config").path)
        #expect(try everything().filter { !$0.key.hasPrefix(".config") } == before)
        // A link that a crash left behind stops nobody.
        try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: "127.0.1.1:+4194305")
        #expect(try await program.run("register", "--module", module).status == 0)
    }

    @Test func `without a module it says what to name, and a missing one is named`() async throws {
        let none = try await program.run("register", "--json")
        #expect(none.status == 64)
        #expect(try none.failure()["code"] == "registration_module_unset")
        let missing = try await program.run("register", "--json", "--module", "/nonexistent.so")
        #expect(missing.status == 66)
        #expect(try FileManager.default.contentsOfDirectory(atPath: home.path).isEmpty)
    }

    @Test func `a user's p11-kit sees the token, and not after it was taken back`() async throws {
        // p11-kit does not read root's own files, so another user is asked.
        let isRoot = geteuid() == 0
        let folder = home.file("user")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        if isRoot {
            for path in [home.path, folder.path] { _ = chown(path, 65_534, 65_534) }
        }
        let readable = try TemporaryFolder(named: "module")
        chmod(readable.path, 0o755)
        let copy = readable.file("libOther.so").path
        let softHSM = URL(fileURLWithPath: "/usr/lib/softhsm/libsofthsm2.so").resolvingSymlinksInPath()
        try FileManager.default.copyItem(at: softHSM, to: URL(fileURLWithPath: copy))
        let settings = readable.file("softhsm2.conf")
        try Data("directories.tokendir = \(folder.path)\nobjectstore.backend = file\n".utf8).write(to: settings)
        chmod(settings.path, 0o644)
        func run(_ command: String, _ arguments: [String]) async throws -> ChildProcess.Outcome {
            let prefix = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"]
            let environment = [
                "HOME": folder.path, "ISIGNUM_HOME": "", "XDG_STATE_HOME": "", "XDG_CONFIG_HOME": "",
                "SOFTHSM2_CONF": settings.path,
            ]
            return try await ChildProcess.run(
                prefix[0],
                prefix.dropFirst() + [command] + arguments,
                environment: environment.merging(["LC_ALL": "C.UTF-8"]) { $1 }
            )
        }
        let program = readable.file("isignum").path
        try FileManager.default.copyItem(at: try BuildProducts.file("isignum"), to: URL(fileURLWithPath: program))
        let done = try await run(program, ["register", "--json", "--module", copy])
        #expect(done.status == 0, "\(done.errorText)")
        let file = folder.appendingPathComponent(".config/pkcs11/modules/isignum-Other.module")
        #expect(try String(contentsOf: file, encoding: .utf8).contains("module: \(copy)\n"))
        let listed = try await run("p11-kit", ["list-modules"])
        #expect(listed.outputText.contains("isignum-Other"))
        #expect(try await run(program, ["unregister"]).status == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent(".config/pkcs11").path))
        #expect(!(try await run("p11-kit", ["list-modules"])).outputText.contains("isignum-Other"))
    }
}
