// SPDX-License-Identifier: Apache-2.0

import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

/// Files with more, or with something else, than one certificate.
@Suite struct ImportedFilesTests {
    let user: TokenUser

    init() async throws { user = try await TokenUser() }

    private func write(_ bytes: [UInt8], _ name: String = "file") throws -> String {
        try Data(bytes).write(to: user.program.home.file(name))
        return user.file(name)
    }

    private func write(_ text: String, _ name: String = "file") throws -> String { try write(Array(text.utf8), name) }

    /// The chain of a request, fetched and not installed.
    private func issued(_ id: String) async throws -> [[UInt8]] {
        let check = try await user.program.run("check", id, "--json")
        #expect(check.status == 0, "\(check.errorText)")
        let journal = try Journal(folder: user.program.home.file("state"))
        let known = try #require(RequestID(id))
        return try journal.entries().first { $0.requestID == known }?.chain ?? []
    }

    private func openssl(_ arguments: [String]) async throws { try await ChildProcess.output(of: "openssl", arguments) }

    /// A certificate for a key that is nowhere.
    private func foreign(
        _ kind: [String],
        _ more: [String] = ["basicConstraints=critical,CA:FALSE"]
    ) async throws -> String {
        let file = user.file("foreign.pem")
        let extensions = more.flatMap { ["-addext", $0] }
        try await openssl(
            ["req", "-x509", "-nodes", "-subj", "/CN=x", "-keyout", user.file("foreign.key"), "-out", file] + kind
                + extensions
        )
        return file
    }

    private func pem(_ chain: [[UInt8]], label: String = "CERTIFICATE") -> String {
        chain.map { PEM.encode($0, label: label) }.joined()
    }

    @Test func `a file that leads nowhere says what it is, without a secret and without a token`() async throws {
        let authority = user.ca.bundle
        _ = try await foreign(["-newkey", "rsa:2048"])
        let request = user.file("request.pem")
        try await openssl(["req", "-new", "-key", user.file("foreign.key"), "-subj", "/CN=x", "-out", request])
        let (store, bare) = (user.file("store.p12"), user.file("certificates.p12"))
        let pack = ["pkcs12", "-export", "-in", user.file("foreign.pem"), "-passout", "pass:x", "-out"]
        try await openssl(pack + [store, "-inkey", user.file("foreign.key")])
        try await openssl(pack + [bare, "-nokeys"])
        let cases = [
            (authority, "certificate_of_ca", "CA"), (request, "certificate_malformed", "request"),
            (user.file("foreign.key"), "certificate_malformed", "private key"),
            (store, "certificate_in_key_file", "PKCS#12"), (bare, "certificate_in_key_file", "-nokeys"),
            (try write("<html>", "page"), "certificate_malformed", "web page"),
            (try write("", "empty"), "certificate_malformed", "empty"),
            (try write("-----BEGIN CERTIFICATE-----\nMII\n", "cut"), "certificate_malformed", "block 1"),
        ]
        try user.device.set("plugged", "no")
        for (file, code, words) in cases {
            let outcome = try await user.run("import", file, "--yes")
            #expect(outcome.status == 65, "\(outcome.errorText)")
            let failure = try outcome.failure()
            #expect(failure["code"] == code, "\(file)")
            #expect("\(failure["message"] ?? "") \(failure["hint"] ?? "")".contains(words), "\(failure)")
        }
        #expect(try user.device.count(of: "C_Login") == 0)
    }

    @Test(arguments: [
        (["-newkey", "ed25519"], "Ed25519"), (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-521"], "P-521"),
        (["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1"], "brainpoolP256r1"),
        (["-newkey", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"], "RSASSA-PSS"),
    ])
    func `a key of a kind that no token is asked for is named`(kind: [String], name: String) async throws {
        let outcome = try await user.run("import", try await foreign(kind), "--yes")
        #expect(outcome.status == 65, "\(outcome.errorText)")
        #expect(try outcome.failure()["code"] == "key_not_supported")
        #expect(try outcome.failure()["message"]?.contains(name) == true)
        #expect(try user.device.count(of: "C_Login") == 0)
    }

    @Test func `of all certificates of a CA, a stranger's and two of one holder, the one is taken whose key waits`()
        async throws
    {
        let old = try await issued(try await user.installed(name: "Jan Žižka"))
        let id = try await user.request(name: "Jan Žižka")
        let new = try await issued(id)
        let stranger = try String(contentsOfFile: try await foreign(["-newkey", "rsa:2048"]), encoding: .utf8)
        let store = try String(contentsOfFile: "/etc/ssl/certs/ca-certificates.crt", encoding: .utf8)
        let all =
            stranger + pem(old) + store + pem(new.reversed())
            + (try String(contentsOfFile: user.ca.bundle, encoding: .utf8))
        let outcome = try await user.run("import", try write("\u{FEFF}" + all.replacing("\n", with: "\r\n")), "--yes")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let document = try outcome.document()
        #expect(document["status"] as? String == "installed" && document["request"] as? String == id)
        #expect(try await user.certificates().count == 2)
        // Both are there now, and one of them is named.
        let again = try await user.run("import", user.file("file"), "--yes")
        #expect(try again.document()["status"] as? String == "already-there", "\(again.errorText)")
    }

    @Test func `a private key beside the certificate is left alone and said`() async throws {
        let chain = try await issued(try await user.request())
        _ = try await foreign(["-newkey", "rsa:2048"])
        let key = try String(contentsOfFile: user.file("foreign.key"), encoding: .utf8)
        let file = try write(key + pem(chain, label: "X509 CERTIFICATE"))
        let outcome = try await user.program.run(["import", file, "--yes"] + user.secrets.filter { $0 != "--json" })
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("the file holds a private key"))
    }

    @Test func `import-key says what another file is before it asks for a password`() async throws {
        let file = try await foreign(["-newkey", "rsa:2048"])
        for (name, words) in [(file, "isignum import"), (user.file("foreign.key"), "pkcs12 -export")] {
            let outcome = try await user.run("import-key", name, "--yes")
            #expect(outcome.status == 65, "\(outcome.errorText)")
            #expect(try outcome.failure()["code"] == "pkcs12_malformed")
            #expect(try outcome.failure()["hint"]?.contains(words) == true)
        }
        #expect(try user.device.count(of: "C_Login") == 0)
    }
}
