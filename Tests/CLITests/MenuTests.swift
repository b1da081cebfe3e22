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

    @Test func `a certificate that ends soon leads to its renewal, until that was asked for`() async throws {
        let user = try await TokenUser(approvedAtOnce: false)
        let id = try await user.request()
        try await user.ca.operate("approve", id, "--days-left", "20")
        #expect(try await user.run("install", id, "--accept").status == 0)
        let serial = try #require(try await user.certificates().first?["serialNumber"] as? String)
        let pin = try SimulatedDevice.secret("pin", of: user.device.path)
        let steps = [
            ("Number", "1\n"), ("For how long", "\n"), ("Voucher", "\n"), ("[Y/n]", "\n"), ("PIN", pin + "\n"),
        ]
        let talk = try await Conversation(user.program, [], columns: 80, steps).run()
        #expect(talk.status == 0, "\(talk.shown)")
        #expect(talk.shown.contains("Jan Žižka, 19 days left"))
        #expect(talk.shown.contains("1  renew the certificate of Jan Žižka"))
        #expect(talk.shown.contains("isignum renew \(serial)"))
        let after = try await Conversation(user.program, [], columns: 80, [("Number", "\n")]).run()
        #expect(!after.shown.contains("renew the certificate"), "\(after.shown)")
        #expect(after.shown.contains("Open requests"))
    }

    @Test func `a blocked secret leads to its PUK, and does not to its change`() async throws {
        let user = try await TokenUser()
        let wrong = user.program.home.file("wrong")
        try Data("7390000".utf8).write(to: wrong)
        let flags = ["--pin-from", "file:\(wrong.path)", "--no-input", "--yes", "--last-try"]
        for _ in 1...3 { _ = try await user.program.run(["new", "--type", "commercial"] + flags) }
        let steps = [("Number", "1\n"), ("PUK", "\u{3}")]
        let talk = try await Conversation(user.program, [], columns: 80, steps).run()
        #expect(talk.shown.contains("1  unblock the PIN of ProID+Q simulator with its PUK"), "\(talk.shown)")
        #expect(talk.shown.contains("isignum device unblock pin --token"))
        #expect(!talk.shown.contains("change the PIN"))
        #expect(talk.status != 0)
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
