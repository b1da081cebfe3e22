// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Keys that come in PKCS#12 files: old and new ones, wrong and hostile ones.
@Suite struct ImportKeyTests {
    let user: TokenUser
    let password = "tajné heslo"

    init() async throws {
        user = try await TokenUser()
        try Data((password + "\n").utf8).write(to: user.program.home.file("password"))
        try await openssl(
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=Stary Klic",
            "-days",
            "30",
            "-addext",
            "basicConstraints=critical,CA:FALSE"
        )
    }

    private func openssl(_ arguments: String...) async throws {
        var arguments = arguments
        if arguments[0] == "req" { arguments += ["-keyout", user.file("k.pem"), "-out", user.file("c.pem")] }
        try await ChildProcess.output(of: "openssl", arguments)
    }

    private func pack(_ options: [String]) async throws -> String {
        let file = user.file("key.p12")
        try await ChildProcess.output(
            of: "openssl",
            ["pkcs12", "-export", "-out", file, "-passout", "file:\(user.file("password"))"] + options
        )
        return file
    }

    private var both: [String] { ["-inkey", user.file("k.pem"), "-in", user.file("c.pem"), "-name", "starý klíč"] }

    private func run(
        _ file: String,
        _ others: String...,
        password: String = "password"
    ) async throws -> ChildProcess.Outcome {
        try await user.program.run(
            ["import-key", file, "--yes", "--password-from", "file:\(user.file(password))"] + others + user.secrets
        )
    }

    @Test(arguments: [
        ["-legacy"], ["-legacy", "-keypbe", "PBE-SHA1-RC2-40", "-certpbe", "PBE-SHA1-RC2-40"],
        ["-legacy", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"],
        ["-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC", "-iter", "100000"],
        ["-keypbe", "NONE", "-certpbe", "NONE"],
    ])
    func `a key from a file signs beside its certificate and is called imported`(options: [String]) async throws {
        let outcome = try await run(try await pack(both + options))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let document = try outcome.document()
        #expect(document["status"] as? String == "installed" && document["imported"] as? Bool == true)
        #expect(document["findings"] as? [String] == ["certificate_chain_refused"])
        let listed = try #require(try await user.certificates().first)
        #expect(listed["hasKey"] as? Bool == true && listed["imported"] as? Bool == true)
        #expect(listed["area"] as? String == "general")
        let shown = try await user.program.run("show", "stary klic")
        #expect(shown.outputText.contains("imported, never with a marker"))
        // The converse of a hint that was there before.
        let certificate = try await user.run("import", user.file("key.p12"), "--yes")
        #expect(try certificate.failure()["code"] == "certificate_in_key_file")
        #expect(try certificate.failure()["hint"]?.contains("isignum import-key") == true)
        let again = try await run(user.file("key.p12"), "--verbose")
        #expect(again.status == 0, "\(again.errorText)")
        #expect(try again.document()["status"] as? String == "already-there")
        #expect(again.errorText.contains("its certificate: it does not lead to a trusted root"), "\(again.errorText)")
        #expect(try await user.certificates().count == 1)
        #expect(try await user.device.publicKeys(slot: 0) == 1)
    }

    @Test func `a wrong password, no key, several keys: each is said, and nothing is written`()
        async throws
    {
        let good = try await pack(both)
        try Data("jiné heslo\n".utf8).write(to: user.program.home.file("wrong"))
        let wrong = try await run(good, password: "wrong")
        #expect(wrong.status == 77)
        #expect(try wrong.failure()["code"] == "pkcs12_password_wrong")
        #expect(!wrong.errorText.contains("jiné heslo") && !wrong.outputText.contains("jiné heslo"))
        let noKey = try await run(try await pack(["-nokeys", "-in", user.file("c.pem")]))
        #expect(noKey.status == 65)
        #expect(try noKey.failure()["code"] == "pkcs12_no_key")
        let several = user.file("several.p12")
        try Data(try await fileWithTwoKeys()).write(to: URL(fileURLWithPath: several))
        let ambiguous = try await run(several)
        #expect(ambiguous.status == 65, "\(ambiguous.errorText)")
        #expect(try ambiguous.failure()["code"] == "pkcs12_several_keys")
        #expect(try user.device.count(of: "C_CreateObject") == 0)
        #expect(try user.device.count(of: "C_Login") == 0)
    }

    @Test func `what no password would help with is said before one is asked for`() async throws {
        for (options, code) in [
            (["-nokeys", "-in", user.file("c.pem"), "-certpbe", "NONE"], "pkcs12_no_key"),
            (both + ["-iter", "9000000"], "pkcs12_too_costly"),
        ] {
            let file = try await pack(options + (options.contains("9000000") ? ["-nomac"] : []))
            let outcome = try await user.run("import-key", file, "--yes", "--software-store")
            #expect(outcome.status == 65, "\(outcome.errorText)")
            #expect(try outcome.failure()["code"] == code)
        }
        #expect(!FileManager.default.fileExists(atPath: user.file("nssdb")))
        let keyless = try await run(try await pack(["-nokeys", "-in", user.file("c.pem")]))
        #expect(try keyless.failure()["message"] == "the file holds no private key, only a certificate")
        #expect(try keyless.failure()["hint"]?.contains("openssl pkcs12 -nokeys") == true)
    }

    @Test func `a password that an old program took byte by byte opens its file, with a warning`() async throws {
        let old = String(password.utf8.map { Character(Unicode.Scalar($0)) })
        let file = user.file("old.p12")
        try await ChildProcess.output(
            of: "openssl",
            ["pkcs12", "-export", "-legacy", "-out", file, "-passout", "pass:\(old)"] + both
        )
        let outcome = try await run(file, "--verbose")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.errorText.contains("as only old programs did"), "\(outcome.errorText)")
        #expect(try outcome.document()["oldPasswordForm"] as? Bool == true)
    }

    @Test func `a key alone is taken, and its certificate may follow`() async throws {
        let file = try await pack(["-nocerts", "-inkey", user.file("k.pem")])
        let bare = try await run(file)
        #expect(bare.status == 0, "\(bare.errorText)")
        #expect(try bare.document()["certificate"] == nil)
        let follows = try await user.run("import", user.file("c.pem"), "--yes", "--ca-file", user.file("c.pem"))
        #expect(follows.status == 0, "\(follows.errorText)")
        #expect(try await user.certificates().map { $0["imported"] as? Bool } == [true])
    }

    @Test func `a file of 50 MB is refused before it is read, and one that is none says so`() async throws {
        let large = user.file("large.p12")
        #expect(FileManager.default.createFile(atPath: large, contents: nil))
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: large))
        try handle.truncate(atOffset: 50 << 20)
        try handle.close()
        let refused = try await run(large)
        #expect(refused.status == 65)
        #expect(try refused.failure()["code"] == "file_too_large")
        let broken = user.file("broken.p12")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: try await pack(both)))
        try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: broken))
        let cut = try await run(broken)
        #expect(cut.status == 65)
        #expect(try cut.failure()["code"] == "pkcs12_malformed")
        let none = try await user.run("import-key", large, "--yes")
        #expect(none.status == 65)
        let needed = try await user.run("import-key", user.file("key.p12"), "--yes")
        #expect(needed.status == 64)
        #expect(try needed.failure()["code"] == "password_needed")
    }

    @Test(arguments: ["C_CreateObject:1 kill-after", "C_CreateObject:2 kill-after", "C_CreateObject:3 kill"])
    func `a killed import is carried on by the next one`(fault: String) async throws {
        let file = try await pack(both)
        try user.device.setFault(fault)
        #expect(try await run(file).wasSignalled)
        try user.device.clearFaults()
        let outcome = try await run(file)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try await user.device.publicKeys(slot: 0) == 1)
        let listed = try await user.certificates()
        #expect(listed.map { $0["imported"] as? Bool } == [true])
    }

    /// RFC 7292, section 4: two key bags in the clear. No program at hand writes such a file.
    private func fileWithTwoKeys() async throws -> [UInt8] {
        func der(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
            let content = parts.flatMap(\.self)
            let length = [UInt8(content.count >> 8 & 0xFF), UInt8(content.count & 0xFF)]
            return [tag, 0x82] + length + content
        }
        let plain: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01]
        let keyBag: [UInt8] = [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01, 0x01]
        let key = user.file("k.der")
        try await openssl(
            "pkcs8",
            "-topk8",
            "-nocrypt",
            "-in",
            user.file("k.pem"),
            "-outform",
            "DER",
            "-out",
            key
        )
        let bag = der(0x30, keyBag, der(0xA0, [UInt8](try Data(contentsOf: URL(fileURLWithPath: key)))))
        let safe = der(0x30, plain, der(0xA0, der(0x04, der(0x30, bag, bag))))
        return der(0x30, [0x02, 0x01, 0x03], der(0x30, plain, der(0xA0, der(0x04, der(0x30, safe)))))
    }
}
