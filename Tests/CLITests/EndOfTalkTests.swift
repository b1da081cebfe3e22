// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// People who leave in the middle: the input ends, the window is closed, its size changes. Nothing is begun by that.
@Suite struct EndOfTalkTests {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program

    init() async throws {
        ca = try RunningCA("--auto-approve", "0")
        device = try await SimulatedDevice.provision()
        program = try Program(on: device)
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
    }

    /// The wizard's questions for a commercial certificate, with an answer that goes on.
    private static let questions = [
        ("Type of certificate", "2\n"), ("For whom", "\n"), ("Your name", "\n"), ("E-mail", "\n"),
        ("Mobile phone", "\n"), ("Token [1]", "\n"), ("[Y/n]", "\n"), ("PIN,", ""),
    ]

    private func requireNothingBegun() async throws {
        #expect((try await program.run("requests", "--json").document()["requests"] as? [Any])?.isEmpty == true)
        #expect(try device.count(of: "C_GenerateKeyPair") == 0 && device.count(of: "C_Login") == 0)
    }

    @Test func `the input may end at every question, and nothing is begun`() async throws {
        for index in Self.questions.indices {
            let steps = Array(Self.questions.prefix(index)) + [(Self.questions[index].0, "\u{4}")]
            let talk = try await Conversation(program, ["new", "--lang", "en"], columns: 80, steps).run()
            #expect(talk.status == 75, "\(Self.questions[index].0): \(talk.shown)")
            #expect(talk.shown.contains("nothing is lost"))
        }
        try await requireNothingBegun()
    }

    @Test func `after Ctrl-C at a question the error begins a line of its own`() async throws {
        for index in [0, 5, 6] {
            let steps = Array(Self.questions.prefix(index)) + [(Self.questions[index].0, "\u{3}")]
            let talk = try await Conversation(program, ["new", "--lang", "en"], columns: 80, steps).run()
            #expect(talk.status == 130)
            let line = talk.shown.split(separator: "\n").first { $0.contains("error: interrupted") }
            #expect(line?.hasPrefix("isignum:") == true, "\(talk.shown)")
        }
        try await requireNothingBegun()
    }

    @Test func `the terminal may be closed at every question, and nothing is begun`() async throws {
        for index in [0, 5, 7] {
            let steps = Self.questions.prefix(index).map { Conversation.Step(expect: $0.0, send: $0.1) }
            let last = Conversation.Step(expect: Self.questions[index].0, hangUp: true)
            let talk = try await Conversation(program, ["new", "--lang", "en"], columns: 80, steps: steps + [last])
                .run()
            #expect(talk.status == 128 + SIGHUP, "\(talk.shown)")
        }
        try await requireNothingBegun()
    }

    @Test func `what is asked after the window became narrower fits into it`() async throws {
        let steps: [Conversation.Step] = [
            .init(expect: "Type of certificate", send: "?\n"),
            .init(expect: "Type of certificate", send: "?\n", columns: 40),
            .init(expect: "Type of certificate", send: "\u{4}"),
        ]
        let talk = try await Conversation(program, ["new", "--lang", "en"], columns: 120, steps: steps).run()
        let helps = talk.shown.components(separatedBy: ": ?\n").dropFirst()
        let widths = helps.map { $0.split(separator: "\n").map(\.count).max() ?? 0 }
        #expect(widths.count == 2 && (widths.first ?? 0) > 60 && (widths.last ?? 99) <= 40, "\(widths)")
    }

    @Test func `answers that are none are asked for again, whatever they are`() async throws {
        let long = String(repeating: "ž", count: 2_000)
        let steps = [
            ("Type of certificate", "qualified\n"), ("Type of certificate", "-1\n"),
            ("Type of certificate", "99999999999999999999\n"), ("Type of certificate", "\u{1B}[A\n"),
            ("Type of certificate", "1\n"), ("For whom", "2\n"), ("Your name", long + "\n"),
            ("Your name", "Jana\u{1B}[2J\n"), ("Your name", "Jana Malá\n"), ("E-mail", "žofie@příklad.cz\n"),
            ("E-mail", "jana\n"), ("E-mail", "jana@example.cz\n"), ("Mobile phone", "zavolejte mi\n"),
            ("Mobile phone", "+420 601 234 56x\n"), ("Mobile phone", "(+420) 601-234-567\n"), ("[Y/n]", "maybe\n"),
            ("[Y/n]", "n\n"),
        ]
        let talk = try await Conversation(program, ["new", "--lang", "en"], columns: 100, steps).run()
        #expect(talk.status == 75)
        #expect(talk.shown.contains("Phone:   +420601234567"))
        #expect(!talk.shown.contains("\u{1B}[2J"))
        try await requireNothingBegun()
    }
}
