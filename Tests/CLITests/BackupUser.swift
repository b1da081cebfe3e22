// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Somebody without a token who keeps a backup of the key.
struct BackupUser {
    let ca: RunningCA
    let program: Program

    init(password: String = "silné heslo", on ca: RunningCA? = nil) throws {
        self.ca = try ca ?? RunningCA("--auto-approve", "0")
        program = try Program()
        try program.configure("modules = []\nsystem-modules = false\n" + self.ca.configuration)
        try Self.write("heslo k databázi", to: program.home.file("pin"))
        try Self.write(password, to: program.home.file("password"))
    }

    static func write(_ text: String, to file: URL) throws {
        try Data((text + "\n").utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }

    /// Where the backup goes.
    var backup: URL { program.home.file("backup.p12") }
    var pin: [String] { ["--json", "--no-input", "--pin-from", "file:\(program.home.file("pin").path)"] }
    var password: [String] { ["--password-from", "file:\(program.home.file("password").path)"] }

    var beginning: [String] {
        ["new", "--software-store", "--type", "commercial", "--name", "Jan Žižka"] + pin + password
            + ["--backup-key", backup.path]
    }

    func requests() async throws -> [[String: Any]] {
        try #require(try await program.run("requests", "--json").document()["requests"] as? [[String: Any]])
    }

    /// The fingerprint of the key in a backup, as OpenSSL reads it.
    func fingerprint(of file: URL) async throws -> String {
        let password = "file:\(program.home.file("password").path)"
        let key = try await ChildProcess.output(
            of: "openssl",
            ["pkcs12", "-in", file.path, "-nodes", "-nocerts", "-passin", password]
        )
        let der = try await ChildProcess.run("openssl", ["pkey", "-pubout", "-outform", "DER"], input: Data(key.utf8))
        return String(try await ChildProcess.output(of: "sha256sum", input: der.output).prefix(64))
    }

    /// Puts a program of one's own in front of the others, where the password is asked for.
    func desktop(askingWith script: String) throws -> (Program, TemporaryFolder) {
        let desk = try TemporaryFolder(named: "pinentry")
        let text = """
            #!/bin/sh
            echo "OK at your service"
            while read -r line; do
                case $line in
                    GETPIN) \(script); printf 'D silné heslo\\nOK\\n' ;;
                    *) echo OK ;;
                esac
            done

            """
        try Data(text.utf8).write(to: desk.file("pinentry"))
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: desk.file("pinentry").path)
        var desktop = program
        desktop.environment = ["PATH": "\(desk.path):/usr/bin:/bin", "DISPLAY": ":none"]
        return (desktop, desk)
    }
}
