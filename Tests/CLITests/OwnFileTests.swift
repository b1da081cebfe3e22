// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The client's own files are their owner's alone, and what others could have written decides nothing.
@Suite struct OwnFileTests {
    @Test(arguments: ["0", "022", "0277"]) func `files and folders are closed to others, whatever the umask`(
        umask: String
    ) async throws {
        let user = try await TokenUser()
        let home = user.program.home.file("own")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: false)
        let configuration = user.program.home.file("config.toml")
        try FileManager.default.copyItem(at: configuration, to: home.appendingPathComponent("config.toml"))
        chmod(home.appendingPathComponent("config.toml").path, 0o600)
        let environment = ["ISIGNUM_HOME": home.path, "LC_ALL": "C.UTF-8", "https_proxy": ""]
            .merging(user.program.environment) { $1 }
        let client = try BuildProducts.file("isignum").path
        for arguments in [
            ["new", "--type", "qualified", "--name", "Jan Žižka"] + user.secrets,
            ["install", "--accept"] + user.secrets,
            ["config", "set", "language", "en"], ["watch", "--json"],
        ] {
            let outcome = try await ChildProcess.run(
                "bash",
                ["-c", "umask \(umask); exec \"$0\" \"$@\"", client] + arguments,
                environment: environment
            )
            #expect(outcome.status == 0, "\(arguments): \(outcome.errorText)")
        }
        let files = try FileManager.default.subpathsOfDirectory(atPath: home.path)
        #expect(files.contains("cache/modules.json") && files.contains { $0.hasPrefix("cache/devices-") })
        for name in files {
            var status = stat()
            #expect(lstat(home.appendingPathComponent(name).path, &status) == 0)
            let wanted: mode_t = status.st_mode & S_IFMT == S_IFDIR ? 0o700 : 0o600
            #expect(status.st_mode & 0o777 == wanted, "\(name): \(String(status.st_mode & 0o777, radix: 8))")
        }
    }

    @Test func `a verdict on a module that others could have written is not believed`() async throws {
        var program = try Program()
        let module = try BuildProducts.file("libBrokenModules.so").path
        program.knowsModules = false
        program.environment = ["ISIGNUM_BROKEN": "talk", "ISIGNUM_BROKEN_BACKEND": SoftHSM.bareModule]
        #expect(try await program.run("device", "list", "--json", "--module", module).status == 0)
        let cache = program.home.file("cache/modules.json").path
        #expect(try String(contentsOfFile: cache, encoding: .utf8).contains("usable"))
        // Whoever believes that the module starts is taken along by its crash.
        program.environment["ISIGNUM_BROKEN"] = "initialize"
        chmod(cache, 0o666)
        let outcome = try await program.run("list", "--json", "--module", module)
        #expect(!outcome.wasSignalled && outcome.status == 78, "\(outcome.errorText)")
        #expect(try outcome.failure()["code"] == "module_crashed")
    }
}
