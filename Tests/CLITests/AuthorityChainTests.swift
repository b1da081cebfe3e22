// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A CA's own certificates: what is good by RFC 5280 gets in, and what will be refused is told before a key is made.
@Suite struct AuthorityChainTests {
    let device: SimulatedDevice
    let program: Program
    let folder: TemporaryFolder

    init() async throws {
        device = try await SimulatedDevice.provision()
        program = try Program(on: device)
        folder = try TemporaryFolder(named: "ca")
    }

    private var secrets: [String] {
        ["--json", "--no-input", "--pin-from", "file:\(device.path)/secrets/pin"]
    }

    /// A CA whose root was changed by the openssl command, which has its key and its name.
    private func authority(_ arguments: String...) async throws -> RunningCA {
        try RunningCA(in: folder).stop()
        let root = folder.file("ca/root.pem").path
        let changed = folder.file("changed.pem").path
        try await ChildProcess.output(
            of: "openssl",
            ["x509", "-in", root, "-days", "3000", "-out", changed] + arguments
        )
        try FileManager.default.removeItem(atPath: root)
        try FileManager.default.moveItem(atPath: changed, toPath: root)
        let ca = try RunningCA(in: folder, ["--auto-approve", "0"])
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        return ca
    }

    @Test func `a root that leaves out what binds CAs alone is good from doctor to the token`() async throws {
        let extensions = folder.file("extensions").path
        try Data("basicConstraints=CA:TRUE\n".utf8).write(to: URL(fileURLWithPath: extensions))
        let key = folder.file("ca/root.key").path
        let ca = try await authority("-signkey", key, "-clrext", "-extfile", extensions)
        let doctor = try await program.run("doctor", "--json")
        #expect(doctor.outputText.contains("\"ca_chain\""), "\(doctor.outputText)")
        let begun = try await program.run(["new", "--type", "commercial", "--name", "Jan Vzorek"] + secrets)
        let id = try #require(try begun.document()["id"] as? String, "\(begun.errorText)")
        let installed = try await program.run(["install", id, "--accept"] + secrets)
        #expect(installed.status == 0, "\(installed.errorText)")
        withExtendedLifetime(ca) {}
    }

    @Test func `an anchor that will not do is told by doctor, by add-ca, and by new before a key is made`() async throws
    {
        let laboratory = try Laboratory()
        try await laboratory.certificate("upper", .authority())
        // TLS is content with such an anchor, which leads to nobody who is believed.
        let ca = try await authority(
            "-CA",
            laboratory.path("upper.crt"),
            "-CAkey",
            laboratory.path("upper.key"),
            "-set_serial",
            "7"
        )
        let doctor = try await program.run("doctor", "--json")
        #expect(doctor.status == 78, "\(doctor.outputText)")
        #expect(doctor.outputText.contains("\"ca_chain_refused\"") && doctor.outputText.contains("CN=upper"))
        let begun = try await program.run(["new", "--type", "commercial", "--name", "Jan Vzorek"] + secrets)
        #expect(begun.status == 78, "\(begun.outputText) \(begun.errorText)")
        #expect(try begun.failure()["code"] == "ca_chain_refused")
        #expect(try begun.failure()["reason"] == "issuer_missing")
        #expect(try device.count(of: "C_GenerateKeyPair") == 0)
        #expect(try !ca.exchanges().contains { $0.hasPrefix("POST") })
        let journal = try await program.run("requests", "--json").document()["requests"] as? [[String: Any]]
        #expect(journal?.isEmpty == true)
        let added = try await program.run(
            "config",
            "add-ca",
            "\(ca.url)",
            "--name",
            "again",
            "--ca-file",
            ca.bundle,
            "--fingerprint",
            String(repeating: "0", count: 64),
            "--json"
        )
        #expect(added.status == 78, "\(added.errorText)")
        #expect(try added.failure()["code"] == "ca_chain_refused")
    }
}
