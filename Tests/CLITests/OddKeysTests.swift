// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Keys on tokens that other programs made otherwise: without an identifier, without their public half, several under one.
@Suite struct OddKeysTests {
    let hsm: SoftHSM
    let program: Program

    init() async throws {
        hsm = try await SoftHSM.provision([.init(label: "ONE", pin: "123456")])
        var program = try Program(on: try await SimulatedDevice.provision())
        program.environment.merge(SoftHSM.environment(of: hsm.path)) { $1 }
        self.program = program
        try Data("123456\n".utf8).write(to: program.home.file("pin"))
    }

    private func file(_ name: String) -> String { program.home.file(name).path }

    /// A certificate that signed for itself, and its key in a file.
    private func certificate(_ name: String, _ kind: [String], serial: String = "1") async throws {
        let isThere = FileManager.default.fileExists(atPath: file("\(name).key"))
        let key = isThere ? ["-key", file("\(name).key")] : ["-newkey"] + kind + ["-keyout", file("\(name).key")]
        try await ChildProcess.output(
            of: "openssl",
            [
                "req", "-x509", "-nodes", "-subj", "/CN=\(name)", "-out", file("\(name)\(serial).pem"), "-set_serial",
                serial,
            ]
                + ["-addext", "basicConstraints=critical,CA:FALSE"] + key
        )
        try await ChildProcess.output(
            of: "openssl",
            ["pkcs8", "-topk8", "-nocrypt", "-in", file("\(name).key"), "-out", file("\(name).p8")]
        )
    }

    private func tool(_ arguments: [String]) async throws {
        try await ChildProcess.output(
            of: "pkcs11-tool",
            ["--module", SoftHSM.bareModule, "--token-label", "ONE", "--login", "--pin", "123456"] + arguments,
            environment: SoftHSM.environment(of: hsm.path)
        )
    }

    private func put(_ name: String, id: String) async throws {
        try await ChildProcess.output(
            of: "softhsm2-util",
            ["--import", file("\(name).p8"), "--token", "ONE", "--pin", "123456", "--label", name, "--id", id]
                + ["--force"],
            environment: SoftHSM.environment(of: hsm.path)
        )
    }

    private func run(_ name: String) async throws -> ChildProcess.Outcome {
        try await program.run([
            "import", file(name), "--yes", "--json", "--no-input", "--ca-file", file(name), "--pin-from",
            "file:\(file("pin"))", "--module", SoftHSM.bareModule,
        ])
    }

    @Test func `a key without an identifier is named before anything is written`() async throws {
        try await certificate("bare", ["rsa:2048"])
        for (name, kind) in [("bare.key", "privkey"), ("bare.pub", "pubkey")] {
            let form = kind == "pubkey" ? ["-pubout"] : []
            let source = file("bare.key")
            try await ChildProcess.output(
                of: "openssl",
                ["pkey", "-in", source, "-outform", "DER", "-out", file("\(name).der")] + form
            )
            try await tool(["--write-object", file("\(name).der"), "--type", kind, "--label", "bare"])
        }
        let outcome = try await run("bare1.pem")
        #expect(outcome.status == 65, "\(outcome.errorText)")
        #expect(try outcome.failure()["code"] == "key_without_id")
        let list = try await program.run("list", "--json", "--module", SoftHSM.bareModule).document()
        let token = try #require((list["tokens"] as? [[String: Any]])?.first)
        #expect((token["certificates"] as? [Any])?.isEmpty == true)
    }

    @Test func `a key on a curve without its public half is known by the certificate beside it`() async throws {
        try await certificate("mute", ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
        try await put("mute", id: "a1b2")
        try await tool(["--delete-object", "--type", "pubkey", "--id", "a1b2"])
        let lone = try await run("mute1.pem")
        #expect(try lone.failure()["code"] == "key_nowhere", "\(lone.outputText)")
        try await tool(["--write-object", file("mute1.pem"), "--type", "cert", "--id", "a1b2", "--label", "old"])
        let there = try await run("mute1.pem")
        #expect(there.status == 0, "\(there.errorText)")
        #expect(try there.document()["status"] as? String == "already-there")
        try await certificate("mute", [], serial: "2")
        let following = try await run("mute2.pem")
        #expect(following.status == 0, "\(following.errorText)")
        #expect(try following.document()["status"] as? String == "installed")
    }

    @Test func `keys under one identifier that nothing tells apart are called so, and so is a lone public half`()
        async throws
    {
        for name in ["first", "second"] {
            try await certificate(name, ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"])
            try await put(name, id: "c3d4")
        }
        var codes: Set<String> = []
        for name in ["first1.pem", "second1.pem"] {
            let outcome = try await run(name)
            codes.insert(outcome.status == 0 ? "installed" : try outcome.failure()["code"] ?? "")
            #expect(!outcome.errorText.contains("of this request"))
        }
        #expect(codes.contains("keys_indistinct"), "\(codes)")
        #expect(codes.isSubset(of: ["keys_indistinct", "installed"]), "\(codes)")
        try await tool(["--delete-object", "--type", "privkey", "--label", "first"])
        try await tool(["--delete-object", "--type", "privkey", "--label", "second"])
        let half = try await run("first1.pem")
        #expect(half.status == 66, "\(half.errorText)")
        #expect(try half.failure()["code"] == "key_half_missing")
    }
}
