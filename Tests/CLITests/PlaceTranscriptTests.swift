// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Where the key is to live, while devices are plugged in and out, and for people without one.
@Suite struct PlaceTranscriptTests {
    static let password = "heslo k databázi"

    @Test(arguments: TranscriptTests.screens)
    func `devices appear as they are plugged in, Enter takes the one that came`(
        screen: TranscriptTests.Screen
    ) async throws {
        let ca = try RunningCA("--device", "ProID+Q=2031-12-31")
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        try device.set("plugged", "no")
        func plug(_ word: String) -> String { "echo 'plugged = \(word)' >> '\(device.path)/simulator.conf'" }
        let nothing = screen.isCzech ? "Token [zapojte zařízení]" : "Token [plug it in]"
        let send = screen.isCzech ? "odeslat žádost? [A/n]" : "send the request? [Y/n]"
        let (new, again) = screen.isCzech ? ("Nové heslo", "Stejné heslo") : ("New password", "assword again")
        let given = ["new", "--lang", screen.language, "--type", "commercial", "--holder", "person"]
        let contact = ["--name", "Jana Malá", "--email", "jana@example.cz", "--phone", "601234567"]
        let conversation = try Conversation(
            program,
            given + contact,
            columns: screen.columns,
            steps: [
                .init(expect: nothing, send: "?\n"), .init(expect: nothing, send: "\n"),
                .init(expect: nothing, send: "1\n"), .init(expect: nothing, run: plug("yes")),
                .init(expect: "Token [1]", run: plug("no")), .init(expect: nothing, run: plug("yes")),
                .init(expect: "Token [1]", send: "2\n"), .init(expect: "Token [1]", send: "\n"),
                .init(expect: send, send: "<\n"), .init(expect: "Token [1]", send: "0\n"),
                .init(expect: send, send: "\n"), .init(expect: new, send: Self.password + "\n"),
                .init(expect: again, send: Self.password + "\n"), .init(expect: "PIN,", send: Self.password + "\n"),
            ]
        )
        let outcome = try await conversation.run()
        #expect(outcome.status == 0)
        try Transcript.check(
            outcome.shown,
            "places.\(screen.language).\(screen.columns)",
            hiding: [Self.password],
            reflowing: true
        )
        #expect(try device.count(of: "C_Login") == 0)
        let requests = try await program.run("requests", "--json").document()["requests"] as? [[String: Any]]
        #expect((requests?.first?["token"] as? [String: Any])?["label"] as? String == "NSS Certificate DB")
    }

    @Test func `a qualified certificate is not offered without a device, and waiting has an end`() async throws {
        let ca = try RunningCA()
        let device = try await SimulatedDevice.provision()
        let program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        try device.set("plugged", "no")
        let given = ["new", "--lang", "en", "--type", "qualified", "--holder", "person", "--wait-for-device=2"]
        let contact = ["--name", "Jana", "--email", "jana@example.cz", "--phone", "601234567"]
        let talk = try Conversation(program, given + contact, columns: 80, [("[plug it in]", "0\n")])
        let outcome = try await talk.run()
        #expect(outcome.status == 66)
        #expect(!outcome.shown.contains("  0  "))
        #expect((try await program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)
    }
}
