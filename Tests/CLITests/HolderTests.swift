// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A certificate whose holder is called otherwise than was asked for: a person decides, nobody else.
@Suite struct HolderTests {
    let user: TokenUser

    init() async throws { user = try await TokenUser(approvedAtOnce: false) }

    /// A request whose certificate the branch issued under another name.
    private func issued(as name: String = "Jan Vzorek", asking: String = "Ing. Jan Vzorek") async throws -> String {
        let id = try await user.request(name: asking)
        try await user.ca.operate("approve", id, "--name", name)
        return id
    }

    private func labels() async throws -> [String] {
        try await user.certificates().compactMap { $0["label"] as? String }
    }

    @Test func `a script has to say that it takes another spelling, and asks the CA no second time`() async throws {
        let id = try await issued()
        for flags in [["--accept"], ["--yes"], ["--accept", "--yes"]] {
            let refused = try await user.program.run(["install", id] + flags + user.secrets)
            #expect(refused.status == 65, "\(refused.errorText)")
            let failure = try refused.document()["error"] as? [String: Any]
            #expect(failure?["code"] as? String == "certificate_holder_differs")
            #expect((failure?["hint"] as? String)?.contains("--accept-name") == true)
            let differences = try refused.document()["differences"] as? [[String: Any]]
            #expect(differences?.map { $0["kind"] as? String } == ["name"])
            #expect(differences?.first?["requested"] as? String == "Ing. Jan Vzorek")
            #expect(differences?.first?["issued"] as? [String] == ["Jan Vzorek"])
        }
        let undecided = try await user.run("install", id, "--accept-name")
        #expect(undecided.status == 64, "\(undecided.errorText)")
        let check = try await user.run("check", id)
        #expect(check.status == 0)
        #expect(try check.document()["status"] as? String == "issued")
        #expect(try (check.document()["differences"] as? [[String: Any]])?.count == 1)
        #expect(try (check.document()["checked"] as? [String])?.contains("name") == false)
        let text = try await user.program.run("requests", id, "--lang", "en")
        #expect(text.outputText.contains("it is for Jan Vzorek; it was asked for Ing. Jan Vzorek"))
        let asked = try user.ca.exchanges().count { $0.contains("/certificate ") }
        #expect(asked == 1)
        let installed = try await user.run("install", id, "--accept", "--accept-name")
        #expect(installed.status == 0, "\(installed.errorText)")
        #expect(try installed.document()["status"] as? String == "installed")
        #expect(try user.ca.exchanges().count { $0.contains("/certificate ") } == asked)
        #expect(try await user.certificates().map { $0["commonName"] as? String } == ["Jan Vzorek"])
    }

    @Test func `a wholly different person is told in words, and can be rejected`() async throws {
        let id = try await issued(as: "Eva Malá", asking: "Jan Vzorek")
        let refused = try await user.run("install", id, "--accept")
        #expect(refused.status == 65)
        #expect(refused.errorText.contains("somebody else: Eva Malá"), "\(refused.errorText)")
        let rejected = try await user.run("install", id, "--reject", "that is not me")
        #expect(rejected.status == 0, "\(rejected.errorText)")
        #expect(try rejected.document()["status"] as? String == "rejected")
        #expect(try await user.certificates().isEmpty)
    }

    @Test func `import takes the same flag`() async throws {
        let id = try await issued()
        let file = user.file("leaf.pem")
        let text = try await user.ca.operate("certificate", id)
        let document = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        let base64 = try #require(document?["certificate"] as? String)
        let der = try #require(Data(base64Encoded: base64))
        let lines = der.base64EncodedString(options: [.lineLength64Characters])
        let issuer = try String(contentsOfFile: user.ca.issuerFile("public"), encoding: .utf8)
        try Data("-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n\(issuer)\n".utf8)
            .write(to: URL(fileURLWithPath: file))
        let refused = try await user.run("import", file, "--yes")
        #expect(refused.status == 65, "\(refused.errorText)")
        #expect(try refused.failure()["code"] == "certificate_holder_differs")
        #expect(try await user.certificates().isEmpty)
        let imported = try await user.run("import", file, "--yes", "--accept-name")
        #expect(imported.status == 0, "\(imported.errorText)")
        #expect(
            try imported.document()["checked"] as? [String] == [
                "key", "chain", "validity", "strength", "usage", "type", "marker",
            ]
        )
    }

    @Test func `resume takes the flag too`() async throws {
        let id = try await issued()
        #expect(try await user.run("resume", id, "--accept").status == 65)
        let resumed = try await user.run("resume", "--accept", "--accept-name")
        #expect(resumed.status == 0, "\(resumed.errorText)")
        #expect(try await user.certificates().count == 1)
    }

    @Test func `new and renew want the flag with --wait only`() async throws {
        for command in ["new", "renew"] {
            let outcome = try await user.program.run([command, "--accept-name", "--no-input"])
            #expect(outcome.status == 64, "\(command)")
        }
    }

    @Test(arguments: [("en", "[y/N]", "y", "[l]ater:"), ("cs", "[a/N]", "a", "později:")])
    func `a person is shown both and asked, and no is what Enter means`(
        language: String,
        question: String,
        yes: String,
        decision: String
    ) async throws {
        let id = try await issued()
        let pin = "--pin-from", file = "file:\(user.device.path)/secrets/pin"
        let arguments = ["install", id, "--accept", "--lang", language, pin, file]
        let declining = try await Conversation(
            user.program,
            arguments,
            columns: 100,
            [(question, "\n"), (decision, language == "en" ? "l\n" : "n\n")]
        ).run()
        #expect(declining.status == 75, "\(declining.shown)")
        let words = language == "en" ? "it is for Jan Vzorek; it was asked for" : "je pro Jan Vzorek; žádalo se pro"
        #expect(declining.shown.contains(words), "\(declining.shown)")
        // What differs stands first on the page.
        let difference = try #require(declining.shown.range(of: words))
        let serial = try #require(declining.shown.range(of: language == "en" ? "Serial number:" : "Sériové číslo:"))
        #expect(difference.lowerBound < serial.lowerBound)
        #expect(try await user.certificates().isEmpty)
        let agreeing = try await Conversation(user.program, arguments, columns: 100, [(question, yes + "\n")]).run()
        #expect(agreeing.status == 0, "\(agreeing.shown)")
        #expect(try await user.certificates().count == 1)
    }

    @Test func `the page shows every address and what the key is for`() async throws {
        let outcome = try await user.run(
            "new",
            "--type",
            "commercial",
            "--name",
            "Jan Vzorek",
            "--email",
            "jan@example.cz"
        )
        let id = try #require(try outcome.document()["id"] as? String)
        try await user.ca.operate("fault", "certificate:1 certificate second-address")
        try await user.ca.operate("approve", id)
        let page = try await Conversation(
            user.program,
            ["install", id, "--lang", "en"],
            columns: 100,
            [("[y/N]", "n\n"), ("[l]ater:", "l\n")]
        ).run()
        #expect(page.status == 75, "\(page.shown)")
        for text in [
            "it is for the e-mail evil@example.cz; it was asked for jan@example.cz", "jan@example.cz, evil@example.cz",
            "Key usage:", "signatures, encryption of keys", "logging in (TLS client), e-mail", "Mock Public CA",
        ] { #expect(page.shown.contains(text), "\(text) is missing: \(page.shown)") }
    }

    @Test func `control characters of a name reach neither terminal nor token`() async throws {
        let id = try await user.request()
        try await user.ca.operate("fault", "certificate:1 certificate control-characters")
        try await user.ca.operate("approve", id)
        let refused = try await user.run("install", id, "--accept")
        #expect(refused.status == 65, "\(refused.errorText)")
        let differences = try refused.document()["differences"] as? [[String: Any]]
        #expect(differences?.contains { $0["kind"] as? String == "unprintable" } == true)
        let installed = try await user.run("install", id, "--accept", "--accept-name")
        #expect(installed.status == 0, "\(installed.errorText)")
        for text in [refused.outputText, refused.errorText, installed.outputText, installed.errorText] {
            #expect(!text.unicodeScalars.contains { ["\u{1B}", "\u{7}"].contains($0) })
        }
        for label in try await labels() {
            #expect(
                label.unicodeScalars.count <= 64
                    && label.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
            )
        }
    }
}
