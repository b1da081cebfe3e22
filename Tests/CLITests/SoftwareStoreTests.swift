// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// People without a token: the NSS database, read by NSS's own programs.
@Suite struct SoftwareStoreTests {
    let ca: RunningCA
    let program: Program

    init() async throws {
        ca = try RunningCA("--auto-approve", "0")
        program = try Program()
        try program.configure("modules = []\nsystem-modules = false\n" + ca.configuration)
        try write("heslo k databázi", to: "pin")
    }

    private func write(_ text: String, to name: String) throws {
        let file = program.home.file(name)
        try Data((text + "\n").utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    private func run(_ arguments: String...) async throws -> ChildProcess.Outcome {
        let place = ["--software-store", "--json", "--no-input", "--pin-from", "file:\(program.home.file("pin").path)"]
        return try await program.run(arguments + place)
    }

    private func certutil(_ arguments: String...) async throws -> String {
        let database = ["-d", "sql:\(program.home.file("nssdb").path)", "-f", program.home.file("pin").path]
        return try await ChildProcess.output(of: "certutil", arguments + database)
    }

    @Test func `a commercial certificate is made in it, seen by NSS, and never has a marker`() async throws {
        let done = try await run("new", "--type", "commercial", "--name", "Jan Žižka", "--wait=1", "--accept")
        #expect(done.status == 0, "\(done.errorText)")
        let document = try done.document()
        #expect(document["status"] as? String == "installed" && (document["markers"] as? [Any])?.isEmpty == true)
        #expect(document["markerRefusal"] as? String == "not_a_qualified_device")
        let certificates = try await certutil("-L")
        #expect(certificates.contains("Jan Žižka"))
        #expect(certificates.contains("u,u,u"))
        let keys = try await certutil("-K")
        #expect(keys.contains("rsa") && keys.contains("Jan Žižka"))
        let folder = program.home.file("nssdb").path
        let mode = try FileManager.default.attributesOfItem(atPath: folder)[.posixPermissions] as? Int
        #expect(mode == 0o700)
        // Without being named it is no token.
        #expect(try await program.run("list", "--json").status == 66)
        let listed = try await run("list").document()["tokens"] as? [[String: Any]]
        #expect(listed?.map { $0["profile"] as? String } == ["NSS database"])

        let cleaned = try await run("clean", "žižka", "--expert", "--yes")
        #expect(cleaned.status == 0, "\(cleaned.errorText)")
        #expect((try cleaned.document()["removed"] as? [[String: Any]])?.count == 2)
        #expect(try await !certutil("-L").contains("Jan Žižka"))
    }

    @Test func `a request that was interrupted finds the store by itself`() async throws {
        let begun = try await run("new", "--type", "commercial", "--name", "Jan Žižka")
        let id = try #require(try begun.document()["id"] as? String)
        let pin = "file:\(program.home.file("pin").path)"
        let installed = try await program.run(
            "install",
            id,
            "--accept",
            "--json",
            "--no-input",
            "--pin-from",
            pin
        )
        #expect(installed.status == 0, "\(installed.errorText)")
        #expect(try installed.document()["status"] as? String == "installed")
    }

    @Test(arguments: [["-newkey", "rsa:3072"], ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]])
    func `a key from a file is written into it and NSS sees both halves`(kind: [String]) async throws {
        let (key, certificate) = (program.home.file("k.pem").path, program.home.file("c.pem").path)
        let file = program.home.file("k.p12").path
        try await ChildProcess.output(
            of: "openssl",
            ["req", "-x509", "-nodes", "-subj", "/CN=Stary Klic", "-keyout", key, "-out", certificate] + kind
        )
        try await ChildProcess.output(
            of: "openssl",
            ["pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", file, "-passout", "pass:heslo"]
        )
        try write("heslo", to: "password")
        let password = "file:\(program.home.file("password").path)"
        let outcome = try await run("import-key", file, "--yes", "--password-from", password)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try await certutil("-L").contains("u,u,u"))
        #expect(try await certutil("-K").contains("Stary Klic"))
    }

    @Test func `a password that is too short makes no store, a wrong one opens none`() async throws {
        try write("abc", to: "pin")
        let short = try await run("new", "--type", "commercial")
        #expect(short.status == 65)
        #expect(try short.failure()["code"] == "password_too_short")
        #expect(!FileManager.default.fileExists(atPath: program.home.file("nssdb").path))
        try write("heslo k databázi", to: "pin")
        #expect(try await run("new", "--type", "commercial").status == 0)
        try write("jiné heslo", to: "pin")
        let wrong = try await run("new", "--type", "commercial")
        #expect(wrong.status == 77)
        #expect(try wrong.failure()["code"] == "pin_wrong")
    }
}

/// The backup of a key, where a store lets keys out, and nowhere else.
@Suite struct KeyBackupTests {
    private func write(_ text: String, to file: URL) throws {
        try Data((text + "\n").utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    private func user(_ password: String = "silné heslo") async throws -> (Program, RunningCA, [String]) {
        let ca = try RunningCA("--auto-approve", "0")
        let program = try Program()
        try program.configure("modules = []\nsystem-modules = false\n" + ca.configuration)
        try write("heslo k databázi", to: program.home.file("pin"))
        try write(password, to: program.home.file("password"))
        let arguments = [
            "new", "--software-store", "--type", "commercial", "--name", "Jan Žižka", "--json", "--no-input",
            "--pin-from", "file:\(program.home.file("pin").path)", "--password-from",
            "file:\(program.home.file("password").path)", "--backup-key", program.home.file("backup.p12").path,
        ]
        return (program, ca, arguments)
    }

    @Test func `the backup is a strong PKCS#12 that others read, and the key stays afterwards`() async throws {
        let (program, ca, arguments) = try await user()
        defer { withExtendedLifetime(ca) {} }
        let done = try await program.run(arguments)
        #expect(done.status == 0, "\(done.errorText)")
        let file = program.home.file("backup.p12").path
        #expect(try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int == 0o600)
        let password = "file:\(program.home.file("password").path)"
        let facts = try await ChildProcess.run(
            "openssl",
            ["pkcs12", "-in", file, "-info", "-noout", "-passin", password]
        )
        #expect(facts.succeeded, "\(facts.errorText)")
        #expect(facts.errorText.contains("MAC: sha256, Iteration 600000"))
        #expect(facts.errorText.contains("PBES2, PBKDF2, AES-256-CBC, Iteration 600000, PRF hmacWithSHA256"))
        let key = try await ChildProcess.output(
            of: "openssl",
            ["pkcs12", "-in", file, "-nodes", "-nocerts", "-passin", password]
        )
        let der = try await ChildProcess.run(
            "openssl",
            ["pkey", "-pubout", "-outform", "DER"],
            input: Data(key.utf8)
        )
        let hash = try await ChildProcess.output(of: "sha256sum", input: der.output)
        #expect(hash.hasPrefix(try #require(try done.document()["publicKeySHA256"] as? String)))
        let tools = ProcessInfo.processInfo.environment["ISIGNUM_TOOLS"].map { "\($0)/python3" } ?? "python3"
        let script = """
            import sys
            from cryptography.hazmat.primitives.serialization import pkcs12
            key, certificate, others = pkcs12.load_key_and_certificates(
                open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").readline().rstrip(b"\\n"))
            print(key.key_size, certificate)
            """
        let read = try await ChildProcess.output(
            of: tools,
            ["-c", script, file, program.home.file("password").path]
        )
        #expect(read == "2048 None\n")
        // NSS itself refuses to give the key out now.
        let leak = try await ChildProcess.run(
            "pk12util",
            ["-o", "/dev/null", "-d", "sql:\(program.home.file("nssdb").path)", "-n", "Jan Žižka"]
                + ["-k", program.home.file("pin").path, "-w", program.home.file("pin").path]
        )
        #expect(!leak.succeeded)
        // What was backed up can be brought back, and is then called what it is.
        let device = try await SimulatedDevice.provision()
        var other = program
        other.environment = device.environment
        let restored = try await other.run(
            ["import-key", file, "--yes", "--json", "--no-input", "--password-from", password]
                + ["--module", try SimulatedDevice.module(), "--pin-from", "file:\(device.path)/secrets/pin"]
        )
        #expect(restored.status == 0, "\(restored.errorText)")
        #expect(try restored.document()["imported"] as? Bool == true)
    }

    @Test func `a qualified device makes no key for a backup, and nothing is begun`() async throws {
        let user = try await TokenUser()
        try write("silné heslo", to: user.program.home.file("password"))
        let outcome = try await user.run(
            "new",
            "--type",
            "commercial",
            "--backup-key",
            user.file("backup.p12"),
            "--password-from",
            "file:\(user.file("password"))"
        )
        #expect(outcome.status == 65, "\(outcome.errorText)")
        #expect(try outcome.failure()["code"] == "backup_refused")
        #expect(try user.device.count(of: "C_Login") == 0)
        #expect(try await user.device.publicKeys(slot: 0) == 0)
        #expect((try await user.program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)
        #expect(!FileManager.default.fileExists(atPath: user.file("backup.p12")))
    }

    @Test func `a folder that is missing is seen before anything is made, one that went away is no dead end`()
        async throws
    {
        let (program, ca, arguments) = try await user()
        defer { withExtendedLifetime(ca) {} }
        let place = program.home.file("stick")
        let command = Array(arguments.dropLast()) + [place.appending(path: "backup.p12").path]
        let early = try await program.run(command)
        #expect(early.status == 73, "\(early.errorText)")
        #expect(try early.failure()["code"] == "cannot_write")
        #expect(!FileManager.default.fileExists(atPath: program.home.file("nssdb").path))
        #expect((try await program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)

        // The stick is taken out while its password is being typed.
        let desk = try TemporaryFolder(named: "pinentry")
        let script = """
            #!/bin/sh
            echo "OK at your service"
            while read -r line; do
                case $line in
                    GETPIN) rmdir '\(place.path)'; printf 'D silné heslo\\nOK\\n' ;;
                    *) echo OK ;;
                esac
            done

            """
        try Data(script.utf8).write(to: desk.file("pinentry"))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: desk.file("pinentry").path)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        var desktop = program
        desktop.environment = ["PATH": "\(desk.path):/usr/bin:/bin", "DISPLAY": ":none"]
        let password = "file:\(program.home.file("password").path)"
        let stuck = try await desktop.run(command.map { $0 == password ? "pinentry" : $0 })
        #expect(stuck.status == 73, "\(stuck.errorText)")
        #expect(try stuck.failure()["hint"]?.contains("isignum resume 1, or with --backup-key") == true)
        let secrets = Array(arguments.dropFirst(6).dropLast(2))
        let again = try await program.run(["resume", "1"] + secrets)
        #expect(again.status == 73, "\(again.errorText)")
        let taken = try await program.run(["resume", "1", "--backup-key", program.home.file("pin").path] + secrets)
        #expect(try taken.failure()["code"] == "file_exists")
        let file = program.home.file("elsewhere.p12").path
        let done = try await program.run(["resume", "1", "--backup-key", file] + secrets)
        #expect(done.status == 75, "\(done.errorText)")
        #expect(FileManager.default.fileExists(atPath: file))
        let late = try await program.run(["resume", "1", "--backup-key", file] + secrets)
        #expect(late.status == 64)
        #expect(try late.failure()["code"] == "backup_not_open")
    }

    @Test func `a file that is there, and a weak password, stop it before a key is made`() async throws {
        let (program, ca, arguments) = try await user("kratke")
        defer { withExtendedLifetime(ca) {} }
        let weak = try await program.run(arguments)
        #expect(weak.status == 65, "\(weak.errorText)")
        #expect(try weak.failure()["code"] == "password_too_short")
        let (second, other, again) = try await user()
        defer { withExtendedLifetime(other) {} }
        try Data("mine".utf8).write(to: second.home.file("backup.p12"))
        let taken = try await second.run(again)
        #expect(taken.status == 73)
        #expect(try taken.failure()["code"] == "file_exists")
        #expect(try String(contentsOf: second.home.file("backup.p12"), encoding: .utf8) == "mine")
        #expect((try await second.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)
    }
}
