// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Secrets from a pinentry program: a little one that does what each test needs, found by its name like the real one.
@Suite struct PinentryTests {
    let ca: RunningCA
    let device: SimulatedDevice
    let program: Program
    let folder: TemporaryFolder

    init() async throws {
        ca = try RunningCA()
        device = try await SimulatedDevice.provision()
        folder = try TemporaryFolder(named: "pinentry")
        var program = try Program(on: device)
        program.environment["PATH"] = "\(folder.path):/usr/bin:/bin"
        // Where there is a desktop a window opens, and the terminal is left alone.
        program.environment["DISPLAY"] = ":none"
        try program.configure("modules = [\"\(try SimulatedDevice.module())\"]\n" + ca.configuration)
        self.program = program
    }

    /// Puts a program there that answers each command with a remark, news and a yes, and GETPIN as told.
    private func install(_ answer: String) throws {
        let script = """
            #!/bin/sh
            echo "OK at your service"
            while read -r line; do
                printf '%s\\n' "$line" >> '\(folder.path)/log'
                case $line in
                    GETPIN) \(answer) ;;
                    *) printf '# remark\\nS NEWS of no matter\\nOK\\n' ;;
                esac
            done

            """
        let file = folder.file("pinentry")
        try Data(script.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
    }

    private let flags = ["new", "--type", "commercial", "--yes", "--no-input", "--json", "--pin-from", "pinentry"]

    /// The PIN with every byte escaped.
    private var escaped: String {
        get throws {
            try SimulatedDevice.secret("pin", of: device.path).trimmingCharacters(in: .newlines).utf8
                .map { String(format: "%%%02X", $0) }.joined()
        }
    }

    private var log: String { get throws { try String(contentsOf: folder.file("log"), encoding: .utf8) } }

    @Test func `the answer is unescaped, and what a token is called cannot give commands`() async throws {
        try install("printf '# wait\\nS PASSWORD_FROM_CACHE\\nD %s\\nOK\\n' '\(try escaped)'")
        let outcome = try await program.run(flags)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let commands = try log.split(separator: "\n").map { $0.prefix { $0 != " " } }
        #expect(commands.filter { $0 != "OPTION" } == ["SETPROMPT", "SETDESC", "GETPIN"])
        #expect(try device.count(of: "C_Login") == 1)
    }

    @Test(arguments: [
        ("printf 'ERR 83886179 Operation cancelled <Pinentry>\\n'", 75, "cancelled"),
        ("echo OK", 75, "cancelled"),
        ("exit 0", 66, "pin_needed"),
        ("printf 'D 1234'; exit 0", 66, "pin_needed"),
        ("printf 'D 12%%4\\nOK\\n'", 66, "pin_needed"),
        ("printf 'D 1234\\nERR 1 too late\\n'", 66, "pin_needed"),
        ("printf 'D %01000d\\nOK\\n' 0", 66, "pin_needed"),
        ("printf 'HTTP/1.1 200\\n'", 66, "pin_needed"),
    ]) func `anything but an answer costs no try`(answer: String, status: Int32, code: String) async throws {
        try install(answer)
        let outcome = try await program.run(flags)
        #expect(outcome.status == status)
        #expect(try outcome.failure()["code"] == code)
        #expect(try device.count(of: "C_Login") == 0)
    }

    @Test func `without the program the secret is missing`() async throws {
        var program = program
        program.environment["PATH"] = folder.path
        let outcome = try await program.run(flags)
        #expect(outcome.status == 66)
        #expect(try outcome.failure()["code"] == "pin_needed")
    }

    @Test func `a signal does not wait for an open window, and closes it`() async throws {
        try install(
            "echo $$ > '\(folder.path)/pid.new'; mv '\(folder.path)/pid.new' '\(folder.path)/pid'; read -r never"
        )
        let running = try await program.start(flags)
        let file = folder.file("pid")
        // A file has no event that could be waited for here.
        while !FileManager.default.fileExists(atPath: file.path), running.isRunning {
            try await Task.sleep(for: .milliseconds(5))
        }
        let window = try #require(
            pid_t(try String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .newlines))
        )
        running.send(SIGINT)
        #expect(await running.ended().status == 130)
        #expect(kill(window, 0) == -1)
    }

    @Test func `one that asks on the terminal gets the terminal, and gives it back`() async throws {
        try install(
            """
            printf 'Little window: ' > /dev/tty; read -r typed < /dev/tty
                        [ "$typed" = now ] && printf 'D %s\\nOK\\n' '\(try escaped)'
            """
        )
        var program = program
        program.environment["DISPLAY"] = nil
        let talk = try Conversation(
            program,
            ["new", "--type", "commercial", "--lang", "en", "--pin-from", "pinentry"],
            columns: 100,
            [
                ("For whom [", "\n"), ("Your name [", "\n"), ("E-mail [", "\n"), ("Mobile phone [", "\n"),
                ("Token [1]", "\n"), ("[Y/n]", "\n"), ("Little window", "now\n"),
            ]
        )
        let outcome = try await talk.run()
        #expect(outcome.status == 0, "\(outcome.shown)")
        #expect(try log.contains("OPTION ttyname=/dev/tty"))
    }
}
