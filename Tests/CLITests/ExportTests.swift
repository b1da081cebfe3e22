// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// What is on a token as a file, read by somebody else.
@Suite struct ExportTests {
    let user: TokenUser

    init() async throws {
        user = try await TokenUser()
        try await user.installed()
    }

    @Test func `a certificate is the same as PEM and as DER, and nobody is asked for a secret`() async throws {
        let logins = try user.device.count(of: "C_Login")
        let pem = try await user.program.run("export", "žižka")
        #expect(pem.status == 0, "\(pem.errorText)")
        let read = try await ChildProcess.output(
            of: "openssl",
            ["x509", "-noout", "-fingerprint", "-sha256"],
            input: pem.output
        )
        let file = user.file("certificate.der")
        let saved = try await user.program.run("export", "žižka", "--der", "-o", file, "--json")
        #expect(saved.status == 0, "\(saved.errorText)")
        let document = try saved.document()
        #expect(document["kind"] as? String == "certificate" && document["format"] as? String == "der")
        let hash = try #require(document["sha256"] as? String)
        #expect(read.lowercased().filter { $0 != ":" }.contains(hash))
        let der = try await ChildProcess.output(of: "openssl", ["x509", "-inform", "DER", "-in", file])
        #expect(der == pem.outputText)
        #expect(try user.device.count(of: "C_Login") == logins)
    }

    @Test func `a public key is the one of the request`() async throws {
        let outcome = try await user.program.run("export", "žižka", "--public-key", "--json")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let document = try outcome.document()
        let pem = try #require(document["pem"] as? String)
        let read = try await ChildProcess.output(
            of: "openssl",
            ["pkey", "-pubin", "-noout", "-text"],
            input: Data(pem.utf8)
        )
        #expect(read.contains("2048 bit"))
        let requests = try await user.program.run("requests", "--json").document()["requests"] as? [[String: Any]]
        #expect(document["sha256"] as? String == requests?.first?["publicKeySHA256"] as? String)
    }

    @Test func `a file that is there stays unless it is forced`() async throws {
        let file = user.file("certificate.pem")
        try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
        let refused = try await user.program.run("export", "žižka", "-o", file, "--json")
        #expect(refused.status == 73)
        #expect(try refused.failure()["code"] == "file_exists")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        #expect(try await user.program.run("export", "žižka", "-o", file, "--force").status == 0)
        #expect(try String(contentsOfFile: file, encoding: .utf8).hasPrefix("-----BEGIN CERTIFICATE-----"))
        #expect(try await user.program.run("export", "nobody", "--json").status == 66)
        #expect(try await user.program.run("export", "žižka", "--der", "--json").status == 64)
    }
}
