// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// `watch`: each thing is told once, on standard output and on the desktop, and no secret is asked for.
@Suite struct WatchTests {
    let ca: RunningCA
    let device: SimulatedDevice
    let desktop: TemporaryFolder
    let program: Program

    init() async throws {
        ca = try RunningCA()
        device = try await SimulatedDevice.provision()
        desktop = try TemporaryFolder(named: "desktop")
        var program = try Program(on: device)
        // A notify-send that writes down what it is to show, an argument a line.
        try Self.script("notify-send", "printf '%s\\n' \"$@\" >> '\(desktop.path)/shown'", in: desktop)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        program.environment["PATH"] = "\(desktop.path):\(path)"
        self.program = program
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
    }

    private static func script(_ name: String, _ text: String, in folder: TemporaryFolder) throws {
        let file = folder.file(name)
        try Data("#!/bin/sh\n\(text)\n".utf8).write(to: file)
        chmod(file.path, 0o755)
    }

    private func shown() -> String { (try? String(contentsOf: desktop.file("shown"), encoding: .utf8)) ?? "" }

    /// Puts a certificate with these days left onto the token, beside a key.
    private func certificate(days: Int, _ name: String) async throws {
        let pin = try SimulatedDevice.secret("pin", of: device.path).trimmingCharacters(in: .newlines)
        let file = desktop.file("c.der").path
        try await ChildProcess.output(
            of: "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "/dev/null",
                "-subj", "/CN=\(name)", "-days", "\(days)", "-outform", "DER", "-out", file,
            ]
        )
        let base = ["--module", try SimulatedDevice.module(), "--slot", "0", "--login", "--pin", pin]
        for arguments in [
            ["--keypairgen", "--key-type", "rsa:2048", "--id", "0\(days % 10)"],
            ["--write-object", file, "--type", "cert", "--id", "0\(days % 10)"],
        ] {
            try await ChildProcess.output(of: "pkcs11-tool", base + arguments, environment: device.environment)
        }
    }

    @Test func `an issued certificate is told once, and nothing else is`() async throws {
        let secrets = ["--pin-from", "file:\(device.path)/secrets/pin", "--no-input"]
        let new = try await program.run(["new", "--type", "commercial", "--yes", "--json"] + secrets)
        let id = try #require(try new.document()["id"] as? String)
        let early = try await program.run("watch")
        #expect(early.status == 0)
        #expect(early.output.isEmpty && shown().isEmpty)
        try await ca.operate("approve", id)
        let logins = try device.count(of: "C_Login")
        // The CA asked to be left alone for a while; a person who asks again need not wait for it in a test.
        while try await program.run("watch", "--json").document()["pending"] as? Int == 1 {
            try await Task.sleep(for: .milliseconds(200))
        }
        #expect(shown().contains(id))
        #expect(shown().contains("isignum install \(id)"))
        let before = shown()
        let again = try await program.run("watch")
        #expect(again.output.isEmpty && again.status == 0)
        #expect(shown() == before)
        #expect(try device.count(of: "C_Login") == logins)
        let matters = try await program.run("watch", "--json").document()["matters"] as? [[String: Any]]
        #expect(matters?.first?["kind"] as? String == "ready")
        #expect(matters?.first?["isNew"] as? Bool == false)
    }

    @Test func `a certificate on the token that ends soon is told, without its markup`() async throws {
        try await certificate(days: 12, "Eva <b>& Ltd")
        let outcome = try await program.run("watch", "--lang", "cs")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.outputText.contains("Platnost certifikátu končí za 1"))
        #expect(shown().contains("Eva &lt;b&gt;&amp; Ltd"))
        #expect(try await program.run("watch").output.isEmpty)
    }

    @Test func `a CA that is away is said, and the rest is told all the same`() async throws {
        let secrets = ["--pin-from", "file:\(device.path)/secrets/pin", "--no-input"]
        #expect(try await program.run(["new", "--type", "commercial", "--yes"] + secrets).status == 0)
        try await certificate(days: 5, "Eva")
        ca.stop()
        var outcome = try await program.run("watch")
        #expect(outcome.outputText.contains("Eva"))
        while outcome.status == 0 {
            // Before its time the CA is not asked.
            try await Task.sleep(for: .milliseconds(200))
            outcome = try await program.run("watch")
        }
        #expect(outcome.status == 69)
        #expect(!outcome.errorText.isEmpty)
    }

    @Test(
        arguments: [
            (31.0, nil, nil), (29.5, "expiring", 30), (13.9, "expiring", 14), (6.5, "expiring", 7),
            (0.5, "expiring", 1),
            (-0.5, "expired", nil), (-40.0, nil, nil),
        ] as [(Double, String?, Int?)]
    )
    func `the thresholds are 30, 14, 7 and 1 days`(left: Double, kind: String?, threshold: Int?) async throws {
        let certificate = try await Self.watched("/CN=Eva", days: 100)
        let now = certificate.notAfter.addingTimeInterval(-left * 86_400)
        let matters = WatchedCertificate.matters([certificate, certificate], now: now)
        #expect(matters.map(\.kind.rawValue) == (kind.map { [$0] } ?? []))
        #expect(matters.first?.threshold == threshold)
    }

    @Test func `a certificate that has its follower says nothing`() async throws {
        let old = try await Self.watched("/CN=Eva", days: 10)
        let new = try await Self.watched("/CN=Eva", days: 400)
        let other = try await Self.watched("/CN=Adam", days: 10)
        let matters = WatchedCertificate.matters([old, new, other], now: Date().addingTimeInterval(60))
        #expect(matters.map(\.subject) == ["Adam"])
    }

    private static func watched(_ subject: String, days: Int) async throws -> WatchedCertificate {
        let folder = try TemporaryFolder()
        try await ChildProcess.output(
            of: "openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                "/dev/null",
                "-subj", subject, "-days", "\(days)", "-outform", "DER", "-out", folder.file("c.der").path,
            ]
        )
        let der = [UInt8](try Data(contentsOf: folder.file("c.der")))
        return WatchedCertificate(try #require(CertificateDocument(der: der)))
    }

    @Test func `the timer is two units and a link, started where there is a systemd, and gone afterwards`() async throws
    {
        var program = program
        let home = try TemporaryFolder(named: "user")
        program.environment["HOME"] = home.path
        program.environment["XDG_CONFIG_HOME"] = ""
        try Self.script("systemctl", "echo \"$@\" >> '\(desktop.path)/systemctl.log'", in: desktop)
        let installed = try await program.run("watch", "--install-timer", "--json")
        #expect(installed.status == 0, "\(installed.errorText)")
        #expect(try installed.document()["running"] as? Bool == true)
        let units = home.file(".config/systemd/user")
        let service = try String(contentsOf: units.appendingPathComponent("isignum-watch.service"), encoding: .utf8)
        #expect(
            service.contains("ExecStart=\"\(try BuildProducts.file("isignum").resolvingSymlinksInPath().path)\" watch")
        )
        #expect(service.contains("Environment=\"ISIGNUM_HOME=\(program.home.path)\""))
        let link = units.appendingPathComponent("timers.target.wants/isignum-watch.timer").path
        #expect(FileManager.default.fileExists(atPath: link))
        #expect(try await program.run("watch", "--install-timer").status == 0)
        let removed = try await program.run("watch", "--remove-timer", "--json")
        #expect((try removed.document()["files"] as? [String])?.count == 2)
        #expect(try FileManager.default.subpathsOfDirectory(atPath: units.path) == ["timers.target.wants"])
        let calls = try String(contentsOf: desktop.file("systemctl.log"), encoding: .utf8)
        #expect(calls.contains("--user start isignum-watch.timer") && calls.contains("--user stop isignum-watch.timer"))
        try Self.script("systemctl", "exit 1", in: desktop)
        let without = try await program.run("watch", "--install-timer")
        #expect(without.status == 0)
        #expect(without.outputText.contains("next login"))
    }
}
