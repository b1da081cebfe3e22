// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

/// A row that cannot be read, by damage or because a later version wrote it, costs that row and nothing else.
@Suite struct UnreadableRowTests {
    let home: TemporaryFolder
    let folder: URL
    let token = TokenIdentity(label: "Můj token", serial: "C6B67B431DB714B4", manufacturer: "maker", model: "ProID+Q")

    init() throws {
        home = try TemporaryFolder(named: "journal")
        folder = home.file("state")
    }

    private func plan(_ name: String) -> EnrollmentPlan {
        EnrollmentPlan(type: .commercial, holder: .person, contact: Contact(name: name), locale: "cs")
    }

    /// A journal of three, the second of which is spoilt in a column.
    private func spoilt(_ column: String, _ value: String) async throws -> Journal {
        let journal = try Journal(folder: folder)
        for name in ["Ada", "Bea", "Cyd"] {
            var entry = try journal.begin(plan(name), authority: "demo", token: token)
            entry.accessToken = "secret-token-\(name)"
            try journal.record(&entry)
        }
        try await SQL.run("UPDATE request SET \(column) = \(value) WHERE id = 2", in: folder)
        return journal
    }

    static let spoils = [
        ("state", "'teleported'"), ("plan", "'{\"type\":\"quantum\"}'"), ("plan", "'{'"), ("created", "'yesterday'"),
        ("updated", "''"), ("chain", "'nothing'"), ("token", "'{}'"), ("keyIdentifier", "1.5"),
        ("marker", "'NCP++'"), ("requestID", "'no-id'"), ("claims", "'[]'"), ("device", "'{'"), ("renewal", "'7'"),
        ("decision", "'{\"accepted\":\"perhaps\"}'"), ("serverSkew", "'much'"), ("nextPoll", "'soon'"),
    ]

    @Test(arguments: spoils) func `the others are read, and the row is named`(
        column: String,
        value: String
    ) async throws {
        let journal = try await spoilt(column, value)
        let reading = try journal.reading()
        #expect(reading.entries.map(\.plan.contact.name) == ["Cyd", "Ada"])
        #expect(reading.unreadable.map(\.id) == [2])
        #expect(reading.unreadable.map(\.column) == [column])
        #expect(try journal.entries().count == 2)
        let error = #expect(throws: JournalError(.unreadable)) { _ = try journal.entry(numbered: 2) }
        #expect(error?.entry == 2 && error?.detail == column)
        #expect(!"\(error as Any)".contains("secret-token"))
        // It is as it was, also after work on another.
        var other = try journal.entry(numbered: 1)
        try journal.record(&other, as: .keyGenerated)
        #expect(try journal.reading().unreadable.count == 1)
        let report = try #require(try JournalInspection.inspect(folder: folder))
        #expect(report.requests == 3 && report.unreadable.map(\.id) == [2])
    }

    @Test func `commands go on with the others, name the row, and quote nothing of it`() async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
        let first = try await user.begun()
        let second = try await user.begun()
        let state = user.program.home.file("state")
        let access = try await SQL.run("SELECT accessToken FROM request WHERE id = 1", in: state)
        #expect(!access.isEmpty)
        try await SQL.run("UPDATE request SET plan = '{}' WHERE id = 1", in: state)
        for command in [["check"], ["requests"], ["watch"], ["doctor"], ["requests", "--lang", "cs"]] {
            let outcome = try await user.program.run(command)
            let words = outcome.outputText + outcome.errorText
            #expect(words.contains("#1") && words.contains("plan"), "\(command): \(words)")
            #expect(!words.contains(access) && !words.contains("put aside"), "\(command): \(words)")
            if command[0] != "doctor" { #expect(outcome.status == 0, "\(command): \(words)") }
        }
        let listed = try await user.program.run("requests", "--json").document()
        #expect((listed["requests"] as? [[String: Any]])?.compactMap { $0["id"] as? String } == [second])
        let rows = try #require(listed["unreadable"] as? [[String: Any]])
        #expect(rows.count == 1 && rows[0]["number"] as? Int == 1 && rows[0]["id"] as? String == first)
        for command in ["check", "resume", "install", "requests", "protocol"] {
            for name in ["1", first] {
                let named = try await user.program.run(
                    [command, name] + (command == "requests" ? ["--json"] : user.secrets)
                )
                #expect(named.status == 65, "\(command): \(named.outputText) \(named.errorText)")
                #expect(try named.failure()["code"] == "journal_unreadable")
                #expect(!named.errorText.contains(access))
            }
        }
        let installed = try await user.program.run(["install", "--accept"] + user.secrets)
        #expect(installed.status == 0, "\(installed.errorText)")
        // Its key may still get a certificate.
        let cleaned = try await user.program.run(["clean", "--expert", "--unpaired-keys", "--yes"] + user.secrets)
        #expect(cleaned.status == 0, "\(cleaned.errorText)")
        #expect(try await user.device.publicKeys(slot: 0) == 2)
        let dry = ["clean", "--expert", "--unpaired-keys", "--dry-run"] + user.secrets
        let candidates = try await user.program.run(dry).document()["candidates"] as? [[String: Any]]
        #expect(candidates?.count == 1 && candidates?.first?["protected"] as? Bool == true)
        #expect(candidates?.first?["request"] as? String == first)
        // Nor does anything go whose request cannot even be told by its key.
        try await SQL.run(
            "UPDATE request SET keyIdentifier = '', publicKey = NULL, token = '?' WHERE id = 1",
            in: state
        )
        #expect(
            try await user.program.run(["clean", "--expert", "--unpaired-keys", "--yes"] + user.secrets).status == 0
        )
        #expect(try await user.device.publicKeys(slot: 0) == 2)
    }
}

/// A database as Python's sqlite3 sees it.
enum SQL {
    /// Runs a statement on a folder's journal.
    ///
    /// - Returns: the first column of the first row, as text.
    @discardableResult
    static func run(_ statement: String, in folder: URL) async throws -> String {
        let script = """
            import sqlite3, sys
            c = sqlite3.connect(sys.argv[1]); row = None
            for one in sys.argv[2].split(";"):
                row = c.execute(one).fetchone() or row
            c.commit(); c.close()
            print(row[0] if row else "", end="")
            """
        let path = folder.appending(path: "journal.sqlite").path(percentEncoded: false)
        return try await ChildProcess.output(of: "python3", ["-c", script, path, statement])
    }
}
