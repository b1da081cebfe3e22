// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What helpdesk asks: no token, no journal, no secret.
@Suite struct StatusTests {
    let ca: RunningCA
    let program: Program

    init() throws {
        ca = try RunningCA()
        program = try Program()
        try program.configure(ca.configuration)
    }

    @Test func `a list with remarks, blanks and doubles is asked once, in its order`() async throws {
        let list = program.home.file("ids.txt")
        try Data("# Monday\nKC0000000002, BP0000000001\nBP 0000 000001\n\n0000000003 # no device\n".utf8).write(
            to: list
        )
        let outcome = try await program.run("status", "--from", list.path, "--csv")
        #expect(outcome.status == 0)
        let lines =
            ["id,status,type,updated,reason"]
            + ["KC0000000002", "BP0000000001", "0000000003"].map { "\($0),unknown,,," }
        #expect(outcome.outputText == lines.map { $0 + "\r\n" }.joined())
        let piped = try await program.run("status", "-", "--csv", input: "KC0000000002\nBP0000000001;0000000003")
        #expect(piped.output == outcome.output)
        #expect(!FileManager.default.fileExists(atPath: program.home.file("state").path))
    }

    @Test func `thousands take one exchange a thousand`() async throws {
        let ids = (0..<2_500).map { "BP" + String(1_000_000_000 + $0) }
        let outcome = try await program.run("status", "-", "--json", input: ids.joined(separator: "\n"))
        #expect(outcome.status == 0)
        let lines = try outcome.document()["requests"] as? [[String: Any]]
        #expect(lines?.compactMap { $0["id"] as? String } == ids)
        #expect(try ca.exchanges().count { $0.hasPrefix("POST /v1/requests:status") } == 3)
    }

    @Test func `a list is read in any encoding, and a file that is none is exit 65`() async throws {
        let ids = "KC0000000002\r\nBP0000000001 # příští týden\r\n"
        let units = ids.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
        let centralEuropean = Array("KC0000000002\r\nBP0000000001 # p".utf8) + [0xF8, 0xED, 0x9A, 0x0D, 0x0A]
        for bytes in [[0xEF, 0xBB, 0xBF] + Array(ids.utf8), [0xFF, 0xFE] + units, units, centralEuropean] {
            let list = program.home.file("list.txt")
            try Data(bytes).write(to: list)
            let outcome = try await program.run("status", "--from", list.path, "--json")
            #expect(outcome.status == 0, "\(outcome.errorText)")
            let lines = try outcome.document()["requests"] as? [[String: Any]]
            #expect(lines?.compactMap { $0["id"] as? String } == ["KC0000000002", "BP0000000001"])
        }
        let picture = program.home.file("list.png")
        try Data([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x01, 0x02] as [UInt8]).write(to: picture)
        let outcome = try await program.run("status", "--from", picture.path, "--json")
        #expect(outcome.status == 65)
        #expect(try outcome.failure()["code"] == "file_unusable")
    }

    @Test func `a file that is not there is exit 66`() async throws {
        let outcome = try await program.run("status", "--from", "/nonexistent", "--json")
        #expect(outcome.status == 66)
        #expect(try outcome.failure()["code"] == "file_unreadable")
    }

    @Test func `without a folder of its own the program keeps to the XDG folders`() async throws {
        var program = program
        let home = try TemporaryFolder(named: "xdg")
        program.environment = [
            "ISIGNUM_HOME": "", "HOME": home.path, "XDG_CONFIG_HOME": home.file("c").path, "XDG_STATE_HOME": "relative",
        ]
        let folder = home.file("c/isignum")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("language = \"cs\"\n".utf8).write(to: folder.appendingPathComponent("config.toml"))
        #expect(try await program.run("requests").outputText.contains("žádosti"))
        // A relative path is to be ignored (XDG base directory specification).
        #expect(FileManager.default.fileExists(atPath: home.file(".local/state/isignum/journal.sqlite").path))
    }
}
