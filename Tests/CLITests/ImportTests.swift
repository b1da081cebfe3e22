// SPDX-License-Identifier: Apache-2.0

import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

/// Certificates that come in files.
@Suite struct ImportTests {
    let user: TokenUser

    init() async throws { user = try await TokenUser() }

    /// The certificate of a request, fetched and not installed, as files.
    private func issued(_ id: String) async throws -> String {
        let check = try await user.program.run("check", id, "--json")
        #expect(check.status == 0, "\(check.errorText)")
        let file = user.file("\(id).pem")
        let journal = try Journal(folder: user.program.home.file("state"))
        let identifier = try #require(RequestID(id))
        let chain = try #require(try journal.entries(for: identifier).first).chain
        let all = chain.map { PEM.encode($0, label: "CERTIFICATE") }.reversed().joined()
        try Data(all.utf8).write(to: URL(fileURLWithPath: file + ".chain"))
        try Data(PEM.encode(chain[0], label: "CERTIFICATE").utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    @Test(arguments: ["commercial", "qualified"])
    func `a certificate from a file goes beside its key, and its request is installed`(type: String) async throws {
        let id = try await user.request(type)
        let file = try await issued(id)
        let outcome = try await user.run("import", file, "--yes")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let document = try outcome.document()
        #expect(document["status"] as? String == "installed" && document["request"] as? String == id)
        let certificates = try await user.certificates()
        #expect(certificates.map { $0["hasKey"] as? Bool } == [true])
        #expect(certificates.map { $0["type"] as? String } == [type])
        let requests = try await user.program.run("requests", "--json").document()["requests"] as? [[String: Any]]
        #expect(requests?.map { $0["status"] as? String } == ["installed"])
        let again = try await user.run("import", file, "--yes")
        #expect(try again.document()["status"] as? String == "already-there")
        #expect(try await user.certificates().count == 1)
    }

    @Test func `DER and PKCS#7 with the chain in any order do as well, without a journal`() async throws {
        let id = try await user.request()
        let pem = try await issued(id)
        let (der, bundle) = (user.file("c.der"), user.file("c.p7b"))
        try await ChildProcess.output(of: "openssl", ["x509", "-in", pem, "-outform", "DER", "-out", der])
        try await ChildProcess.output(
            of: "openssl",
            ["crl2pkcs7", "-nocrl", "-certfile", user.ca.bundle, "-certfile", pem + ".chain", "-out", bundle]
        )
        let known = try await user.run("import", der, "--yes")
        #expect(known.status == 0, "\(known.errorText)")
        #expect(try known.document()["request"] as? String == id)
        try FileManager.default.removeItem(atPath: user.file("state"))
        let unknown = try await user.run("import", bundle, "--yes")
        #expect(unknown.status == 0, "\(unknown.errorText)")
        #expect(try unknown.document()["request"] == nil)
        #expect(try unknown.document()["status"] as? String == "already-there")
        try FileManager.default.removeItem(atPath: user.file("state"))
        // Nothing knows its issuer any more but the certificate itself, which says where that is.
        let alone = try await user.run("import", der, "--yes")
        #expect(alone.status == 0, "\(alone.errorText)")
        #expect(try alone.document()["status"] as? String == "already-there")
        #expect(try await user.certificates().map { $0["hasKey"] as? Bool } == [true])
    }

    @Test func `a certificate without its key anywhere, from nobody, or of no kind is refused in clear words`()
        async throws
    {
        let foreign = user.file("foreign.pem")
        try await ChildProcess.output(
            of: "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-keyout", "/dev/null", "-out",
                foreign, "-addext", "basicConstraints=critical,CA:FALSE",
            ]
        )
        let nowhere = try await user.run("import", foreign, "--yes")
        #expect(nowhere.status == 66, "\(nowhere.errorText)")
        #expect(try nowhere.failure()["code"] == "key_nowhere")
        // The only token that is meant was looked at whole.
        #expect(try nowhere.failure()["hint"]?.contains("--token") == false)
        try Data("this is no certificate".utf8).write(to: URL(fileURLWithPath: foreign))
        let none = try await user.run("import", foreign, "--yes")
        #expect(none.status == 65)
        #expect(try none.failure()["code"] == "certificate_malformed")
        #expect(try await user.run("import", user.file("missing"), "--yes").status == 66)
        #expect(try await user.certificates().isEmpty)
    }

    @Test func `a certificate that leads to another CA is not written`() async throws {
        let id = try await user.request()
        let file = try await issued(id)
        let other = try RunningCA()
        let outcome = try await user.run("import", file, "--yes", "--ca-file", other.bundle)
        #expect(outcome.status == 65, "\(outcome.errorText)")
        #expect(try outcome.failure()["code"] == "certificate_chain_refused")
        #expect(try outcome.failure()["message"]?.contains("in the file") == true)
        #expect(try outcome.failure()["hint"]?.contains("the request \(id)") == true)
        #expect(try outcome.failure()["hint"]?.contains("install --reject") == false)
        #expect(try await user.certificates().isEmpty)
        let asking = try await user.run("import", file)
        #expect(asking.status == 64)
        #expect(try asking.failure()["code"] == "answers_missing")
    }

    @Test func `a key on two tokens is a choice that a person makes, and a key that only the PIN shows is found`()
        async throws
    {
        let hsm = try await SoftHSM.provision([.init(label: "ONE", pin: "123456"), .init(label: "TWO", pin: "123456")])
        let (key, file, bundle) = (user.file("k.pem"), user.file("c.pem"), user.file("k.der"))
        try await ChildProcess.output(
            of: "openssl",
            ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=two", "-keyout", key, "-out", file]
                + ["-addext", "basicConstraints=critical,CA:FALSE"]
        )
        try await ChildProcess.output(of: "openssl", ["pkcs8", "-topk8", "-nocrypt", "-in", key, "-out", bundle])
        var program = user.program
        program.environment.merge(SoftHSM.environment(of: hsm.path)) { $1 }
        let pin = program.home.file("pin")
        try Data("123456\n".utf8).write(to: pin)
        let arguments =
            ["import", file, "--yes", "--json", "--no-input", "--ca-file", file, "--pin-from", "file:\(pin.path)"]
            + ["--module", SoftHSM.bareModule]
        for label in ["ONE", "TWO"] {
            try await ChildProcess.output(
                of: "softhsm2-util",
                ["--import", bundle, "--token", label, "--pin", "123456", "--label", "k", "--id", "a1b2"],
                environment: SoftHSM.environment(of: hsm.path)
            )
        }
        let several = try await program.run(arguments)
        #expect(several.status == 64, "\(several.errorText)")
        #expect(try several.failure()["code"] == "key_on_several_tokens")
        #expect(several.errorText.contains("ONE") && several.errorText.contains("TWO"))
        let one = try await program.run(arguments + ["--token", "ONE"])
        #expect(one.status == 0, "\(one.errorText)")
        try await ChildProcess.output(
            of: "pkcs11-tool",
            ["--module", SoftHSM.bareModule, "--token-label", "TWO", "--login", "--pin", "123456"]
                + ["--delete-object", "--type", "pubkey", "--id", "a1b2"],
            environment: SoftHSM.environment(of: hsm.path)
        )
        let hidden = try await program.run(arguments + ["--token", "TWO"])
        #expect(hidden.status == 0, "\(hidden.errorText)")
    }
}
