// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Certificates on tokens that are not quite what they should be.
@Suite struct OddCertificatesTests {
    let user: TokenUser

    init() async throws { user = try await TokenUser() }

    /// Puts a certificate of nobody's onto the device as another program would, with bytes behind it.
    @discardableResult
    private func put(_ name: String, padding: Int, _ extensions: [String] = []) async throws -> Data {
        let (pem, der) = (user.file("\(name).pem"), user.file("\(name).der"))
        let more = extensions.flatMap { ["-addext", $0] }
        try await ChildProcess.output(
            of: "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=\(name)", "-keyout", "/dev/null", "-out",
                pem,
            ]
                + ["-set_serial", "0x6528B9"] + more
        )
        try await ChildProcess.output(of: "openssl", ["x509", "-in", pem, "-outform", "DER", "-out", der])
        let bytes = try Data(contentsOf: URL(fileURLWithPath: der))
        try (bytes + Data(count: padding)).write(to: URL(fileURLWithPath: der))
        try await ChildProcess.output(
            of: "pkcs11-tool",
            ["--module", try SimulatedDevice.module(), "--slot", "0", "--login", "--pin", "env:PIN"]
                + ["--write-object", der, "--type", "cert", "--id", "a1b2", "--label", name],
            environment: user.device.environment.merging([
                "PIN": try SimulatedDevice.secret("pin", of: user.device.path)
            ]) {
                $1
            }
        )
        return bytes
    }

    @Test func `a certificate in a file of fixed size is shown, exported and removed like any other`() async throws {
        let bytes = try await put("padded", padding: 64)
        #expect(try await user.certificates().map { $0["commonName"] as? String } == ["padded"])
        let file = user.file("out.der")
        #expect(try await user.program.run("export", "padded", "--der", "-o", file).status == 0)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes)
        #expect(try await user.candidates("--certificates").map { $0["reason"] as? String } == ["current"])
        let gone = try await user.run("clean", "padded", "--yes")
        #expect(gone.status == 0, "\(gone.errorText)")
        #expect(try await user.certificates().isEmpty)
    }

    @Test func `a serial number is understood as it is shown`() async throws {
        try await put("shown", padding: 0)
        for selector in ["0x6528b9", "6528b9", "6528B9", "65:28:B9", "0x006528B9", "0X65 28 b9", "6629561"] {
            let outcome = try await user.program.run("show", selector, "--json")
            #expect(outcome.status == 0, "\(selector): \(outcome.errorText)")
        }
        #expect(try await user.program.run("show", "0x", "--json").status == 66)
    }

    @Test func `a certificate whose statements cannot be read is listed as such`() async throws {
        try await put("odd", padding: 0, ["1.3.6.1.5.5.7.1.3=DER:0402FFFF"])
        let certificate = try #require(try await user.certificates().first)
        #expect(certificate["malformedStatements"] as? Bool == true && certificate["type"] == nil)
        #expect(try await user.program.run("show", "odd").outputText.contains("cannot be read"))
    }

    @Test func `a certificate that the device does not give is counted, and removed by nobody`() async throws {
        try await put("good", padding: 0)
        try await user.installed()
        try user.device.setFault("C_GetAttributeValue:1 return 0x5")
        let listed = try await user.program.run("list", "--json").document()
        let token = try #require((listed["tokens"] as? [[String: Any]])?.first)
        #expect(token["unreadableCertificates"] as? Int == 1)
        #expect((token["certificates"] as? [Any])?.count == 1)
        let shown = try await user.program.run("show", "a name that nobody has")
        #expect(shown.errorText.contains("1 certificate cannot be read"), "\(shown.errorText)")
        let dry = try await user.run("clean", "--dry-run", "--certificates").document()
        #expect(dry["unreadableCertificates"] as? Int == 1)
        let kept = try await user.run("clean", "--certificates", "--yes")
        #expect(try kept.document()["removed"] as? [String] == [], "\(kept.errorText)")
        try user.device.clearFaults()
        #expect(try await user.certificates().count == 2)
    }
}
