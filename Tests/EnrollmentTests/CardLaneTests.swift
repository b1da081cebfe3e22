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
        // Questions of the state carry no data; a try does.
        #expect(try card.tries() == 1)
        #expect(try await program.run(story("commercial")).status == 0)
    }
}
