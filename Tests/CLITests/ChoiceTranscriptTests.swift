// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Two tokens of one name, of a kind that is not qualified: the wizard asks which, and says what that means.
@Suite struct ChoiceTranscriptTests {
    static let pin = "739104"

    @Test(arguments: TranscriptTests.screens) func `among two tokens the wizard asks, and no ends it`(
        screen: TranscriptTests.Screen
    ) async throws {
        let ca = try RunningCA("--auto-approve", "0")
        let tokens = try await SoftHSM.provision([
            SoftHSM.Token(label: "Jana", pin: Self.pin), SoftHSM.Token(label: "Jana", pin: Self.pin),
        ])
        var program = try Program()
        program.environment = SoftHSM.environment(of: tokens.path)
        try program.configure("modules = [\"\(SoftHSM.bareModule)\"]\n" + ca.configuration)

        let which = "Token [1]"
        let kept = "Token [2]"
        let send = screen.isCzech ? "odeslat žádost? [A/n]" : "send the request? [Y/n]"
        let given = ["new", "--lang", screen.language, "--type", "qualified", "--holder", "person"]
        let contact = ["--name", "Jana Malá", "--email", "jana@example.cz", "--phone", "601234567"]
        let declining = try Conversation(
            program,
            given + contact,
            columns: screen.columns,
            [
                (which, "?\n"), (which, "3\n"), (which, "2\n"), (send, "<\n"), (kept, "\n"), (send, "?\n"),
                (send, "n\n"),
            ]
        )
        let declined = try await declining.run()
        #expect(declined.status == 75)
        try Transcript.check(declined.shown, "choice.\(screen.language).\(screen.columns)", hiding: [Self.pin])
        #expect((try await program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)

        let going = try Conversation(
            program,
            given + contact,
            columns: screen.columns,
            [(which, "2\n"), (send, "\n"), ("PIN,", Self.pin + "\n")]
        )
        let sent = try await going.run()
        #expect(sent.status == 0)
        try Transcript.check(sent.shown, "unqualified.\(screen.language).\(screen.columns)", hiding: [Self.pin])
    }
}
