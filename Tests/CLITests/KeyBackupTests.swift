// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The backup of a key, where a store lets keys out, and nowhere else.
@Suite struct KeyBackupTests {
    private func user(_ password: String = "silné heslo") async throws -> (Program, RunningCA, [String]) {
        let user = try BackupUser(password: password)
        return (user.program, user.ca, user.beginning)
    }

    @Test func `the backup is a strong PKCS#12 that others read, and can be brought back`() async throws {
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
        try BackupUser.write("silné heslo", to: user.program.home.file("password"))
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
        let user = try BackupUser()
        let (program, arguments) = (user.program, user.beginning)
        let place = program.home.file("stick")
        let command = Array(arguments.dropLast()) + [place.appending(path: "backup.p12").path]
        let early = try await program.run(command)
        #expect(early.status == 73, "\(early.errorText)")
        #expect(try early.failure()["code"] == "cannot_write")
        #expect(!FileManager.default.fileExists(atPath: program.home.file("nssdb").path))
        #expect((try await program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)

        // The stick is taken out while its password is being typed.
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        let (desktop, desk) = try user.desktop(askingWith: "rmdir '\(place.path)'")
        defer { withExtendedLifetime(desk) {} }
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
