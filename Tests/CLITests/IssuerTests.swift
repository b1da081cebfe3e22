// SPDX-License-Identifier: Apache-2.0

import Credentials
import Enrollment
import Foundation
import TestSupport
import Testing

/// Certificates that come without what leads to their root, from a CA or a branch.
@Suite struct IssuerTests {
    /// Answers where the CA's own services would, on order.
    let server: PlainServer
    let user: TokenUser

    init() async throws {
        server = try PlainServer()
        user = try await TokenUser(ca: try RunningCA("--auto-approve", "0", "--status-url", server.address))
    }

    /// A file of the CA: `public.pem` is the issuer of commercial certificates.
    private func authority(_ name: String) -> String {
        URL(fileURLWithPath: user.ca.bundle).deletingLastPathComponent().appendingPathComponent("ca/\(name)").path
    }

    /// A request whose certificate the CA sends alone, as often as it is asked.
    private func request() async throws -> String {
        let id = try await user.request()
        for number in 1...4 { try await user.ca.operate("fault", "certificate:\(number) certificate leaf-alone") }
        return id
    }

    private func publish() async throws {
        let file = user.file("issuer.der")
        try await ChildProcess.output(
            of: "openssl",
            ["x509", "-in", authority("public.pem"), "-outform", "DER", "-out", file]
        )
        server.put(try Data(contentsOf: URL(fileURLWithPath: file)), at: "/crt/public.crt")
    }

    private func status(_ id: String) async throws -> String? {
        let requests = try await user.program.run("requests", "--json").document()["requests"] as? [[String: Any]]
        return requests?.first { $0["id"] as? String == id }?["status"] as? String
    }

    @Test func `the issuer is fetched from where the certificate names it, once, and kept`() async throws {
        try await publish()
        let id = try await request()
        let check = try await user.program.run("check", id, "--json")
        #expect(check.status == 0, "\(check.errorText)")
        #expect(server.asked == ["/crt/public.crt"])
        let installed = try await user.run("install", id, "--accept")
        #expect(installed.status == 0, "\(installed.errorText)")
        #expect(try installed.document()["status"] as? String == "installed")
        #expect(server.asked.count == 1)
        // The next one of this CA is complete from the journal.
        let next = try await request()
        #expect(try await user.run("install", next, "--accept").status == 0)
        #expect(server.asked.count == 1)
    }

    @Test func `an issuer that is nowhere is named with its address, and nothing is lost`() async throws {
        let id = try await request()
        let refused = try await user.run("install", id, "--accept")
        #expect(refused.status == 65)
        let failure = try refused.failure()
        #expect(failure["code"] == "certificate_issuer_missing")
        #expect(failure["message"]?.contains("CN=Mock Public CA") == true)
        #expect(failure["message"]?.contains("get it from \(server.address)/crt/public.crt") == true)
        #expect(failure["hint"]?.contains("--chain FILE") == true)
        #expect(failure["hint"]?.contains("reject") == false && failure["hint"]?.contains("tell the CA") == false)
        #expect(try await status(id) == "pending")
        let czech = try await user.program.run("install", id, "--accept", "--no-input", "--lang", "cs")
        #expect(czech.errorText.contains("chybí certifikát vydavatele") && czech.errorText.contains("--chain SOUBOR"))
        let given = try await user.run("install", id, "--accept", "--chain", authority("public.pem"))
        #expect(given.status == 0, "\(given.errorText)")
        #expect(try given.document()["status"] as? String == "installed")
    }

    @Test func `what the profile knows is enough, and doctor and config tell of it`() async throws {
        let id = try await request()
        let set = try await user.program.run("config", "set", "ca.test.chain", authority("public.pem"))
        #expect(set.status == 0, "\(set.errorText)")
        let shown = try await user.program.run("config", "show", "--json").document()
        let authorities = shown["authorities"] as? [[String: Any]]
        #expect(authorities?.first?["chain"] as? String == authority("public.pem"))
        #expect(try await user.program.run("config").outputText.contains("Issuers:"))
        let installed = try await user.run("install", id, "--accept")
        #expect(installed.status == 0, "\(installed.errorText)")
        #expect(server.asked.isEmpty)
        #expect(try await user.program.run("doctor", "--json").status == 0)
        let odd = user.file("odd.pem")
        try Data("nothing".utf8).write(to: URL(fileURLWithPath: odd))
        #expect(try await user.program.run("config", "set", "ca.test.chain", odd).status == 0)
        let doctor = try await user.program.run("doctor", "--json")
        #expect(doctor.status == 78)
        #expect(doctor.outputText.contains("ca_chain_unusable"))
        let new = try await user.run("new", "--type", "commercial")
        #expect(new.status == 78)
        #expect(try new.failure()["code"] == "ca_chain_unusable")
    }

    @Test func `a certificate alone in a file is completed, from its address or by hand`() async throws {
        let id = try await user.request()
        let row = try await user.ca.operate("certificate", id)
        let document = try JSONSerialization.jsonObject(with: Data(row.utf8)) as? [String: Any]
        let der = try #require((document?["certificate"] as? String).flatMap { Data(base64Encoded: $0) })
        let file = user.file("leaf.cer")
        try der.write(to: URL(fileURLWithPath: file))
        let refused = try await user.run("import", file, "--yes")
        #expect(refused.status == 65)
        #expect(try refused.failure()["code"] == "certificate_issuer_missing")
        #expect(try await user.certificates().isEmpty)
        let odd = try await user.run("import", file, "--yes", "--chain", authority("public.key"))
        #expect(odd.status == 65)
        #expect(try odd.failure()["code"] == "certificate_malformed")
        #expect(try await user.run("import", file, "--yes", "--chain", user.file("none")).status == 66)
        try await publish()
        let asked = server.asked.count
        let done = try await user.run("import", file, "--yes")
        #expect(done.status == 0, "\(done.errorText)")
        #expect(server.asked.count == asked + 1)
        let journal = try Journal(folder: user.program.home.file("state"))
        #expect(try journal.entries().first?.chain.count == 3)
    }

    @Test func `list asks nobody about a stranger's certificate, and says why`() async throws {
        let folder = try TemporaryFolder(named: "stranger")
        let (key, root, leaf) = (folder.file("k").path, folder.file("r.pem").path, folder.file("l.pem").path)
        let names = folder.file("x")
        let addresses = [
            "caIssuers;URI:\(server.address)/latest/meta-data", "OCSP;URI:\(server.address)/ocsp",
        ].joined(separator: ",")
        try Data("[x]\nauthorityInfoAccess=\(addresses)\n".utf8).write(to: names)
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout"]
        try await ChildProcess.output(
            of: "openssl",
            ["req", "-x509", "-subj", "/CN=Strange CA", "-out", root] + curve + [key]
        )
        try await ChildProcess.output(
            of: "openssl",
            ["req", "-new", "-subj", "/CN=Stranger", "-out", folder.file("l.csr").path] + curve + [
                folder.file("lk").path
            ]
        )
        try await ChildProcess.output(
            of: "openssl",
            [
                "x509", "-req", "-in", folder.file("l.csr").path, "-CA", root, "-CAkey", key, "-set_serial", "7",
                "-extfile", names.path, "-extensions", "x", "-outform", "DER", "-out", leaf,
            ]
        )
        let pin = try SimulatedDevice.secret("pin", of: user.device.path).trimmingCharacters(in: .newlines)
        try await ChildProcess.output(
            of: "pkcs11-tool",
            [
                "--module", try SimulatedDevice.module(), "--slot", "0", "--login", "--pin", pin, "--id", "01",
                "--label", "x", "--write-object", leaf, "--type", "cert",
            ],
            environment: user.device.environment
        )
        let listed = try await user.program.run("list", "--online", "--json")
        #expect(listed.status == 0, "\(listed.errorText)")
        #expect(listed.outputText.contains("issuer_unknown"))
        #expect(server.asked.isEmpty)
        let text = try await user.program.run("list", "--online")
        #expect(text.outputText.replacing("\n", with: " ").contains("known neither"))
    }

    @Test func `a CA is added with the issuers that it does not send, also later`() async throws {
        let fresh = try Program()
        let add = [
            "config", "add-ca", "\(user.ca.url)", "--name", "x", "--no-input", "--json", "--ca-file", user.ca.bundle,
        ]
        let root = try await ChildProcess.output(
            of: "openssl",
            ["x509", "-in", user.ca.bundle, "-noout", "-fingerprint", "-sha256"]
        )
        let print = ["--fingerprint", String(root.split(separator: "=").last ?? "").trimmingCharacters(in: .newlines)]
        let bare = try await fresh.run(add + print)
        #expect(bare.status == 0, "\(bare.errorText)")
        #expect(try bare.document()["chain"] == nil)
        for _ in 0..<2 {
            let added = try await fresh.run(add + print + ["--chain", authority("public.pem")])
            #expect(added.status == 0, "\(added.errorText)")
            #expect(try added.document()["chain"] as? String == fresh.home.file("ca-x-chain.pem").path)
        }
        let odd = try await fresh.run(add + print + ["--chain", authority("public.key")])
        #expect(odd.status == 65)
    }

    @Test func `--chain is of use only where a certificate is waited for`() async throws {
        let outcome = try await user.run("new", "--type", "commercial", "--chain", authority("public.pem"))
        #expect(outcome.status == 64)
        #expect(outcome.errorText.contains("--chain needs --wait"))
        let waited = try await user.run(
            "new",
            "--type",
            "commercial",
            "--chain",
            authority("none.pem"),
            "--wait=1",
            "--accept"
        )
        #expect(waited.status == 66)
        #expect(try user.device.count(of: "C_GenerateKeyPair") == 0)
    }
}
