// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The ways by which secrets could get out of a running client: crash reports, cores, debuggers, the descriptors of
/// programs that it starts, the keys of its connections.
@Suite struct ExposureTests {
    private let pin = "7395174826"
    let ca: RunningCA

    init() throws { ca = try RunningCA() }

    /// A program with a token of SoftHSM behind a module that goes wrong in C_Login.
    private func program(_ way: String, on token: SoftHSM, _ others: [String: String] = [:]) throws -> Program {
        var program = try Program()
        let broken = ["ISIGNUM_BROKEN": way, "ISIGNUM_BROKEN_BACKEND": SoftHSM.bareModule]
        program.environment = SoftHSM.environment(of: token.path).merging(broken) { $1 }.merging(others) { $1 }
        let file = program.home.file("pin")
        try Data((pin + "\n").utf8).write(to: file)
        chmod(file.path, 0o600)
        try program.configure(
            "modules = [\"\(try BuildProducts.file("libBrokenModules.so").path)\"]\n" + ca.configuration
        )
        return program
    }

    private func logIn(_ program: Program) -> [String] {
        let pin = "file:\(program.home.file("pin").path)"
        return ["new", "--type", "commercial", "--name", "Jan", "--no-input", "--json", "--pin-from", pin]
    }

    @Test func `a module that crashes in C_Login takes no PIN into a report, whatever the runtime is told`()
        async throws
    {
        let token = try await SoftHSM.provision([SoftHSM.Token(label: "CRASH", pin: pin)])
        let backtraces = ["SWIFT_BACKTRACE": "enable=yes,color=no,interactive=no,registers=all,threads=all"]
        let program = try program("crash-in-login", on: token, backtraces)
        let outcome = try await program.run(logIn(program))
        #expect(outcome.wasSignalled && outcome.status == SIGSEGV, "\(outcome.status) \(outcome.errorText)")
        for text in [outcome.outputText, outcome.errorText] {
            #expect(!text.contains(pin) && !text.contains("37 33 39 35"), "\(text)")
        }
    }

    @Test func `a core that is taken during C_Login does not hold the PIN`() async throws {
        let token = try await SoftHSM.provision([SoftHSM.Token(label: "WAIT", pin: pin)])
        let sign = try TemporaryFolder(named: "core")
        let program = try program("wait-in-login", on: token, ["ISIGNUM_BROKEN_SIGN": sign.file("there").path])
        let running = try await program.start(logIn(program))
        defer { running.send(SIGKILL) }
        // A file has no event that could be waited for here.
        while !FileManager.default.fileExists(atPath: sign.file("there").path), running.isRunning {
            try await Task.sleep(for: .milliseconds(5))
        }
        try #require(running.isRunning)
        let core = sign.file("core").path
        let taken = try await ChildProcess.run("gcore", ["-o", core, "\(running.id)"], timeout: 300)
        guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: "\(core).\(running.id)"), options: .alwaysMapped)
        else {
            // Nobody but the administrator gets one at all.
            #expect(geteuid() != 0, "\(taken.errorText)")
            return
        }
        #expect(bytes.count > 1 << 20)
        #expect(bytes.range(of: Data(pin.utf8)) == nil)
        // What is looked for would be found: the file's name is on the heap.
        #expect(bytes.range(of: Data(program.home.file("pin").path.utf8)) != nil)
    }

    @Test func `no debugger of the same user gets in, and modules are tried all the same`() async throws {
        // As another user where the tests run as root, whom nothing keeps out.
        let isRoot = geteuid() == 0
        let folder = try TemporaryFolder(named: "user")
        chmod(folder.path, 0o755)
        let home = folder.file("home")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        if isRoot { chown(home.path, 65_534, 65_534) }
        let program = folder.file("isignum").path
        try FileManager.default.copyItem(at: try BuildProducts.file("isignum"), to: URL(fileURLWithPath: program))
        let settings = folder.file("softhsm2.conf")
        try Data("directories.tokendir = \(home.path)\nobjectstore.backend = file\n".utf8).write(to: settings)
        let pipe = home.appendingPathComponent("ids").path
        #expect(mkfifo(pipe, 0o666) == 0)
        chmod(pipe, 0o666)
        let environment = ["ISIGNUM_HOME": home.path, "SOFTHSM2_CONF": settings.path, "LC_ALL": "C.UTF-8"]
        let prefix = isRoot ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["env"]
        let list = try await ChildProcess.run(
            prefix[0],
            prefix.dropFirst() + [program, "device", "list", "--json", "--module", SoftHSM.bareModule],
            environment: environment
        )
        #expect(list.status == 0, "\(list.errorText)")
        #expect((try list.document()["modules"] as? [Any])?.isEmpty == true, "\(list.outputText)")
        let running = try RunningProcess(
            prefix[0],
            prefix.dropFirst() + [program, "status", "--from", pipe],
            environment: environment,
            errors: .pipe
        )
        defer { running.send(SIGKILL) }
        // What it says first, it says when all is in place.
        _ = try running.errors?.read(upToCount: 1)
        var status = stat()
        #expect(stat("/proc/\(running.id)/environ", &status) == 0 && status.st_uid == 0)
        let core = home.appendingPathComponent("core").path
        let taken = try await ChildProcess.run(
            prefix[0],
            prefix.dropFirst() + ["gcore", "-o", core, "\(running.id)"],
            timeout: 300
        )
        #expect(!FileManager.default.fileExists(atPath: "\(core).\(running.id)"), "\(taken.errorText)")
        let limits = try String(contentsOfFile: "/proc/\(running.id)/limits", encoding: .utf8)
        #expect(limits.contains(#/Max core file size +0 /#), "\(limits)")
    }

    @Test func `programs that are started get three descriptors and no secret`() async throws {
        let user = try await TokenUser(approvedAtOnce: false)
        let folder = try TemporaryFolder(named: "programs")
        // What a listing has open itself is gone when it is looked at.
        let script = """
            #!/usr/bin/python3
            import os, sys
            with open(b'\(folder.path)/seen', 'a') as seen:
                for number in os.listdir('/proc/self/fd'):
                    try: leads = os.readlink(f'/proc/self/fd/{number}')
                    except OSError: continue
                    print(os.path.basename(sys.argv[0]), number, leads, file=seen)
            if sys.argv[0].endswith('pinentry'): sys.exit(1)
            sys.stdin.read()

            """
        for name in ["lp", "wl-copy", "pinentry"] {
            try Data(script.utf8).write(to: folder.file(name))
            chmod(folder.file(name).path, 0o755)
        }
        var program = user.program
        program.environment["PATH"] = "\(folder.path):/usr/bin:/bin"
        program.environment["WAYLAND_DISPLAY"] = "wayland-9"
        let pin = try SimulatedDevice.secret("pin", of: user.device.path).trimmingCharacters(in: .newlines)
        try Data("\(pin)\nsecond secret\n".utf8).write(to: program.home.file("secrets"))
        // Without marks that an exec would close them by, as a shell hands descriptors over.
        let command = "exec \"$0\" \"$@\" 18< '\(program.home.path)/secrets' 33< /etc/hostname"
        func run(_ arguments: [String]) async throws -> ChildProcess.Outcome {
            try await ChildProcess.run(
                "bash",
                ["-c", command, try BuildProducts.file("isignum").path] + arguments,
                environment: ["ISIGNUM_HOME": program.home.path, "LC_ALL": "C.UTF-8"].merging(program.environment) {
                    $1
                }
            )
        }
        let new = ["new", "--type", "commercial", "--name", "Jan", "--no-input", "--json"]
        let outcome = try await run(new + ["--pin-from", "fd:18", "--copy-id", "--print-summary"])
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try await run(new + ["--pin-from", "pinentry"]).status == 66)
        let seen = try String(contentsOf: folder.file("seen"), encoding: .utf8).split(separator: "\n")
        #expect(Set(seen.compactMap { $0.split(separator: " ").first }) == ["lp", "wl-copy", "pinentry"])
        for line in seen {
            let words = line.split(separator: " ")
            #expect(["0", "1", "2"].contains(words[1]) || words.last?.hasSuffix("/seen") == true, "\(line)")
        }
    }

    @Test func `the keys of a connection are written nowhere`() async throws {
        let user = try await TokenUser()
        var program = user.program
        let file = program.home.file("tls-keys")
        program.environment["SSLKEYLOGFILE"] = file.path
        let outcome = try await program.run("status", "BP1234567890", "--json")
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try user.ca.exchanges().isEmpty == false)
        #expect(!FileManager.default.fileExists(atPath: file.path))
    }
}
