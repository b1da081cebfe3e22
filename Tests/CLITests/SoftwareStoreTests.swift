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
