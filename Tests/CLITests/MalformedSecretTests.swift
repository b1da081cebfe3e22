// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Secrets as editors and clipboards leave them: refused before the device hears of them, and no try is spent.
@Suite struct MalformedSecretTests {
    let user: TokenUser

    init() async throws { user = try await TokenUser() }

    /// A secret of the device in a file, with something around it.
    private func file(_ name: String, _ secret: String, _ change: (String) -> Data) throws -> String {
        let text = try SimulatedDevice.secret(secret, of: user.device.path).trimmingCharacters(in: .newlines)
        let file = user.program.home.file(name)
        try change(text).write(to: file)
        chmod(file.path, 0o600)
        return "file:\(file.path)"
    }

    private static func marked(_ text: String) -> Data { Data([0xEF, 0xBB, 0xBF]) + Data((text + "\r\n").utf8) }
    private static func wide(_ text: String) -> Data { text.data(using: .utf16LittleEndian) ?? Data() }
    private static func blank(_ text: String) -> Data { Data((text + " \n").utf8) }

    private func expect(_ code: String, _ outcome: ChildProcess.Outcome, without value: String) throws {
        #expect(outcome.status == 65, "\(outcome.errorText)")
        #expect(try outcome.failure()["code"] == code)
        #expect(!outcome.errorText.contains(value) && !outcome.outputText.contains(value))
    }

    @Test func `no PIN, QPIN or PUK with a mark, in UTF-16 or with a blank reaches the device`() async throws {
        let pin = try SimulatedDevice.secret("pin", of: user.device.path).trimmingCharacters(in: .newlines)
        let new = ["new", "--json", "--no-input", "--name", "Jan Žižka", "--type"]
        for (index, change) in [Self.marked, Self.wide, Self.blank].enumerated() {
            let source = try file("pin\(index)", "pin", change)
            let outcome = try await user.program.run(new + ["commercial", "--pin-from", source])
            try expect("pin_malformed", outcome, without: pin)
            #expect(try outcome.failure()["message"]?.contains("/pin\(index)") == true)
            #expect(try outcome.failure()["hint"]?.contains("no try was used") == true)
        }
        let qpin = try await user.program.run(new + ["qualified", "--qpin-from", try file("q", "qpin", Self.marked)])
        try expect("qpin_malformed", qpin, without: pin)
        let puk = try await user.program.run([
            "device", "unblock", "pin", "--json", "--no-input", "--puk-from", try file("puk", "puk", Self.marked),
            "--new-pin-from", try file("n", "pin") { Data("\($0)7\n".utf8) },
        ])
        try expect("puk_malformed", puk, without: pin)
        let change = try await user.program.run([
            "device", "pin", "--json", "--no-input", "--pin-from", try file("old", "pin") { Data("\($0)\n".utf8) },
            "--new-pin-from", try file("next", "pin") { Data("\($0)93 \n".utf8) },
        ])
        try expect("pin_malformed", change, without: pin)
        #expect(try user.device.count(of: "C_Login") == 0)
        // Nothing was begun that a later run would go on with.
        let requests = try await user.program.run("requests", "--json").document()["requests"] as? [Any]
        #expect(requests?.isEmpty == true)
    }

    @Test func `the password of a file is told by its flaw, not called wrong`() async throws {
        let password = user.program.home.file("password")
        try Self.marked("tajné heslo").write(to: password)
        chmod(password.path, 0o600)
        try await ChildProcess.output(
            of: "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=Eva",
                "-keyout", user.file("k.pem"), "-out", user.file("c.pem"),
            ]
        )
        try await ChildProcess.output(
            of: "openssl",
            [
                "pkcs12", "-export", "-inkey", user.file("k.pem"), "-in", user.file("c.pem"), "-out",
                user.file("k.p12"),
                "-passout", "pass:tajné heslo",
            ]
        )
        let outcome = try await user.run(
            "import-key",
            user.file("k.p12"),
            "--yes",
            "--password-from",
            "file:\(password.path)"
        )
        try expect("password_malformed", outcome, without: "heslo")
        #expect(try outcome.failure()["hint"]?.contains("without") == true)
    }

    @Test func `a control character that was typed spends no try`() async throws {
        let talk = try Conversation(
            user.program,
            ["new", "--type", "commercial", "--lang", "en", "--yes", "--name", "Jan", "--email", "j@example.cz"],
            columns: 100,
            [("– to generate the key", "48\u{1}29\n")]
        )
        let outcome = try await talk.run()
        #expect(outcome.status == 65, "\(outcome.shown)")
        #expect(outcome.shown.contains("what was typed holds a control character"))
        #expect(try user.device.count(of: "C_Login") == 0)
    }
}
