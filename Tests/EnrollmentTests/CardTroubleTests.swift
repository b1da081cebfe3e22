// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What happens around a card: the service restarts, the reader goes, the card takes its time, other processes listen.
@Suite(.serialized, .timeLimit(.minutes(3))) struct CardTroubleTests {
    let ca: RunningCA
    let user: CardUser

    init() async throws {
        ca = try RunningCA("--auto-approve", "0")
        user = try await CardUser(with: ca)
    }

    enum Trouble: String, CaseIterable, Sendable { case card, reader, service }

    private func strike(_ trouble: Trouble) async throws {
        switch trouble {
        case .card: try await CardStack.pull(user.card.path)
        case .reader: try await CardStack.pullReader(user.card.path)
        case .service: try await CardStack.restartService(user.card.path)
        }
    }

    private func mend(_ trouble: Trouble) async throws {
        switch trouble {
        case .card: try await CardStack.insert(user.card.path)
        case .reader: try await CardStack.insertReader(user.card.path)
        case .service: break
        }
    }

    /// Waits until the card has stopped answering, as its fault says.
    private func untilCardHangs() async throws {
        // The log is a file; it has no event that could be waited for here.
        while try !user.card.exchanges().contains(where: \.hangs) { try await Task.sleep(for: .milliseconds(20)) }
    }

    @Test(arguments: Trouble.allCases)
    func `taken away between the request and its installation, it is missed and then it goes on`(
        trouble: Trouble
    ) async throws {
        let begun = try await user.program.run(user.beginning)
        let id = try #require(try begun.document()["id"] as? String)
        try await strike(trouble)
        if trouble != .service {
            let missing = try await user.program.run(user.installing(id))
            #expect(missing.status == 66, "\(missing.errorText)")
            #expect(try missing.failure()["code"] == "token_not_found")
        }
        try await mend(trouble)
        let installed = try await user.program.run(["resume", id, "--accept"] + user.secrets)
        #expect(installed.status == 0, "\(installed.errorText)")
        _ = try await user.expectOneOfEach(id, comment: trouble.rawValue)
    }

    @Test(arguments: Trouble.allCases, ["46", "D6"])
    func `taken away while a key is made or written down, the next run carries on`(
        trouble: Trouble,
        instruction: String
    ) async throws {
        try user.setFault(atInstruction: instruction, "hang")
        async let running = user.program.run(user.inOneGo)
        try await untilCardHangs()
        try CardStack.clearFault(of: user.card.path)
        try await strike(trouble)
        let interrupted = try await running
        #expect([66, 69].contains(interrupted.status), "\(interrupted.outputText) \(interrupted.errorText)")
        try await mend(trouble)
        let id = try await user.carryOn(comment: "\(trouble.rawValue) \(instruction)")
        let left = try await user.expectOneOfEach(id, comment: "\(trouble.rawValue) \(instruction)")
        print(
            "\(trouble.rawValue) gone at \(instruction): left over \(left.privateKeys) private, \(left.publicKeys) public"
        )
    }

    @Test func `a change of the PIN that a signal finds under way is not called harmless, and the wait is explained`()
        async throws
    {
        try user.setFault(atInstruction: "24", "hang")
        let new = user.program.home.file("new")
        try Data("640283".utf8).write(to: new)
        let flags = ["--pin-from", "file:\(user.card.path)/secrets/pin", "--new-pin-from", "file:\(new.path)"]
        let running = try await user.program.start(["device", "pin"] + flags)
        try await untilCardHangs()
        running.send(SIGTERM)
        var words = ""
        while !words.contains("another Ctrl-C ends at once") { words += try await running.moreErrors() }
        try CardStack.clearFault(of: user.card.path)
        try await CardStack.pull(user.card.path)
        while let more = try? await running.moreErrors() { words += more }
        #expect(await running.ended().status == 128 + SIGTERM)
        #expect(
            words.contains("it cannot be known which value counts") && !words.contains("nothing is lost"),
            "\(words)"
        )
    }

    @Test(arguments: ["46", "2A"]) func `a card that is silent for six seconds is waited for`(
        instruction: String
    ) async throws {
        try user.setFault(atInstruction: instruction, "delay 6000")
        let started = ContinuousClock.now
        let done = try await user.program.run(user.inOneGo)
        #expect(done.status == 0, "\(done.errorText)")
        #expect(ContinuousClock.now - started >= .seconds(6))
        #expect(try user.typings() == 1 && user.logins() == 1)
        let id = try #require(try done.document()["id"] as? String)
        _ = try await user.expectOneOfEach(id, comment: instruction)
    }
}
