// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// `isignum` alone on a terminal.
@Suite struct MenuTests {
    @Test(arguments: TranscriptTests.screens) func `what waits, what is plugged in, and a choice by number`(
        screen: TranscriptTests.Screen
    ) async throws {
        let ca = try RunningCA()
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        let language = "language = \"\(screen.language)\"\n"
        try program.configure(language + "modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        let secret = "file:\(device.path)/secrets/pin"
        let new = try await program.run("new", "--type", "commercial", "--yes", "--no-input", "--pin-from", secret)
        #expect(new.status == 0, "\(new.errorText)")
        let question = screen.isCzech ? "Číslo, nebo Enter a konec [konec]" : "Number, or Enter to leave [leave]"
        let steps = [(question, "99\n"), (question, "1\n")]
        let talk = try await Conversation(program, [], columns: screen.columns, steps).run()
        // The choice asks the CA, which has not decided.
        #expect(talk.status == 75)
        let logins = try device.count(of: "C_Login")
        #expect(logins == 1, "the menu asked for a secret")
        try Transcript.check(talk.shown, "menu.\(screen.language).\(screen.columns)", hiding: [])
    }

    @Test func `nothing is done when nothing is chosen, and every choice is a command`() async throws {
        let program = try Program()
        let leave = try await Conversation(program, [], columns: 80, [("Number", "\n")]).run()
        #expect(leave.status == 0)
        let ended = try await Conversation(program, [], columns: 80, [("Number", "\u{4}")]).run()
        #expect(ended.status == 0)
        let menu = Menu(requests: [], tokens: [], words: .english, results: .english)
        for choice in menu.choices {
            #expect(throws: Never.self) { try IsignumCLI.parseAsRoot(choice.command) }
        }
    }

    @Test func `without a terminal there is help`() async throws {
        let outcome = try await Program().run([])
        #expect(outcome.status == 0)
        #expect(outcome.outputText.contains("USAGE"))
    }
}
