// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Disks that are full, folders that cannot be written, journals that are damaged.
@Suite struct TroubledFilesTests {
    /// Runs the client in a mount namespace of its own after a shell command.
    private func run(
        _ user: Interrupted,
        _ arguments: [String],
        after preparation: String
    ) async throws -> ChildProcess.Outcome {
        let program = try BuildProducts.file("isignum").path
        return try await ChildProcess.run(
            "unshare",
            ["--map-root-user", "--mount", "sh", "-c", "\(preparation) && exec \"$@\"", "sh", program] + arguments,
            environment: user.device.environment.merging(["ISIGNUM_HOME": user.program.home.path, "LC_ALL": "C.UTF-8"])
            { $1 }
        )
    }

    private func user() async throws -> Interrupted {
        let user = try await Interrupted(with: try RunningCA(), type: "commercial", model: .separateSlot)
        // The folder of the journal is there before anything is mounted over it.
        #expect(try await user.requests().isEmpty)
        return user
    }

    private func expectUntouched(_ user: Interrupted) async throws {
        #expect(try user.device.count(of: "C_GenerateKeyPair") == 0)
        #expect(try await user.requests().isEmpty)
        #expect(try await user.ca.operate("list").isEmpty)
    }

    @Test func `a full disk stops a request before it touches token or CA`() async throws {
        let user = try await user()
        let state = user.program.home.file("state").path
        let tiny = "mount -t tmpfs -o size=8k tmpfs '\(state)'"
        let outcome = try await run(user, user.beginning, after: tiny)
        #expect(outcome.status == 73, "\(outcome.errorText)")
        #expect(try outcome.failure()["code"] == "journal_cannot_write")
        try await expectUntouched(user)
    }

    @Test func `a journal that may only be read stops a request before it touches token or CA`() async throws {
        let user = try await user()
        let state = user.program.home.file("state").path
        let readOnly = "mount --bind '\(state)' '\(state)' && mount -o remount,ro,bind '\(state)'"
        let outcome = try await run(user, user.beginning, after: readOnly)
        #expect(outcome.status == 73, "\(outcome.errorText)")
        #expect(try outcome.failure()["code"] == "journal_cannot_write")
        try await expectUntouched(user)
    }

    @Test func `a damaged journal is put aside and said, and the next run begins a new one`() async throws {
        let user = try await user()
        let journal = user.program.home.file("state/journal.sqlite")
        for companion in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: journal.path + companion) }
        let damaged = Data(repeating: 0x2A, count: 9_000)
        try damaged.write(to: journal)
        let outcome = try await user.program.run(user.beginning)
        #expect(outcome.status == 65)
        #expect(try outcome.failure()["code"] == "journal_corrupt")
        let names = try FileManager.default.contentsOfDirectory(atPath: user.program.home.file("state").path)
        let aside = try #require(names.first { $0.hasPrefix("journal-damaged-") })
        #expect(outcome.errorText.contains(aside))
        #expect(try Data(contentsOf: user.program.home.file("state/\(aside)")) == damaged)
        #expect(try await user.program.run(user.beginning).status == 0)
    }

    @Test func `a protocol that cannot be written leaves no half of it`() async throws {
        let user = try await Interrupted(
            with: try RunningCA("--auto-approve", "0"),
            type: "commercial",
            model: .separateSlot
        )
        let id = try #require(try await user.program.run(user.beginning).document()["id"] as? String)
        let outcome = try await user.program.run("protocol", id, "--save-as", "/proc/nowhere/protocol.pdf", "--json")
        #expect(outcome.status == 73)
    }
}
