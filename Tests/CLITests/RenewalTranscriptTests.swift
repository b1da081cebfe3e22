// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The wizard of `renew`, from one token onto another.
@Suite struct RenewalTranscriptTests {
    static let pin = "739104"
    let ca: RunningCA
    let program: Program
    private let tokens: SoftHSM

    init() async throws {
        ca = try RunningCA("--auto-approve", "0")
        tokens = try await SoftHSM.provision([
            SoftHSM.Token(label: "Old", pin: Self.pin), SoftHSM.Token(label: "New", pin: Self.pin),
        ])
        var program = try Program()
        program.environment = SoftHSM.environment(of: tokens.path)
        try program.configure("modules = [\"\(SoftHSM.bareModule)\"]\n" + ca.configuration)
        self.program = program
        try Data(Self.pin.utf8).write(to: program.home.file("pin"))
        let first = try await run(
            "new",
            "--type",
            "commercial",
            "--name",
            "Jana Malá",
            "--token",
            "Old",
            "--wait=1",
            "--accept"
        )
        try #require(first.status == 0, "\(first.errorText)")
    }

    private func run(_ arguments: String...) async throws -> ChildProcess.Outcome { try await run(arguments) }

    private func run(_ arguments: [String]) async throws -> ChildProcess.Outcome {
        let secret = "file:\(program.home.file("pin").path)"
        return try await program.run(arguments + ["--json", "--no-input", "--pin-from", secret])
    }

    /// The tokens by label, with how many certificates each holds.
    private func held() async throws -> [(label: String, certificates: Int)] {
        let tokens = try await program.run("list", "--json").document()["tokens"] as? [[String: Any]] ?? []
        return tokens.map { ($0["label"] as? String ?? "", ($0["certificates"] as? [Any])?.count ?? 0) }
    }

    @Test(arguments: TranscriptTests.screens)
    func `with help, a step back and a voucher, onto the other token`(screen: TranscriptTests.Screen) async throws {
        try await ca.operate("voucher", "SLEVA-2026")
        let term = screen.isCzech ? "Na jak dlouho [1]" : "For how long [1]"
        let kept = screen.isCzech ? "Na jak dlouho [2]" : "For how long [2]"
        let voucher = screen.isCzech ? "Poukázka [" : "Voucher ["
        let send = screen.isCzech ? "odeslat žádost o obnovu? [A/n]" : "send the order? [Y/n]"
        let talk = try await Conversation(
            program,
            ["renew", "--lang", screen.language, "--token", "New"],
            columns: screen.columns,
            [
                (term, "?\n"), (term, "2\n"), (voucher, "<\n"), (kept, "1\n"), (voucher, "?\n"),
                (voucher, "SLEVA-2026\n"), (send, "?\n"), (send, "\n"), ("PIN,", Self.pin + "\n"),
                ("PIN,", Self.pin + "\n"),
            ]
        ).run()
        #expect(talk.status == 0, "\(talk.shown)")
        try Transcript.check(talk.shown, "renew.\(screen.language).\(screen.columns)", hiding: [Self.pin])
        let installed = try await run("install", "--accept")
        #expect(installed.status == 0, "\(installed.outputText) \(installed.errorText)")
        #expect(try await held().allSatisfy { $0.certificates == 1 })
        let renewal = try installed.document()["renewal"] as? [String: Any]
        #expect(renewal?["voucher"] as? Bool == true)
    }

    @Test func `the token of the old key is preset, another one is a number, and no ends it`() async throws {
        let labels = try await held().map(\.label)
        let preset = try #require(labels.firstIndex(of: "Old")) + 1
        let other = try #require(labels.firstIndex(of: "New")) + 1
        let talk = try await Conversation(
            program,
            ["renew", "--multi-year", "--voucher", "X", "--lang", "en"],
            columns: 100,
            [
                ("is to live [\(preset)]", "\(other)\n"), ("[Y/n]", "<\n"), ("is to live [\(other)]", "\n"),
                ("[Y/n]", "n\n"),
            ]
        ).run()
        #expect(talk.status == 75)
        #expect(talk.shown.contains("several years (1,115 days)"))
        // The command without questions has all that this one was given; the key's kind was shown before.
        let given = ["--old-pin-from", "pinentry", "--wait=1", "--accept", "--lang", "en"]
        let willing = try await Conversation(
            program,
            ["renew", "--token", "New"] + given,
            columns: 120,
            [("For how long", "\n"), ("Voucher", "\n"), ("[Y/n]", "\n"), ("PIN,", "\u{04}")]
        ).run()
        #expect(willing.status == 75, "\(willing.shown)")
        #expect(willing.shown.contains("--old-pin-from pinentry --wait 1 --accept --yes"), "\(willing.shown)")
        #expect(willing.shown.contains("New key:     rsa2048, New ("), "\(willing.shown)")
        #expect(try await program.run("requests", "--json").document().description.contains("renewal") == false)
    }

    @Test func `begun on one token and wanted on another, it is given up on the first`() async throws {
        let early = try await run("renew", "--voucher", "NENÍ")
        #expect(try early.failure()["code"] == "voucher_invalid")
        let renewal = ["renew", "--token", "New", "--wait=1", "--accept", "--verbose"]
        // Which token the PIN is meant for was said; the other one is not tried with it.
        let guess = try await run(renewal)
        #expect(guess.status == 64)
        #expect(try guess.failure()["message"]?.contains("--old-pin-from") == true)
        let moved = try await run(renewal + ["--old-pin-from", "file:\(program.home.file("pin").path)"])
        #expect(moved.status == 0, "\(moved.outputText) \(moved.errorText)")
        #expect(moved.errorText.contains("is given up"))
        let requests = try await program.run("requests", "--json").document()["requests"] as? [[String: Any]] ?? []
        #expect(requests.compactMap { $0["status"] as? String } == ["installed", "withdrawn", "installed"])
        // The key that was left is nobody's now, and goes with the usual question.
        let cleaned = try await run("clean", "--expert", "--unpaired-keys", "--token", "Old", "--yes")
        #expect(cleaned.status == 0, "\(cleaned.outputText) \(cleaned.errorText)")
        #expect((try cleaned.document()["removed"] as? [Any])?.count == 1)
    }

    @Test func `what the software store holds moves to a token, each with its own secret`() async throws {
        let password = program.home.file("password")
        try Data("heslo k databázi\n".utf8).write(to: password)
        let first = ["new", "--type", "commercial", "--name", "Eva Nová", "--software-store", "--wait=1", "--accept"]
        let made = try await program.run(first + ["--json", "--no-input", "--pin-from", "file:\(password.path)"])
        try #require(made.status == 0, "\(made.outputText) \(made.errorText)")
        let certificate = try #require(try made.document()["certificate"] as? [String: Any])
        let number = try #require(certificate["serialNumberHex"] as? String)
        let renewal = ["renew", number, "--token", "New", "--wait=1", "--accept"]
        for (others, code) in [
            (["--software-store", "--old-pin-from", "file:\(password.path)"], "usage"), ([], "answers_missing"),
            (["--old-pin-from", "file:\(program.home.file("pin").path)"], "pin_wrong"),
        ] {
            let refused = try await run(renewal + others)
            #expect(refused.status == (code == "pin_wrong" ? 77 : 64), "\(refused.outputText)")
            #expect(try refused.failure()["code"] == code)
        }
        // The new key is there; only the old one's secret is needed now, and no other is tried on it.
        let requests = try await program.run("requests", "--json").document()["requests"] as? [[String: Any]]
        #expect(requests?.first?["status"] as? String == "csr-signed")
        let guess = try await run("resume", "--accept")
        #expect(try guess.failure()["message"]?.contains("--old-pin-from") == true)
        let moved = try await run("resume", "--accept", "--old-pin-from", "file:\(password.path)")
        #expect(moved.status == 0, "\(moved.outputText) \(moved.errorText)")
        #expect(try await held().first { $0.label == "New" }?.certificates == 1)
    }
}
