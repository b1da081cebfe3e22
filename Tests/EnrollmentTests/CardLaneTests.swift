// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The same stories on a card: real pcscd, real OpenSC, two slots with a retry counter each.
@Suite(.serialized) struct CardLaneTests {
    let card: CardStack
    let ca: RunningCA
    let program: Program

    init() async throws {
        card = try await CardStack()
        ca = try RunningCA("--auto-approve", "0")
        var program = try Program()
        program.environment = card.environment
        try program.configure("modules = [\"\(try card.module())\"]\n" + ca.configuration)
        self.program = program
    }

    private func story(_ type: String) -> [String] {
        ["new", "--type", type, "--name", "Jan Žižka", "--wait=1", "--accept", "--json", "--no-input"] + secrets
    }

    private var secrets: [String] {
        ["--pin-from", "file:\(card.path)/secrets/pin", "--qpin-from", "file:\(card.path)/secrets/qpin"]
    }

    private func certificates() async throws -> [[String: Any]] {
        let document = try await program.run("list", "--json").document()
        return (document["tokens"] as? [[String: Any]])?.first?["certificates"] as? [[String: Any]] ?? []
    }

    @Test func `the first enrolment on a new card stays within its budget`() async throws {
        try card.forget()
        let done = try await program.run(story("commercial"))
        #expect(done.status == 0, "\(done.errorText)")
        let instructions = try card.instructions()
        #expect(instructions.count <= 125, "\(instructions.count)")
        print("budget: \(instructions.count) APDUs for the first commercial certificate on the card")
    }

    @Test func `a qualified certificate goes to the slot of the QPIN`() async throws {
        let done = try await program.run(story("qualified"))
        #expect(done.status == 0, "\(done.errorText)")
        let certificate = try #require(try await certificates().first)
        #expect(certificate["hasKey"] as? Bool == true)
        #expect((certificate["area"] as? String ?? "qualified") == "qualified")
    }

    @Test func `a wrong PIN is verified once and its counter is told`() async throws {
        let wrong = program.home.file("wrong")
        try Data("999999".utf8).write(to: wrong)
        try card.forget()
        let arguments = ["new", "--type", "commercial", "--json", "--no-input", "--pin-from", "file:\(wrong.path)"]
        let refused = try await program.run(arguments)
        #expect(refused.status == 77)
        #expect(try refused.failure()["code"] == "pin_wrong")
        // One question of the state without data, and one try.
        #expect(try card.instructions().count { $0 == "20" } <= 2)
        #expect(try await program.run(story("commercial")).status == 0)
    }

    @Test func `a card that is pulled anywhere in an enrolment goes on when it is back`() async throws {
        var pulls = 0
        for apdu in stride(from: 10, through: 120, by: 10) {
            // Each run meets a card as new as the first, so that the numbers mean the same moments.
            let card = try await CardStack()
            var program = try Program()
            program.environment = card.environment
            try program.configure("modules = [\"\(try card.module())\"]\n" + ca.configuration)
            let secrets = ["--pin-from", "file:\(card.path)/secrets/pin", "--json", "--no-input", "--accept"]
            let personalised = try card.instructions().count
            try card.order("at \(personalised + apdu) pull-before")
            let beginning = ["new", "--type", "commercial", "--name", "Jan Žižka", "--wait=1"] + secrets
            let pulled = try await program.run(beginning)
            if pulled.status != 0 { pulls += 1 }
            try card.order(nil)
            if pulled.status != 0 {
                try await until(card, shows: "No ")
                try await card.control("insert")
                try await until(card, shows: "Yes")
            }
            let known = try await program.run("requests", "--json").document()["requests"] as? [[String: Any]] ?? []
            if known.isEmpty {
                #expect(try await program.run(beginning).status == 0, "APDU \(apdu)")
            } else if known[0]["status"] as? String != "installed" {
                let resumed = try await program.run(["resume"] + secrets)
                #expect(resumed.status == 0, "APDU \(apdu): \(resumed.outputText) \(resumed.errorText)")
            }
            let document = try await program.run("list", "--json").document()
            let token = (document["tokens"] as? [[String: Any]])?.first
            #expect((token?["certificates"] as? [Any])?.count == 1, "APDU \(apdu)")
        }
        #expect(pulls >= 9)
        print("sweep: the card was pulled at \(pulls) of 12 APDUs, nothing lost")
    }

    /// pcscd looks for cards every so often.
    private func until(_ card: CardStack, shows state: String) async throws {
        for _ in 0..<500 {
            let readers = try await ChildProcess.run("opensc-tool", ["--list-readers"], environment: card.environment)
            if readers.outputText.contains(state) { return }
        }
        Issue.record("the reader never showed \(state)")
    }
}
