// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A file is the backup when it was written as one, not when it has its name.
@Suite struct ForeignBackupTests {
    /// `new`, while whose password is typed something happens.
    private func begin(_ user: BackupUser, while script: String) async throws -> ChildProcess.Outcome {
        let (desktop, desk) = try user.desktop(askingWith: script)
        defer { withExtendedLifetime(desk) {} }
        let file = "file:\(user.program.home.file("password").path)"
        return try await desktop.run(user.beginning.map { $0 == file ? "pinentry" : $0 })
    }

    /// The first request waits for its backup, gets one under another name, and that holds its key.
    private func expectWayOn(_ user: BackupUser, _ comment: Comment) async throws {
        let entry = try #require(try await user.requests().first { $0["number"] as? Int == 1 })
        #expect(entry["status"] as? String == "key-generated" && entry["backup"] == nil, comment)
        let again = try await user.program.run(["resume", "1"] + user.pin + user.password)
        #expect(try again.failure()["code"] == "file_exists", comment)
        let other = user.program.home.file("again.p12")
        let done = try await user.program.run(
            ["resume", "1", "--backup-key", other.path] + user.pin + user.password
        )
        #expect(done.status == 75, "\(comment): \(done.errorText)")
        #expect(try await user.fingerprint(of: other) == entry["publicKeySHA256"] as? String, comment)
    }

    @Test(arguments: Intruder.allCases)
    func `what appears under its name is left alone, and the key waits for its backup`(kind: Intruder) async throws {
        let user = try BackupUser()
        let spare = user.program.home.file("spare")
        try kind.appear(as: spare, beside: user.program.home.file("pin"))
        let before = try kind.look(at: spare)
        // Moved there when it is asked for the second time at the latest, which is after the name was looked at.
        let stuck = try await begin(user, while: "mv -T '\(spare.path)' '\(user.backup.path)' 2>/dev/null")
        #expect(stuck.status == 73, "\(stuck.errorText)")
        let failure = try stuck.failure()
        #expect(failure["code"] == "file_exists")
        #expect(failure["hint"]?.contains("isignum resume 1 --backup-key") == true, "\(failure)")
        #expect(try kind.look(at: user.backup) == before)
        try await expectWayOn(user, "\(kind)")
        #expect(try kind.look(at: user.backup) == before)
    }

    @Test func `two requests under one name at once: one has the file, the other gets its own`() async throws {
        let user = try BackupUser()
        let program = try BuildProducts.file("isignum").path
        let sentence = user.beginning.map { "'\($0)'" }.joined(separator: " ")
        // The second runs from beginning to end while the first one's password is being typed.
        let stuck = try await begin(
            user,
            while: "[ -e '\(user.backup.path)' ] || '\(program)' \(sentence) >'\(user.program.home.file("log").path)'"
        )
        #expect(stuck.status == 73, "\(stuck.errorText)")
        #expect(try stuck.failure()["code"] == "file_exists")
        let requests = try await user.requests()
        try #require(requests.count == 2)
        let stuckNumber = try #require(requests.first { $0["status"] as? String == "key-generated" }?["number"] as? Int)
        let good = try #require(requests.first { $0["status"] as? String != "key-generated" })
        #expect(try await user.fingerprint(of: user.backup) == good["publicKeySHA256"] as? String)
        let again = try await user.program.run(["resume", "\(stuckNumber)"] + user.pin + user.password)
        #expect(try again.failure()["code"] == "file_exists")
        let other = user.program.home.file("again.p12")
        let done = try await user.program.run(
            ["resume", "\(stuckNumber)", "--backup-key", other.path] + user.pin + user.password
        )
        #expect(done.status == 75, "\(done.errorText)")
        let own = try done.document()["publicKeySHA256"] as? String
        #expect(try await user.fingerprint(of: other) == own)
    }
}
