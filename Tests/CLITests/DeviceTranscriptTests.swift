// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What a person sees when secrets are changed, unblocked and returned, on a real pseudo-terminal.
@Suite struct DeviceTranscriptTests {
    let device: SimulatedDevice
    let program: Program

    init() async throws {
        device = try await SimulatedDevice.provision()
        program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n")
    }

    private func secret(_ name: String) throws -> String {
        try SimulatedDevice.secret(name, of: device.path).trimmingCharacters(in: .newlines)
    }

    private func talk(
        _ words: [String],
        _ screen: TranscriptTests.Screen,
        _ steps: [(String, String)],
        terminal: String = "dumb"
    ) async throws -> Conversation.Outcome {
        let arguments = ["device"] + words + ["--lang", screen.language]
        return try await Conversation(program, arguments, columns: screen.columns, terminal: terminal, steps).run()
    }

    private func check(_ shown: String, _ name: String, _ screen: TranscriptTests.Screen, typed: [String]) throws {
        try Transcript.check(shown, "\(name).\(screen.language).\(screen.columns)", hiding: typed)
    }

    @Test(arguments: ["cs", "en"]) func `what is said of devices fits a narrow terminal`(language: String) async throws
    {
        var program = program
        program.environment["PCSCLITE_CSOCK_NAME"] = "/nonexistent/pcscd.comm"
        for words in [["list"], ["info"], ["list", "--module", "/nonexistent/libvendor.so"]] {
            let arguments = ["device"] + words + ["--lang", language]
            let talk = try await Conversation(program, arguments, columns: 60, [(String, String)]()).run()
            #expect(talk.status == 0)
            // The path of a module is one word, which may be copied.
            for line in talk.shown.split(separator: "\n") where !line.contains(".build/") {
                #expect(line.count <= 60, "\(line)")
            }
        }
    }

    @Test(arguments: TranscriptTests.screens) func `a PIN is changed after a poor value and a slip`(
        screen: TranscriptTests.Screen
    ) async throws {
        let (new, again) = screen.isCzech ? ("Nový PIN,", "ještě jednou") : ("New PIN,", "once more")
        let old = try secret("pin")
        let done = try await talk(
            ["pin"],
            screen,
            [
                ("PIN,", old + "\n"), (new, "24121987\n"), (new, "640283\n"), (again, "640284\n"), (new, old + "\n"),
                (again, old + "\n"), (new, "640283\n"), (again, "640283\n"),
            ]
        )
        #expect(done.status == 0)
        try check(done.shown, "device-pin", screen, typed: [old, "24121987", "640283", "640284"])
        #expect(try device.count(of: "C_SetPIN") == 1)
    }

    @Test(arguments: TranscriptTests.screens) func `a blocked signature PIN is unblocked after a wrong PUK`(
        screen: TranscriptTests.Screen
    ) async throws {
        let (new, again) = screen.isCzech ? ("Nový podpisový PIN", "ještě jednou") : ("New signature PIN", "once more")
        let old = screen.isCzech ? "Podpisový PIN (QPIN)," : "Signature PIN (QPIN),"
        for _ in 0..<3 {
            let steps = [(old, "99887766\n"), (new, "5813064\n"), (again, "5813064\n")]
            #expect(try await talk(["qpin", "--last-try"], screen, steps).status == 77)
        }
        let blocked = try await talk(["qpin"], screen, [])
        #expect(blocked.status == 77)
        try check(blocked.shown, "device-blocked", screen, typed: ["99887766"])
        let wrong = try await talk(
            ["unblock", "qpin"],
            screen,
            [("PUK,", "99887766\n"), (new, "5813064\n"), (again, "5813064\n")]
        )
        #expect(wrong.status == 77)
        try check(wrong.shown, "device-wrong-puk", screen, typed: ["99887766", "5813064"])
        let puk = try secret("puk")
        let right = try await talk(
            ["unblock", "qpin"],
            screen,
            [("PUK,", puk + "\n"), (new, "5813064\n"), (again, "5813064\n")]
        )
        #expect(right.status == 0)
        try check(right.shown, "device-unblock", screen, typed: [puk, "5813064"])
    }

    @Test(arguments: TranscriptTests.screens) func `a reset wants the serial number, and Ctrl-C leaves all as it was`(
        screen: TranscriptTests.Screen
    ) async throws {
        let question = screen.isCzech ? "sériové číslo (" : "serial number ("
        let other = try await talk(["reset"], screen, [(question, "C6B6\n")])
        #expect(other.status == 64)
        let left = try await talk(["reset"], screen, [(question, "\u{3}")])
        #expect(left.status == 130)
        #expect(try device.count(of: "C_Login") == 0)
        let puk = try secret("puk")
        let done = try await talk(["reset"], screen, [(question, "c6b67b431db714b4\n"), ("PUK,", puk + "\n")])
        #expect(done.status == 0)
        try check(done.shown, "device-reset", screen, typed: [puk])
    }

    @Test(arguments: [100, 60])
    func `while a new value is typed the terminal says whether its length will do, and not how long it is`(
        columns: Int
    ) async throws {
        let screen = TranscriptTests.Screen(language: "en", columns: columns)
        let old = try secret("pin")
        // Two characters too many are taken back, and a line is begun anew.
        let typed = "99\u{15}64028399999999999\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\u{7F}\n"
        let done = try await talk(
            ["pin"],
            screen,
            [("PIN,", old + "\n"), ("New PIN,", typed), ("once more", "640283\n")],
            terminal: "xterm"
        )
        #expect(done.status == 0, "\(done.shown)")
        // Each verdict once for each time that it changes, whatever was typed in between.
        let verdicts = done.shown.matches(of: /\((too short|long enough|too long)\)/).map { String($0.1) }
        #expect(verdicts == ["too short", "long enough", "too long", "long enough"])
        for secret in [old, "640283"] { #expect(!done.shown.contains(secret)) }
        #expect(try device.count(of: "C_SetPIN") == 1)
    }
}
