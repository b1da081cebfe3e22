// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// OpenSC shares the card: while somebody is logged in, every process can sign. So nobody is for longer than needed.
@Suite(.serialized, .timeLimit(.minutes(3))) struct SharedCardTests {
    @Test func `the card is closed before the request leaves, and after the last use`() async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let user = try await CardUser(with: ca)
        let sign = user.program.home.file("the-request-has-left")
        try await ca.operate("fault", "submit:1 hold-before \(sign.path)")
        let running = try await user.program.start(user.beginning)
        // A file has no event that could be waited for here.
        while !FileManager.default.fileExists(atPath: sign.path) {
            try #require(running.isRunning)
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await !user.anybodyCanSign())
        // The client lives and waits for the CA.
        #expect(running.isRunning)
        running.send(SIGINT)
        #expect(await running.ended().status == 130)
        try await ca.operate("clear-faults")
        let id = try await user.carryOn(comment: "shared")
        #expect(try await !user.anybodyCanSign())
        _ = try await user.expectOneOfEach(id, comment: "shared")
    }

    @Test func `while the CA takes its time the card is closed, and its PIN is asked for again`() async throws {
        let ca = try RunningCA()
        let user = try await CardUser(with: ca)
        async let running = user.program.run(user.inOneGo)
        var id: String?
        while id == nil {
            let entry = try await user.requests().first
            if entry?["status"] as? String == "pending" { id = entry?["id"] as? String }
        }
        // Open for no longer than the seconds in which a CA issues by itself.
        let patience = ContinuousClock.now + .seconds(20)
        while try await user.anybodyCanSign(), ContinuousClock.now < patience {
            try await Task.sleep(for: .milliseconds(200))
        }
        #expect(try await !user.anybodyCanSign())
        try await ca.operate("approve", try #require(id))
        let done = try await running
        #expect(done.status == 0, "\(done.errorText)")
        #expect(try user.typings() == 2 && user.logins() == 2)
    }

    /// A client that waits for the CA with the card open, and is ended there.
    private func end(_ user: CardUser, _ ca: RunningCA, with signal: Int32) async throws {
        let sign = user.program.home.file("the-request-has-left")
        try await ca.operate("fault", "submit:1 hold-before \(sign.path)")
        let ended = try await user.program.runAndKill(user.inOneGo, when: sign, with: signal)
        #expect(ended.status == (ended.wasSignalled ? signal : 128 + signal))
        try await ca.operate("clear-faults")
    }

    @Test(arguments: [SIGTERM, SIGHUP, SIGINT]) func `a client that is told to end closes the card first`(
        signal: Int32
    ) async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let user = try await CardUser(with: ca)
        try await end(user, ca, with: signal)
        #expect(try await !user.anybodyCanSign())
    }

    /// The service only resets a card whose owner died in the middle of a transaction (pcscd, MSGRemoveContext);
    /// otherwise it turns the card off when nobody is connected any more. Whoever stays connected keeps it open.
    @Test func `a client that is killed leaves the card open to whoever is connected, and the next run closes it`()
        async throws
    {
        let ca = try RunningCA("--auto-approve", "0")
        let user = try await CardUser(with: ca)
        let other = try await user.connected()
        try await end(user, ca, with: SIGKILL)
        #expect(try await user.anybodyCanSign())
        let id = try await user.carryOn(comment: "killed")
        #expect(try await !user.anybodyCanSign())
        other.stop()
        _ = try await user.expectOneOfEach(id, comment: "killed")
    }
}
