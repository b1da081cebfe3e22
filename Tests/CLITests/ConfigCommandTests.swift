// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// `config`: shown, changed value by value, and a CA added only after its anchor was compared.
@Suite struct ConfigCommandTests {
    private func text(_ program: Program) throws -> String {
        try String(contentsOf: program.home.file("config.toml"), encoding: .utf8)
    }

    private func mode(_ file: URL) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
    }

    @Test func `a value is changed where it stands, and every other byte stays`() async throws {
        let program = try Program()
        let before =
            "# mine\r\ndefault-ca = \"demo\"   # the only one\r\n"
            + "modules = [\r\n  \"/a.so\", # first ]\r\n  '/b.so',\r\n]\r\n\r\n"
            + "[ca.demo] # remark\r\nurl = \"https://ca.example/\" # a # remark\r\n"
        try program.configure(before)
        #expect(try await program.run("config", "set", "modules", "/c \"d\".so").status == 0)
        let list = "[\r\n  \"/a.so\", # first ]\r\n  '/b.so',\r\n]"
        #expect(try text(program) == before.replacingOccurrences(of: list, with: "[\"/c \\\"d\\\".so\"]"))
        #expect(try mode(program.home.file("config.toml")) == 0o600)
    }

    @Test(arguments: [
        (
            "[ca.demo]\nurl = \"https://a.example/\"\n\n# end\n",
            "[ca.demo]\nurl = \"https://a.example/\"\nanchors = \"/x.pem\"\n\n# end\n"
        ),
        (
            "ca.demo.url = \"https://a.example/\"\nlanguage = \"cs\"\n",
            "ca.demo.url = \"https://a.example/\"\nca.demo.anchors = \"/x.pem\"\nlanguage = \"cs\"\n"
        ),
        (
            "ca.demo = { url = \"https://a.example/\" } # x\n",
            "ca.demo = { url = \"https://a.example/\", anchors = \"/x.pem\" } # x\n"
        ),
        (
            "ca = { demo = { url = \"https://a.example/\" } }",
            "ca = { demo = { url = \"https://a.example/\", anchors = \"/x.pem\" } }"
        ),
        (
            "[ca]\ndemo.url = \"https://a.example/\"",
            "[ca]\ndemo.url = \"https://a.example/\"\ndemo.anchors = \"/x.pem\"\n"
        ),
        (
            "[ca.\"demo\"]\n'url' = '''https://a.example/'''\nanchors=\"\"\"y.pem\"\"\"\n",
            "[ca.\"demo\"]\n'url' = '''https://a.example/'''\nanchors=\"/x.pem\"\n"
        ),
    ])
    func `a value goes where its table is, however it was written`(before: String, after: String) async throws {
        let program = try Program()
        try program.configure(before)
        let outcome = try await program.run("config", "set", "ca.demo.anchors", "/x.pem")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try text(program) == after)
    }

    @Test func `a new file is begun, tables and names with dots among it`() async throws {
        let program = try Program()
        #expect(try await program.run("config", "set", "language", "cs").status == 0)
        #expect(try await program.run("config", "set", "expert", "true").status == 0)
        #expect(try await program.run("config", "set", "devices.ProID+Q.certified-until", "2031-12-31").status == 0)
        #expect(try await program.run("config", "set", "ca.my.ca.url", "https://ca.example/").status == 0)
        #expect(try await program.run("config", "set", "ca.my.ca.release-mail", "ca@ca.example").status == 0)
        #expect(try await program.run("config", "set", "qr-code", "false").status == 0)
        #expect(try await program.run("config", "set", "default-ca", "my.ca").status == 0)
        let document = try await program.run("config", "--json").document()
        #expect(document["language"] as? String == "cs")
        #expect(document["expert"] as? Bool == true)
        #expect(document["qrCode"] as? Bool == false)
        #expect((document["authorities"] as? [[String: Any]])?.first?["releaseMail"] as? String == "ca@ca.example")
        #expect(document["defaultCA"] as? String == "my.ca")
        #expect((document["devices"] as? [[String: Any]])?.first?["model"] as? String == "ProID+Q")
        #expect((document["authorities"] as? [[String: Any]])?.first?["isDefault"] as? Bool == true)
        #expect(try await program.run("config").outputText.contains("zařízení") == false)
        #expect(try await program.run("config", "show").outputText.contains("Výchozí CA"))
    }

    @Test(
        arguments: [
            (["langage", "cs"], 64), (["language", "de"], 78), (["default-ca", "nobody"], 78),
            (["system-modules", "1"], 64),
            (["ca.demo.url", "http://ca.example/"], 78), (["ca.new.anchors", "a.pem"], 78),
            (["qr-code", "maybe"], 64), (["ca.demo.release-mail", "a b@ca.example"], 78),
            (["devices.X.certified-until", "2031"], 64), (["devices.X.certified-until", "2031-13-31"], 65),
        ] as [([String], Int32)]
    )
    func `what would not be read again is not written`(change: [String], status: Int32) async throws {
        let program = try Program()
        try program.configure("[ca.demo]\nurl = \"https://ca.example/\"\n")
        let before = try text(program)
        let outcome = try await program.run(["config", "set", "--json"] + change)
        #expect(outcome.status == status, "\(outcome.errorText)")
        #expect(try outcome.failure()["code"]?.hasPrefix("configuration_") == true)
        #expect(try text(program) == before)
    }

    @Test func `a file that is a link stays one, and one that is broken is found by its path`() async throws {
        let program = try Program()
        let real = program.home.file("dotfiles.toml")
        try Data("language = \"en\"\n".utf8).write(to: real)
        try FileManager.default.createSymbolicLink(at: program.home.file("config.toml"), withDestinationURL: real)
        #expect(try await program.run("config", "set", "language", "cs").status == 0)
        #expect(try String(contentsOf: real, encoding: .utf8) == "language = \"cs\"\n")
        try Data("language = [".utf8).write(to: real)
        let path = try await program.run("config", "path")
        #expect(path.status == 0)
        #expect(path.outputText == program.home.file("config.toml").path + "\n")
        #expect(try await program.run("config", "set", "language", "cs").status == 78)
    }

    @Test func `a CA is added under its fingerprint, becomes the default, and is then asked`() async throws {
        let ca = try RunningCA()
        let program = try Program()
        let fingerprint = try await Self.fingerprint(of: ca.bundle)
        let arguments = ["config", "add-ca", "\(ca.url)", "--name", "my \"CA\"", "--no-input", "--json"]
        let missing = try await program.run(arguments)
        #expect(missing.status == 64)
        #expect(try missing.failure()["message"]?.contains("--fingerprint") == true)
        #expect(try ca.exchanges().isEmpty)
        let outcome = try await program.run(arguments + ["--fingerprint", fingerprint])
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let document = try outcome.document()
        #expect(document["caName"] as? String == "Mock CA for tests")
        #expect(document["isDefault"] as? Bool == true)
        let anchors = URL(fileURLWithPath: try #require(document["anchorFile"] as? String))
        #expect(anchors.deletingLastPathComponent().path == program.home.path)
        #expect(try mode(anchors) == 0o600)
        #expect(try ca.exchanges() == ["GET /v1/ 200"])
        #expect(try await program.run("status", "BP0000000001").status == 0)
        let again = try text(program)
        #expect(try await program.run(arguments + ["--fingerprint", fingerprint]).status == 0)
        #expect(try text(program) == again)
    }

    @Test func `another anchor is refused, and nothing is asked or written`() async throws {
        let ca = try RunningCA()
        let program = try Program()
        let wrong = String(repeating: "ab:", count: 31) + "ab"
        let outcome = try await program.run("config", "add-ca", "\(ca.url)", "--yes", "--fingerprint", wrong, "--json")
        #expect(outcome.status == 65)
        #expect(try outcome.failure()["code"] == "anchor_fingerprint_differs")
        #expect(try ca.exchanges().isEmpty)
        let files = try FileManager.default.contentsOfDirectory(atPath: program.home.path)
        #expect(files.allSatisfy { $0 == "cache" }, "\(files)")
        #expect(try await program.run("config", "add-ca", "\(ca.url)", "--fingerprint", "abc").status == 64)
    }

    @Test func `a name that another CA has is taken only by force`() async throws {
        let ca = try RunningCA()
        let program = try Program()
        try program.configure("# kept\n[ca.demo]\nurl = \"https://ca.example/\" # old\n")
        let fingerprint = try await Self.fingerprint(of: ca.bundle)
        let arguments = ["config", "add-ca", "\(ca.url)", "--name", "demo", "--fingerprint", fingerprint]
        #expect(try await program.run(arguments).status == 73)
        #expect(try ca.exchanges().isEmpty)
        #expect(try await program.run(arguments + ["--force"]).status == 0)
        #expect(
            try text(program)
                == "# kept\n[ca.demo]\nurl = \"\(ca.url)\" # old\nanchors = \"ca-demo.pem\"\n"
        )
    }

    @Test(arguments: [("en", "y", "publish", Int32(0)), ("cs", "ne", "otisk", 75), ("cs", "a", "otisk", 0)])
    func `a person compares the fingerprint first`(
        language: String,
        answer: String,
        question: String,
        status: Int32
    ) async throws {
        let ca = try RunningCA()
        let program = try Program()
        let conversation = try Conversation(
            program,
            ["config", "add-ca", "\(ca.url)", "--lang", language, "--yes"],
            columns: 100,
            [(question, "?\n"), ("[", answer + "\n")]
        )
        let outcome = try await conversation.run()
        #expect(outcome.status == status, "\(outcome.shown)")
        let digits = try await Self.fingerprint(of: ca.bundle).filter { $0 != ":" }.uppercased()
        #expect(outcome.shown.contains(digits.prefix(4) + " "))
        #expect(outcome.shown.contains("Mock Root CA"))
        let exists = FileManager.default.fileExists(atPath: program.home.file("config.toml").path)
        #expect(exists == (status == 0))
        #expect(try ca.exchanges().isEmpty == (status != 0))
    }

    @Test func `every error of config and register has a name, a code and words in both languages`() {
        let errors: [any WordedError] =
            ConfigurationChangeError.Code.allCases.map { ConfigurationChangeError($0, ["one\u{1b}[2J", "two"]) }
            + RegistrationError.Code.allCases.map { RegistrationError($0, ["one\u{1b}[2J"]) }
        for error in errors {
            let (english, czech) = (explain(error, in: .english), explain(error, in: .czech))
            #expect(english.code == czech.code && english.code.wholeMatch(of: /[a-z0-9_]+/) != nil)
            #expect((64...78).contains(english.exitCode))
            #expect(english.message != czech.message && !english.hints.isEmpty && !czech.hints.isEmpty)
            #expect(!"\(english) \(czech)".contains("\u{1b}"))
        }
        #expect(Set(errors.map(\.stableCode)).count == errors.count)
    }

    private static func fingerprint(of file: String) async throws -> String {
        let arguments = ["x509", "-in", file, "-noout", "-fingerprint", "-sha256"]
        let line = try await ChildProcess.output(of: "openssl", arguments)
        return line.split(separator: "=").last.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
    }
}
