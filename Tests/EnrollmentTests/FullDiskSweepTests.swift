// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The disk is full at every write of `new`, `install` and `renew` once: no file may grow beyond a limit, which grows from
/// nothing until all goes well, by less than the journal grows at a write. Once there is room again, it always ends in one request,
/// one key and one certificate; and what is said in between is true. Part of the suite that runs alone.
extension KillSweepTests {
    /// SQLite's index of the log has this size from the start: no smaller file can serve.
    private static let smallest = 32_768

    /// Runs a story once for each limit, two at a time, until the one that succeeds.
    ///
    /// - Returns: how many were in want of room.
    private func sweep(
        by step: Int,
        _ story: @escaping @Sendable (_ limit: Int) async throws -> ChildProcess.Outcome
    ) async throws -> Int {
        var full = 0
        let limits = [0] + stride(from: Self.smallest, through: 1 << 20, by: step)
        for pair in stride(from: 0, to: limits.count, by: 2).map({ limits[$0..<min($0 + 2, limits.count)] }) {
            let statuses = try await withThrowingTaskGroup(of: Int32.self) { group in
                for limit in pair { group.addTask { try await story(limit).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            full += statuses.count { $0 != 0 }
            if statuses.allSatisfy({ $0 == 0 }) { return full }
        }
        Issue.record("never enough room")
        return full
    }

    /// That a failure names the journal, and says that nothing was done only where that is so.
    private func expectTruth(
        _ outcome: ChildProcess.Outcome,
        _ user: Interrupted,
        begun: Int,
        _ limit: Int
    ) async throws {
        #expect(!outcome.wasSignalled, "\(limit): \(outcome.errorText)")
        guard outcome.status == 73 else { return }
        let failure = try outcome.failure()
        #expect(failure["code"] == "journal_cannot_write", "\(limit): \(failure)")
        #expect(failure["message"]?.contains("journal.sqlite") == true, "\(limit): \(failure)")
        let hint = failure["hint"] ?? ""
        let requests = try await user.requests().count
        if hint.contains("nothing was done") {
            #expect(requests == begun, "\(limit): \(hint)")
        } else {
            #expect(hint.contains("isignum resume carries on"), "\(limit): \(hint)")
        }
    }

    @Test func `out of room at each write of new, nothing is lost`() async throws {
        let ca = try RunningCA()
        let full = try await sweep(by: 8_192) { limit in
            let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
            // The journal is there; that it may be begun on a full disk is for the next test.
            #expect(try await user.requests().isEmpty)
            let outcome = try await user.program.run(user.beginning, withFilesOfAtMost: limit)
            try await expectTruth(outcome, user, begun: 0, limit)
            try await user.finish(id: nil, comment: "new, \(limit) bytes")
            return outcome
        }
        #expect(full > 4)
        print("full disk: new had no room \(full) times, nothing lost")
    }

    @Test(arguments: [0, 4_096, 40_960, 69_632, 98_304])
    func `out of room while the journal is made, nothing is lost`(limit: Int) async throws {
        let user = try await Interrupted(with: try RunningCA(), type: "commercial", model: .separateSlot)
        let outcome = try await user.program.run(user.beginning, withFilesOfAtMost: limit)
        #expect(outcome.status == 73, "\(outcome.errorText)")
        try await expectTruth(outcome, user, begun: 0, limit)
        #expect(try await user.device.publicKeys(slot: 0) == 0)
        try await user.finish(id: nil, comment: "first new, \(limit) bytes")
    }

    @Test func `out of room at each write of install, nothing is lost`() async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let full = try await sweep(by: 8_192) { limit in
            let user = try await Interrupted(with: ca, type: "commercial", model: .separateSlot)
            let id = try await user.begun()
            let outcome = try await user.program.run(user.installing(id), withFilesOfAtMost: limit)
            try await expectTruth(outcome, user, begun: 1, limit)
            try await user.finish(id: id, comment: "install, \(limit) bytes")
            return outcome
        }
        #expect(full > 4)
        print("full disk: install had no room \(full) times, nothing lost")
    }

    @Test func `out of room at each write of renew, nothing is lost`() async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let full = try await sweep(by: 12_288) { limit in
            let it = try await Renewing(with: ca)
            let renewing = ["renew", it.serialNumber, "--wait=1", "--accept"] + it.user.secrets
            let outcome = try await it.user.program.run(renewing, withFilesOfAtMost: limit)
            try await expectTruth(outcome, it.user, begun: 1, limit)
            try await it.finish(comment: "renew, \(limit) bytes")
            return outcome
        }
        #expect(full > 4)
        print("full disk: renew had no room \(full) times, nothing lost")
    }
}
