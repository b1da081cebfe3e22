// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// One user with a card, whose card, reader or service is taken away once and who then carries on. Secrets come from a
/// pinentry program that writes each question down, calls of the module from OpenSC's spy, APDUs from the card's log.
struct CardUser {
    let card: CardStack
    let ca: RunningCA
    let program: Program
    let type: String
    /// What the card was told while it was made.
    private let numbered: [CardStack.Exchange]

    init(with ca: RunningCA, type: String = "commercial") async throws {
        self.ca = ca
        self.type = type
        card = try await CardStack()
        var program = try Program()
        let spy = "\(card.path)/opensc-pkcs11.so"
        try FileManager.default.createSymbolicLink(atPath: spy, withDestinationPath: SoftHSM.loggingModule)
        program.environment = card.environment.merging([
            "PKCS11SPY": try card.module(), "PKCS11SPY_OUTPUT": "\(card.path)/calls",
            "PATH": "\(card.path)/bin:\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")",
        ]) { $1 }
        self.program = program
        try program.configure("modules = [\"\(spy)\"]\n" + ca.configuration)
        try Self.installPinentry(in: card.path)
        numbered = try card.exchanges()
        try card.forget()
    }

    let secrets = ["--json", "--no-input", "--pin-from", "pinentry", "--qpin-from", "pinentry"]

    var beginning: [String] { ["new", "--type", type, "--name", "Jan Žižka"] + secrets }
    var inOneGo: [String] { beginning + ["--wait=1", "--accept"] }
    func installing(_ id: String) -> [String] { ["install", id, "--accept"] + secrets }

    /// A pinentry program that knows the secrets of the card and notes each time that it was asked.
    private static func installPinentry(in folder: String) throws {
        let file = "\(folder)/bin/pinentry"
        try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
        let script = """
            #!/bin/sh
            echo OK
            while read -r word rest; do
                case $word in
                    SETPROMPT) kind=$(echo "$rest" | tr '[:upper:]' '[:lower:]'); echo OK ;;
                    GETPIN) echo "$kind" >> '\(folder)/typed'; printf 'D %s\\nOK\\n' "$(cat '\(folder)'/secrets/"$kind")" ;;
                    BYE) echo OK; exit ;;
                    *) echo OK ;;
                esac
            done
            """
        try Data(script.utf8).write(to: URL(fileURLWithPath: file))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file)
    }

    private func lines(of name: String) throws -> [Substring] {
        let file = "\(card.path)/\(name)"
        guard FileManager.default.fileExists(atPath: file) else { return [] }
        return String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self).split(separator: "\n")
    }

    /// How often a secret was typed.
    func typings() throws -> Int { try lines(of: "typed").count }

    /// How often the module was given a secret.
    func logins() throws -> Int { try lines(of: "calls").count { $0.hasSuffix(": C_Login") } }

    /// Has something happen at an APDU, counted from now.
    func setFault(at apdu: Int, _ action: String) throws {
        let last = try (card.exchanges().last ?? numbered.last)?.number ?? 0
        try CardStack.setFault("at \(last + apdu) \(action)", of: card.path)
    }

    /// Has something happen at the next APDU with an instruction.
    func setFault(atInstruction instruction: String, _ action: String) throws {
        let known = try (numbered + card.exchanges()).count { $0.instruction == instruction }
        try CardStack.setFault("ins \(instruction) \(known + 1) \(action)", of: card.path)
    }

    /// Whether the card was pulled by a fault; it is pushed in again and the fault taken back.
    func pushInAgain() async throws -> Bool {
        try CardStack.clearFault(of: card.path)
        guard try card.exchanges().contains(where: \.pulled) else { return false }
        try await CardStack.insert(card.path)
        return true
    }

    /// Does what a user does after an interruption until the certificate is installed.
    ///
    /// - Returns: the ID of the one request.
    @discardableResult
    func carryOn(comment: String) async throws -> String {
        for _ in 0..<3 {
            let known = try await requests()
            if known.first?["status"] as? String == "installed" { break }
            let arguments = known.isEmpty ? beginning : ["resume", "--accept"] + secrets
            let outcome = try await program.run(arguments)
            #expect([0, 75].contains(outcome.status), "\(comment): \(outcome.outputText) \(outcome.errorText)")
        }
        let requests = try await requests()
        try #require(requests.count == 1, "\(comment)")
        return try #require(requests[0]["id"] as? String)
    }

    func requests() async throws -> [[String: Any]] {
        let document = try await program.run("requests", "--json").document()
        return try #require(document["requests"] as? [[String: Any]])
    }

    /// Everything that must be true in the end.
    ///
    /// - Returns: what else is left on the card: halves of pairs and whole ones that nobody can use any more.
    func expectOneOfEach(_ id: String, comment: String) async throws -> Leftovers {
        let entry = try #require(try await requests().first)
        #expect(entry["status"] as? String == "installed", "\(comment): \(entry)")
        let document = try await program.run("list", "--json").document()
        let token = try #require((document["tokens"] as? [[String: Any]])?.first)
        let certificates = try #require(token["certificates"] as? [[String: Any]])
        #expect(certificates.count == 1, "\(comment): \(certificates)")
        #expect(certificates.first?["hasKey"] as? Bool == true, "\(comment)")
        let hash = try #require(entry["publicKeySHA256"] as? String)
        let list = try await ca.operate("list").split(separator: "\n")
        #expect(list.count { $0.contains(hash) } == 1, "\(comment)")
        #expect(list.contains { $0.contains(id) && $0.contains("\"accepted\"") }, "\(comment)")
        #expect(try logins() == typings(), "\(comment): a secret goes to the module once for each typing")
        return try await leftovers()
    }

    /// Halves of pairs, and whole ones that nobody uses.
    struct Leftovers { let privateKeys: Int, publicKeys: Int }

    /// What is on the card beside the one pair that is used.
    func leftovers() async throws -> Leftovers {
        let pin = try String(
            contentsOfFile: "\(card.path)/secrets/\(type == "qualified" ? "qpin" : "pin")",
            encoding: .utf8
        )
        let text = try await ChildProcess.output(
            of: "pkcs11-tool",
            [
                "--module", try card.module(), "--slot-index", type == "qualified" ? "1" : "0", "--login", "--pin",
                "env:CARD_PIN", "--list-objects",
            ],
            environment: card.environment.merging(["CARD_PIN": pin]) { $1 }
        )
        let objects = text.split(separator: "\n")
        return Leftovers(
            privateKeys: objects.count { $0.hasPrefix("Private Key Object") } - 1,
            publicKeys: objects.count { $0.hasPrefix("Public Key Object") } - 1
        )
    }

    /// What the card says to a process that gives no secret: whether the PIN counts as verified just now.
    func anybodyCanSign() async throws -> Bool { try await state(of: type == "qualified" ? 2 : 1) == 0x9000 }

    /// How often PIN and QPIN may still be tried, by the card's own counters. Nobody may be logged in.
    func triesLeft() async throws -> [Int] {
        var tries: [Int] = []
        for reference in 1...2 {
            let state = try await state(of: reference)
            #expect(state & 0xFFF0 == 0x63C0, "\(String(state, radix: 16))")
            tries.append(state & 15)
        }
        return tries
    }

    /// Another process that is connected to the card for as long as somebody has it.
    func connected() async throws -> RunningProcess {
        let explorer = try RunningProcess(
            "opensc-explorer",
            ["--mf", ""],
            environment: card.environment,
            input: .pipe,
            output: .pipe,
            errors: .pipe
        )
        // It greets when it has found the card.
        #expect(try await explorer.moreErrors().contains("Using reader"))
        return explorer
    }

    /// The status word of a VERIFY without data (ISO 7816-4, section 11.5.6), which uses no try.
    private func state(of reference: Int) async throws -> Int {
        let text = try await ChildProcess.output(
            of: "opensc-tool",
            ["--send-apdu", "0020000\(reference)"],
            environment: card.environment
        )
        let word = try #require(text.firstMatch(of: /SW1=0x(..), SW2=0x(..)/), "\(text)")
        return try #require(Int("\(word.1)\(word.2)", radix: 16))
    }
}
