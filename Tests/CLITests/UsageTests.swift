// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite struct UsageTests {
    @Test func `the version needs no home, no configuration and no module`() async throws {
        var program = try Program()
        try program.configure("this is no TOML")
        program.environment["HOME"] = "/nonexistent"
        let outcome = try await program.run("--version")
        #expect(outcome.status == 0)
        #expect(outcome.outputText.wholeMatch(of: /isignum \d+\.\d+\.\d+\n/) != nil)
        #expect(outcome.errors.isEmpty)
    }

    @Test func `help speaks the language of the locale, and that of the flag before it`() async throws {
        var program = try Program()
        program.environment["LC_ALL"] = "cs_CZ.UTF-8"
        #expect(try await program.run("help", "install").outputText.contains("Přijmout vydaný certifikát"))
        #expect(try await program.run("install", "--help", "--lang", "en").outputText.contains("Accept an issued"))
        #expect(try await program.run("--help").outputText.contains("POUŽITÍ:"))
    }

    @Test(arguments: [
        ["nonsense"], ["new", "--typ", "qualified"], ["status"], ["new", "--key", "rsa1024"], ["requests", "--csr"],
    ])
    func `arguments that mean nothing are one JSON document and exit 64`(arguments: [String]) async throws {
        let outcome = try await Program().run(arguments + ["--json"])
        #expect(outcome.status == 64)
        #expect(try outcome.failure()["code"] == "usage")
        #expect(outcome.errorText.hasPrefix("isignum: error: "))
    }

    @Test(arguments: [
        (["device", "unblock"], "chybí argument <secret>"),
        (["device", "unblock", "puk"], "hodnota puk se nehodí pro <secret>; možné jsou pin, qpin"),
        (["new", "--typ", "qualified"], "neznámý přepínač --typ; nemá to být --type?"),
        (["new", "--type"], "chybí hodnota za --type"),
        (["nonsense"], "argument nonsense sem nepatří"),
    ]) func `what the parser says of arguments is said in Czech`(arguments: [String], words: String) async throws {
        var program = try Program()
        program.environment["LC_ALL"] = "cs_CZ.UTF-8"
        let outcome = try await program.run(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains(words), "\(outcome.errorText)")
    }

    @Test func `without input, new names everything that is missing at once`() async throws {
        let program = try Program()
        try program.configure("[ca.demo]\nurl = \"https://127.0.0.1:1/\"\n")
        let outcome = try await program.run("new", "--no-input", "--json")
        #expect(outcome.status == 64)
        let failure = try outcome.failure()
        #expect(failure["code"] == "answers_missing")
        for flag in ["--type", "--pin-from"] { #expect(failure["message"]?.contains(flag) == true) }
        let waiting = try await program.run("new", "--no-input", "--json", "--type", "qualified", "--wait")
        #expect(waiting.status == 64)
        for flag in ["--qpin-from", "--accept|--reject"] {
            #expect(try waiting.failure()["message"]?.contains(flag) == true)
        }
    }

    @Test func `every wrong request ID is named, and nothing is asked`() async throws {
        let program = try Program()
        try program.configure("[ca.demo]\nurl = \"https://127.0.0.1:1/\"\n")
        let outcome = try await program.run("status", "--json", "-", "BP12", input: "BP1234567890\nXY\n# remark\n")
        #expect(outcome.status == 65)
        let failure = try outcome.failure()
        #expect(failure["code"] == "request_id_invalid")
        #expect(failure["message"]?.contains("BP12") == true)
        #expect(failure["message"]?.contains("XY") == true)
    }

    @Test(arguments: ["7", "#7", "BP0000000001"])
    func `a request that the journal does not know is exit 66`(name: String) async throws {
        for verb in ["requests", "check", "install", "resume", "protocol"] {
            let outcome = try await Program().run(verb, name, "--json")
            #expect(outcome.status == 66)
            #expect(try outcome.failure()["code"] == "request_not_found")
        }
    }

    @Test func `an empty journal is an empty list, and there is nothing to install`() async throws {
        let program = try Program()
        let requests = try await program.run("requests", "--json")
        #expect(requests.status == 0)
        #expect((try requests.document()["requests"] as? [Any])?.isEmpty == true)
        #expect(try await program.run("check").status == 0)
        #expect(try await program.run("resume").status == 0)
        let install = try await program.run("install", "--json")
        #expect(install.status == 66)
        #expect(try install.failure()["code"] == "nothing_to_install")
    }

    @Test func `the journal is its owner's alone`() async throws {
        let program = try Program()
        _ = try await program.run("requests")
        let files = FileManager.default
        func mode(_ path: String) throws -> Int? {
            try files.attributesOfItem(atPath: program.home.file(path).path)[.posixPermissions] as? Int
        }
        #expect(try mode("state") == 0o700)
        #expect(try mode("state/journal.sqlite") == 0o600)
    }
}
