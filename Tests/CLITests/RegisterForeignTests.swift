// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// `register` among the entries of others: their bytes stay, and each module shows once.
@Suite struct RegisterForeignTests {
    let home: TemporaryFolder
    let program: Program
    let database: URL
    var list: URL { database.appendingPathComponent("pkcs11.txt") }

    init() async throws {
        home = try TemporaryFolder(named: "user")
        var program = try Program()
        program.environment = ["HOME": home.path, "XDG_CONFIG_HOME": "", "XDG_DATA_HOME": ""]
        self.program = program
        database = home.file(".pki/nssdb")
        try FileManager.default.createDirectory(at: database, withIntermediateDirectories: true)
        try await ChildProcess.output(of: "certutil", ["-N", "-d", "sql:\(database.path)", "--empty-password"])
    }

    /// A module of this name in a folder of its own.
    private func module(_ folder: String, _ name: String = "libvendor.so") throws -> String {
        let file = home.file("\(folder)/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        let softHSM = URL(fileURLWithPath: SoftHSM.bareModule).resolvingSymlinksInPath()
        try FileManager.default.copyItem(at: softHSM, to: file)
        return file.path
    }

    private func outcome(_ outcome: ChildProcess.Outcome) throws -> [String] {
        let places = try outcome.document()["places"] as? [[String: Any]] ?? []
        return places.filter { $0["file"] as? String == list.path }.compactMap { $0["outcome"] as? String }
    }

    private func register(_ modules: String...) async throws -> [String] {
        let flags = modules.flatMap { ["--module", $0] }
        return try outcome(try await program.run(["register", "--json"] + flags))
    }

    private func append(_ bytes: Data) throws {
        let before = try Data(contentsOf: list)
        try (before + bytes).write(to: list)
    }

    @Test func `entries in other encodings stay to the byte, before and after, whoever changes the list`() async throws
    {
        let module = try module("vendor")
        let foreign =
            Data("library=/opt/P".utf8) + Data([0xF8, 0xED, 0x6C]) + Data("/libother.so\r\nname=".utf8)
            + Data([0xB9, 0x0D, 0x0A, 0x0D, 0x0A])
        try append(foreign)
        let before = try Data(contentsOf: list)
        #expect(try await register(module) == ["registered"])
        #expect(try Data(contentsOf: list).starts(with: before))
        let later = Data("library=/opt/later".utf8) + Data([0xE9]) + Data(".so\nname=later\n\n".utf8)
        try append(later)
        #expect(try outcome(try await program.run("unregister", "--json")) == ["removed"])
        #expect(try Data(contentsOf: list) == before + later)
    }

    @Test func `two modules with one file name have two names, and go one by one`() async throws {
        let (first, second) = (try module("a"), try module("b"))
        let before = try Data(contentsOf: list)
        #expect(try await register(first, second) == ["registered", "registered"])
        let text = try String(contentsOf: list, encoding: .utf8)
        #expect(text.contains("library=\(first)\nname=isignum-vendor\n\n"))
        #expect(text.contains("library=\(second)\nname=isignum-vendor-2\n\n"))
        #expect(try await register(first, second) == ["already", "already"])
        #expect(try outcome(try await program.run("unregister", "--json", "--module", second)) == ["removed"])
        #expect(try await register(first) == ["already"])
        #expect(!(try String(contentsOf: list, encoding: .utf8)).contains(second))
        #expect(try outcome(try await program.run("unregister", "--json")) == ["restored"])
        #expect(try Data(contentsOf: list) == before)
    }

    @Test(arguments: ["\"PATH\"", "../../vendor/libvendor.so", "vendor/libvendor.so", "\"LINK\"", "libvendor.so"])
    func `a module that is listed in another way is not listed twice`(library: String) async throws {
        let module = try module("vendor")
        let link = home.file("link.so").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "vendor/libvendor.so")
        let written = library.replacingOccurrences(of: "PATH", with: module).replacingOccurrences(
            of: "LINK",
            with: link
        )
        try append(Data("library=\(written)\nname=\"by \\\"hand\\\"\"\n\n".utf8))
        let before = try Data(contentsOf: list)
        var program = program
        program.environment["LD_LIBRARY_PATH"] = home.file("vendor").path
        let step = try outcome(try await program.run("register", "--json", "--module", module))
        #expect(step == ["there"])
        #expect(try Data(contentsOf: list) == before)
    }

    @Test func `a bare name means what the loader finds`() async throws {
        let opensc = try #require(
            ["/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so", "/usr/lib/aarch64-linux-gnu/opensc-pkcs11.so"].first {
                FileManager.default.fileExists(atPath: $0)
            }
        )
        try append(Data("library=opensc-pkcs11.so\nname=OpenSC\n\n".utf8))
        #expect(try await register(opensc) == ["there"])
    }

    @Test func `a module that moved takes the place of its old entry`() async throws {
        let old = try module("old")
        #expect(try await register(old) == ["registered"])
        try FileManager.default.removeItem(atPath: old)
        let new = try module("new")
        #expect(try await register(new) == ["registered"])
        let text = try String(contentsOf: list, encoding: .utf8)
        #expect(text.contains("library=\(new)\nname=isignum-vendor\n\n") && !text.contains(old))
    }
}
