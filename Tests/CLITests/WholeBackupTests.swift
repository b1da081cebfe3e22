// SPDX-License-Identifier: Apache-2.0

import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

/// A backup that others restore: the certificate goes into the file once it is installed.
@Suite struct WholeBackupTests {
    /// What a request says of its backup.
    private func backup(_ outcome: ChildProcess.Outcome) throws -> [String: String] {
        try #require(try outcome.document()["backup"] as? [String: String])
    }

    /// NSS takes key and certificate, OpenSSL and pyca see that they belong together.
    private func expectWhole(_ file: URL, of user: BackupUser) async throws {
        #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
        let home = user.program.home
        let database = home.file("restored").path
        try? FileManager.default.removeItem(atPath: database)
        try FileManager.default.createDirectory(atPath: database, withIntermediateDirectories: false)
        try await ChildProcess.output(of: "certutil", ["-N", "-d", "sql:\(database)", "--empty-password"])
        try await ChildProcess.output(
            of: "pk12util",
            ["-i", file.path, "-d", "sql:\(database)", "-w", home.file("password").path, "-K", ""]
        )
        let listed = try await ChildProcess.output(of: "certutil", ["-L", "-d", "sql:\(database)"])
        #expect(listed.contains("Jan Žižka") && listed.contains("u,u,u"), "\(listed)")
        let read = try await ChildProcess.output(
            of: "openssl",
            ["pkcs12", "-in", file.path, "-nodes", "-passin", "file:\(home.file("password").path)"]
        )
        let marks = read.split(separator: "\n").filter { $0.contains("localKeyID") }
        #expect(marks.count == 2 && Set(marks).count == 1, "\(marks)")
        let tools = ProcessInfo.processInfo.environment["ISIGNUM_TOOLS"].map { "\($0)/python3" } ?? "python3"
        let script = """
            import sys
            from cryptography.hazmat.primitives.serialization import pkcs12
            whole = pkcs12.load_pkcs12(
                open(sys.argv[1], "rb").read(), open(sys.argv[2], "rb").readline().rstrip(b"\\n"))
            same = whole.key.public_key() == whole.cert.certificate.public_key()
            print(same, whole.cert.friendly_name.decode(), len(whole.additional_certs) > 0)
            """
        let seen = try await ChildProcess.output(of: tools, ["-c", script, file.path, home.file("password").path])
        #expect(seen == "True Jan Žižka True\n")
    }

    @Test func `install writes the certificate into the backup, and NSS restores both`() async throws {
        let user = try BackupUser()
        let begun = try await user.program.run(user.beginning)
        #expect(try backup(begun)["content"] == "key" && backup(begun)["completeWith"] == nil)
        let id = try #require(try begun.document()["id"] as? String)
        let done = try await user.program.run(["install", id, "--accept"] + user.pin + user.password)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try backup(done)["content"] == "key-and-certificate" && backup(done)["completeWith"] == nil)
        try await expectWhole(user.backup, of: user)
        // Nothing is left to do.
        let before = try Data(contentsOf: user.backup)
        #expect(try await user.program.run(["resume", id] + user.pin).status == 0)
        #expect(try Data(contentsOf: user.backup) == before)
        let late = try await user.program.run(["resume", id, "--backup-key", "x.p12"] + user.pin)
        #expect(try late.failure()["code"] == "backup_not_open")
    }

    @Test func `in one go the password is asked for once`() async throws {
        let user = try BackupUser()
        let asked = user.program.home.file("asked")
        let (desktop, desk) = try user.desktop(askingWith: "echo x >> '\(asked.path)'")
        defer { withExtendedLifetime(desk) {} }
        let file = "file:\(user.program.home.file("password").path)"
        let command = user.beginning.map { $0 == file ? "pinentry" : $0 } + ["--wait=1", "--accept"]
        let done = try await desktop.run(command)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try backup(done)["content"] == "key-and-certificate")
        // Typed, and typed again: it is a new one.
        #expect(try String(contentsOf: asked, encoding: .utf8).count <= 4)
        try await expectWhole(user.backup, of: user)
    }

    @Test func `without the password the installation is done, and what is left is said and can be done later`()
        async throws
    {
        let user = try BackupUser()
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        let half = try Data(contentsOf: user.backup)
        let done = try await user.program.run(["install", id, "--accept"] + user.pin)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try done.document()["status"] as? String == "installed")
        #expect(try backup(done)["content"] == "key" && backup(done)["completeWith"] == "isignum resume \(id)")
        let shown = try await user.program.run("requests", id)
        #expect(shown.outputText.contains("the key alone"), "\(shown.outputText)")
        #expect(shown.outputText.contains("isignum resume \(id)"), "\(shown.outputText)")
        let asked = try await user.program.run(["resume", id] + user.pin)
        #expect(try asked.failure()["code"] == "password_needed")
        try BackupUser.write("jiné heslo", to: user.program.home.file("other"))
        let wrong = ["--password-from", "file:\(user.program.home.file("other").path)"]
        let refused = try await user.program.run(["resume", id] + user.pin + wrong)
        #expect(refused.status == 77)
        #expect(try refused.failure()["code"] == "pkcs12_password_wrong")
        #expect(try Data(contentsOf: user.backup) == half)
        // It went onto a stick meanwhile.
        let stick = user.program.home.file("stick.p12")
        try FileManager.default.moveItem(at: user.backup, to: stick)
        let missing = try await user.program.run(["resume", id] + user.pin + user.password)
        #expect(missing.status == 66)
        #expect(try missing.failure()["code"] == "backup_missing")
        let whole = try await user.program.run(["resume", id, "--backup-key", stick.path] + user.pin + user.password)
        #expect(whole.status == 0, "\(whole.errorText)")
        #expect(try backup(whole) == ["content": "key-and-certificate", "file": stick.path])
        try await expectWhole(stick, of: user)
    }

    @Test func `after a certificate came in a file it is said that the backup lacks it`() async throws {
        let user = try BackupUser()
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        #expect(try await user.program.run("check", id).status == 0)
        let journal = try Journal(folder: user.program.home.file("state"))
        let known = try #require(RequestID(id))
        let chain = try journal.entries().first { $0.requestID == known }?.chain ?? []
        let file = user.program.home.file("chain.pem")
        try Data(chain.map { PEM.encode($0, label: "CERTIFICATE") }.joined().utf8).write(to: file)
        let pin = user.pin.filter { $0 != "--json" }
        let done = try await user.program.run(["import", file.path, "--yes", "--software-store"] + pin)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(done.outputText.contains("isignum resume \(id)"), "\(done.outputText)")
        let whole = try await user.program.run(["resume", id] + user.pin + user.password)
        #expect(try backup(whole)["content"] == "key-and-certificate", "\(whole.errorText)")
    }

    @Test func `a wrong password at install undoes nothing`() async throws {
        let user = try BackupUser()
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        try BackupUser.write("jiné heslo", to: user.program.home.file("other"))
        let wrong = ["--password-from", "file:\(user.program.home.file("other").path)"]
        let done = try await user.program.run(["install", id, "--accept"] + user.pin + wrong)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(done.errorText.contains("wrong password of the file"))
        #expect(try backup(done)["content"] == "key")
        let whole = try await user.program.run(["resume", id] + user.pin + user.password)
        #expect(try backup(whole)["content"] == "key-and-certificate")
    }

    @Test func `only the file that was written is replaced`() async throws {
        let user = try BackupUser()
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        let mine = try Data(contentsOf: user.backup)
        let kept = user.program.home.file("kept.p12")
        try mine.write(to: kept)
        for make in Intruder.allCases {
            try FileManager.default.removeItem(at: user.backup)
            try make.appear(as: user.backup, beside: kept)
            let before = try make.look(at: user.backup)
            let done = try await user.program.run(["resume", id, "--accept"] + user.pin + user.password)
            if try done.document()["error"] == nil {
                // The first time round the certificate is installed first.
                #expect(done.status == 0 && done.errorText.contains("backup"), "\(make): \(done.errorText)")
            } else {
                let code = try done.failure()["code"]
                #expect(code == (make.isFile ? "backup_changed" : "backup_missing"), "\(make): \(done.errorText)")
            }
            #expect(try make.look(at: user.backup) == before, "\(make)")
        }
        #expect(try Data(contentsOf: kept) == mine)
        try FileManager.default.removeItem(at: user.backup)
        try mine.write(to: user.backup)
        #expect(try await user.program.run(["resume", id] + user.pin + user.password).status == 0)
    }
}

/// What else may stand where a backup is to be.
enum Intruder: CaseIterable {
    case text, empty, otherKey, link, linkToNothing, folder, pipe

    var isFile: Bool { [.text, .empty, .otherKey].contains(self) }

    func appear(as file: URL, beside backup: URL) throws {
        switch self {
        case .text: try Data("a file of somebody else\n".utf8).write(to: file)
        case .empty: try Data().write(to: file)
        case .otherKey: try Data([0x30, 0x03, 0x02, 0x01, 0x03]).write(to: file)
        case .link: try FileManager.default.createSymbolicLink(at: file, withDestinationURL: backup)
        case .linkToNothing:
            try FileManager.default.createSymbolicLink(at: file, withDestinationURL: file.appendingPathExtension("no"))
        case .folder: try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        case .pipe: #expect(mkfifo(file.path, 0o600) == 0)
        }
    }

    /// Enough to see a change.
    func look(at file: URL) throws -> String {
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        let content = isFile ? try Data(contentsOf: file).base64EncodedString() : ""
        return "\(attributes[.type] ?? "") \(attributes[.systemFileNumber] ?? "") \(content)"
    }
}
