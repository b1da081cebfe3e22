// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite struct ConfigurationFileTests {
    @Test(arguments: [
        ("language = \"cs\"\nlangage = \"cs\"\n", "langage", 2),
        ("language = \"de\"\n", "language", 1),
        ("\nmodules = \"one.so\"\n", "modules", 2),
        ("modules = [\"one.so\", 2]\n", "modules", 1),
        ("system-modules = \"yes\"\n", "system-modules", 1),
        ("[ca.demo]\nurl = \"http://ca.example/\"\n", "ca.demo.url", 2),
        ("[ca.demo]\nanchors = \"a.pem\"\n", "ca.demo.url", 1),
        ("[ca.demo]\nurl = \"https://ca.example/\"\n\nanchor = \"a.pem\"\n", "ca.demo.anchor", 4),
        ("[ca.demo]\nurl = \"https://ca.example/\"\nprotocol = \"scep\"\n", "ca.demo.protocol", 3),
        ("ca = 3\n", "ca", 1),
        ("[devices]\n\"ProID+Q\" = { certified-until = \"2030\" }\n", "devices.ProID+Q.certified-until", 2),
        ("default-ca = \"demo\"\n", "demo", 1),
    ])
    func `a key that means nothing and a value of the wrong kind are named with their line`(
        text: String,
        key: String,
        line: Int
    ) async throws {
        let program = try Program()
        try program.configure(text)
        let outcome = try await program.run("list", "--json")
        #expect(outcome.status == 78)
        let failure = try outcome.failure()
        let words = "\(failure["message"] ?? "") \(failure["hint"] ?? "")"
        #expect(words.contains(key))
        #expect(words.contains("config.toml:\(line)"))
    }

    @Test func `what is no TOML is said with its line`() async throws {
        let program = try Program()
        try program.configure("language = \"cs\"\nmodules = [\n\"a.so\"\n\nx")
        let outcome = try await program.run("requests")
        #expect(outcome.status == 78)
        #expect(outcome.errorText.contains("config.toml:5"))
    }

    @Test func `without a CA the message says what to write, and nothing is begun`() async throws {
        let program = try Program()
        let outcome = try await program.run("status", "BP1234567890", "--json")
        #expect(outcome.status == 78)
        let failure = try outcome.failure()
        #expect(failure["hint"]?.contains("ca.NAME = { url") == true)
        #expect(failure["hint"]?.contains("config.toml") == true)
    }

    @Test func `several CAs and none chosen lists them`() async throws {
        let program = try Program()
        try program.configure("[ca.one]\nurl = \"https://one.example/\"\n[ca.two]\nurl = \"https://two.example/\"\n")
        let outcome = try await program.run("status", "BP1234567890", "--json")
        #expect(outcome.status == 78)
        let failure = try outcome.failure()
        let words = "\(failure["message"] ?? "") \(failure["hint"] ?? "")"
        #expect(words.contains("one") && words.contains("two"))
        #expect(try await program.run("status", "BP1234567890", "--ca", "three").status == 78)
    }

    @Test func `anchors are looked for beside the configuration`() async throws {
        let program = try Program()
        try program.configure("[ca.demo]\nurl = \"https://127.0.0.1:1/\"\nanchors = \"demo.pem\"\n")
        let outcome = try await program.run("status", "BP1234567890")
        #expect(outcome.status == 78)
        #expect(outcome.errorText.contains(program.home.file("demo.pem").path))
    }

    @Test func `the configuration's language holds unless a flag says otherwise`() async throws {
        let program = try Program()
        try program.configure("language = \"cs\"\n")
        #expect(try await program.run("requests").outputText.contains("žádosti"))
        #expect(try await program.run("requests", "--lang", "en").outputText.contains("requests"))
    }
}
