// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// One reader for anchors: what TLS, `doctor`, `install` and `import` believe is the same, whatever the file looks like.
@Suite struct AnchorFormsTests {
    let user: TokenUser

    init() async throws { user = try await TokenUser() }

    private func use(_ bytes: Data) throws {
        let file = user.program.home.file("anchors")
        try bytes.write(to: file)
        let lines = user.ca.configuration.split(separator: "\n").map { line in
            line.hasPrefix("anchors") ? "anchors = \"\(file.path)\"" : String(line)
        }
        try user.program.configure(
            "modules = [\"\(try SimulatedDevice.module())\"]\n" + lines.joined(separator: "\n") + "\n"
        )
    }

    @Test func `a system's store, marks, other line ends, foreign words, DER and PKCS#7 serve TLS and the chain alike`()
        async throws
    {
        let root = try Data(contentsOf: URL(fileURLWithPath: user.ca.bundle))
        let store = try Data(contentsOf: URL(fileURLWithPath: "/etc/ssl/certs/ca-certificates.crt"))
        let text = String(decoding: root, as: UTF8.self)
        let (der, message) = (user.file("root.der"), user.file("root.p7b"))
        try await ChildProcess.output(of: "openssl", ["x509", "-in", user.ca.bundle, "-outform", "DER", "-out", der])
        try await ChildProcess.output(
            of: "openssl",
            ["crl2pkcs7", "-nocrl", "-certfile", user.ca.bundle, "-outform", "DER", "-out", message]
        )
        let forms: [Data] = [
            store + root, Data([0xEF, 0xBB, 0xBF]) + root + store, Data(text.replacing("\n", with: "\r\n").utf8),
            Data([0x70, 0xF8, 0xED, 0x9A, 0x0A]) + root, try Data(contentsOf: URL(fileURLWithPath: der)) + Data([0x0A]),
            try Data(contentsOf: URL(fileURLWithPath: message)),
        ]
        for (index, form) in forms.enumerated() {
            try use(form)
            let doctor = try await user.program.run("doctor", "--json")
            #expect(
                doctor.outputText.contains("\"code\" : \"ca\"") || doctor.outputText.contains("\"code\":\"ca\""),
                "\(index)"
            )
            let id = try await user.request(name: "Jan Žižka")
            let outcome = try await user.run("install", id, "--accept")
            #expect(outcome.status == 0, "form \(index): \(outcome.errorText)")
        }
    }

    @Test
    func `an anchor that cannot be read is named by doctor, and a broken file is refused everywhere with its reason`()
        async throws
    {
        let root = try Data(contentsOf: URL(fileURLWithPath: user.ca.bundle))
        try use(root + Data("-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----\n".utf8))
        let doctor = try await user.program.run("doctor", "--json")
        #expect(doctor.outputText.contains("ca_anchors_partly"), "\(doctor.outputText)")
        #expect(try await user.run("new", "--type", "commercial", "--name", "Jan").status == 0)
        try use(root + Data("-----BEGIN CERTIFICATE-----\nMAMC\n".utf8))
        for command in [["doctor"], ["new", "--type", "commercial", "--name", "Jan"], ["status", "KC0000000001"]] {
            let outcome = try await user.program.run(command + (command == ["doctor"] ? ["--json"] : user.secrets))
            #expect(outcome.status == 78, "\(command): \(outcome.errorText)")
            let text = outcome.outputText + outcome.errorText
            #expect(text.contains("ca_anchors_unusable") && text.contains("block 2"), "\(text)")
        }
    }
}
