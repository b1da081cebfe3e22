// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What a person sees, line by line, in both languages, on a wide and on a narrow terminal. ISIGNUM_RECORD=1 writes the
/// files anew; then they are to be read.
@Suite struct TranscriptTests {
    struct Screen: Sendable, CustomTestStringConvertible {
        let language: String
        let columns: Int
        var testDescription: String { "\(language), \(columns) columns" }
        var isCzech: Bool { language == "cs" }
    }

    static let screens = ["en", "cs"].flatMap { language in [60, 120].map { Screen(language: language, columns: $0) } }

    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program

    init() async throws {
        ca = try RunningCA("--auto-approve", "0")
        device = try await SimulatedDevice.provision()
        program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
    }

    private var secrets: [String] {
        get throws {
            try ["pin", "qpin", "puk"].map { name in
                try SimulatedDevice.secret(name, of: device.path).trimmingCharacters(in: .newlines)
            }
        }
    }

    private func check(_ shown: String, _ name: String, _ screen: Screen) throws {
        try Transcript.check(shown, "\(name).\(screen.language).\(screen.columns)", hiding: try secrets)
    }

    @Test(arguments: screens) func `the wizard, with help, a step back and a wrong number, and the installation`(
        screen: Screen
    ) async throws {
        let qpin = try SimulatedDevice.secret("qpin", of: device.path).trimmingCharacters(in: .newlines) + "\n"
        let words =
            screen.isCzech
            ? (
                type: "Typ certifikátu [1]", whom: "Pro koho [1]", name: "Vaše jméno [",
                kept: "Vaše jméno [Žofie Příšerná]", mail: "E-mail ["
            )
            : (
                type: "Type of certificate [1]", whom: "For whom [1]", name: "Your name [",
                kept: "Your name [Žofie Příšerná]", mail: "E-mail ["
            )
        let more =
            screen.isCzech
            ? (phone: "Mobilní telefon [", send: "odeslat žádost? [A/n]", qpin: "Podpisový PIN", accept: "později:")
            : (phone: "Mobile phone [", send: "send the request? [Y/n]", qpin: "Signature PIN", accept: "ater:")
        let conversation = try Conversation(
            program,
            ["new", "--lang", screen.language],
            columns: screen.columns,
            [
                (words.type, "?\n"), (words.type, "7\n"), (words.type, "\n"), (words.whom, "\n"), (words.name, "<\n"),
                (words.whom, "1\n"), (words.name, "Žofie  Příšerná\n"), (words.mail, "<\n"), (words.kept, "\n"),
                (words.mail, "zofie@příklad.cz\n"),
                (words.mail, "zofie@example.cz\n"), (more.phone, "12\n"), (more.phone, "777 123 456\n"),
                (more.send, "<\n"), (more.phone, "-\n"), (more.send, "<\n"),
                (more.phone, "601 234 567\n"),
                (more.send, "\n"), (more.qpin, qpin),
            ]
        )
        let begun = try await conversation.run()
        #expect(begun.status == 0)
        try check(begun.shown, "new", screen)
        let installing = try Conversation(
            program,
            ["install", "--lang", screen.language],
            columns: screen.columns,
            [(more.accept, "?\n"), (more.accept, screen.isCzech ? "p\n" : "a\n"), (more.qpin, qpin)]
        )
        let installed = try await installing.run()
        #expect(installed.status == 0)
        try check(installed.shown, "install", screen)
    }

    @Test(arguments: screens) func `a wrong PIN, the end of input and Ctrl-C`(screen: Screen) async throws {
        let flags = ["new", "--type", "commercial", "--yes", "--lang", screen.language]
        let wrong = try await Conversation(program, flags, columns: screen.columns, [("PIN,", "987654\n")]).run()
        #expect(wrong.status == 77)
        try Transcript.check(wrong.shown, "wrong-pin.\(screen.language).\(screen.columns)", hiding: ["987654"])
        let interrupted = try await Conversation(program, flags, columns: screen.columns, [("PIN,", "\u{3}")]).run()
        #expect(interrupted.status == 130)
        try check(interrupted.shown, "interrupted", screen)
        let question = screen.isCzech ? "Typ certifikátu [1]" : "Type of certificate [1]"
        let asking = ["new", "--lang", screen.language]
        let ended = try await Conversation(program, asking, columns: screen.columns, [(question, "\u{4}")]).run()
        #expect(ended.status == 75)
        try check(ended.shown, "end-of-input", screen)
        #expect((try await program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)
        #expect(try device.count(of: "C_Login") == 1)
    }

    @Test(arguments: screens) func `a certificate that is rejected with a reason`(screen: Screen) async throws {
        let secret = "file:\(device.path)/secrets/pin"
        let begun = try await program.run("new", "--type", "commercial", "--yes", "--no-input", "--pin-from", secret)
        #expect(begun.status == 0, "\(begun.errorText)")
        let words =
            screen.isCzech ? ("později:", "o\n", "Co je na něm špatně?") : ("ater:", "r\n", "What is wrong with it?")
        let rejecting = try Conversation(
            program,
            ["install", "--lang", screen.language],
            columns: screen.columns,
            [(words.0, words.1), (words.2, screen.isCzech ? "Jiné jméno\n" : "Another name\n")]
        )
        let rejected = try await rejecting.run()
        #expect(rejected.status == 0)
        try check(rejected.shown, "reject", screen)
    }
}
