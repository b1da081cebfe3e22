// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Whoever gets the terminal while a secret is typed gets it as it was, and gives it back hidden.
@Suite struct TerminalOwnershipTests {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program

    init() async throws {
        ca = try RunningCA()
        device = try await SimulatedDevice.provision()
        program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
    }

    /// A command typed into a shell with jobs, and what follows.
    private func shell(_ steps: [(String, String)]) async throws -> Conversation.Outcome {
        let command = try BuildProducts.file("isignum").path + " new --type commercial --yes --lang en\n"
        let all = [("ready> ", command)] + steps.map { ($0, $1 == "again" ? command : $1) } + [("ready> ", "exit 7\n")]
        return try await Conversation(shell: "/bin/sh", program, all).run()
    }

    @Test func `a paused program leaves the echo on, and hides it again when it goes on`() async throws {
        let outcome = try await shell([
            ("PIN,", "\u{1A}"), ("Stopped", "echo a-$((40+1))\n"), ("a-41", "fg\n"), ("PIN,", "987654\n"),
            ("one try was used", "echo b-$((40+2))\n"), ("b-42", "\n"),
        ])
        for typed in ["echo a-$((40+1))", "echo b-$((40+2))"] { #expect(outcome.shown.contains(typed)) }
        #expect(!outcome.shown.contains("987654"))
        #expect(try device.count(of: "C_Login") == 1)
    }

    @Test func `a program that is ended at its prompt leaves the echo on`() async throws {
        let outcome = try await shell([
            ("PIN,", "\u{1C}"), ("ready> ", "echo a-$((40+1))\n"), ("a-41", "again"), ("PIN,", "\u{3}\u{3}"),
            ("ready> ", "echo b-$((40+2))\n"), ("b-42", "\n"),
        ])
        for typed in ["echo a-$((40+1))", "echo b-$((40+2))"] { #expect(outcome.shown.contains(typed)) }
        #expect(try device.count(of: "C_Login") == 0)
    }

    @Test func `half a secret that was typed before a pause is no part of what follows`() async throws {
        let pin = try SimulatedDevice.secret("pin", of: device.path).trimmingCharacters(in: .newlines)
        let outcome = try await shell([
            ("PIN,", "4829\u{1A}"), ("Stopped", "fg\n"), ("PIN,", "garbage\u{15}\(pin)x\u{7F}\n"),
            ("isignum check", "\n"),
        ])
        #expect(!outcome.shown.contains("4829") && !outcome.shown.contains(pin))
        #expect(try device.count(of: "C_Login") == 1)
    }
}

extension Conversation {
    /// A talk with a shell, in which the program can be called by its path.
    init(shell: String, _ program: Program, _ steps: [(String, String)]) throws {
        let basis = [
            "ISIGNUM_HOME": program.home.path, "TERM": "dumb", "LC_ALL": "C.UTF-8", "PS1": "ready> ", "ENV": "",
        ]
        argv = [shell, "-i"]
        env = program.environment.merging(basis) { $1 }
        columns = 200
        self.steps = steps.map { Step(expect: $0, send: $1) }
    }
}
