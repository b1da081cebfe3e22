// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// Links, devices, pipes and folders under the name of a file that is to be written: left as they are, and told.
@Suite struct SpecialFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder(named: "special") }

    private func path(_ name: String) -> String { folder.file(name).path }

    /// One thing of each kind that is no regular file, by its kind.
    private func makeAll() throws -> [String: String] {
        try Data("kept".utf8).write(to: folder.file("target"))
        try FileManager.default.createSymbolicLink(atPath: path("link"), withDestinationPath: "target")
        try FileManager.default.createSymbolicLink(atPath: path("nowhere"), withDestinationPath: "missing")
        try FileManager.default.createDirectory(atPath: path("folder"), withIntermediateDirectories: false)
        #expect(mkfifo(path("pipe"), 0o600) == 0)
        var kinds = ["link": "link", "nowhere": "link", "folder": "folder", "pipe": "pipe"]
        let bound = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(bound) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = path("socket")
        if name.utf8.count < 100 {
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name.utf8) }
            let isBound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(bound, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
            if isBound { kinds["socket"] = "socket" }
        }
        // A copy of /dev/null, which only an administrator can make.
        if mknod(path("null"), S_IFCHR | 0o666, dev_t(1 << 8 | 3)) == 0 { kinds["null"] = "device" }
        return kinds
    }

    private func kindsNow() throws -> [String: mode_t] {
        var kinds: [String: mode_t] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            var status = stat()
            #expect(lstat(path(name), &status) == 0)
            kinds[name] = status.st_mode
        }
        return kinds
    }

    @Test(arguments: [false, true]) func `what is no regular file stays, whether or not files are replaced`(
        force: Bool
    ) throws {
        let kinds = try makeAll()
        let before = try kindsNow()
        for (name, kind) in kinds {
            let expected = CommandError(.notRegularFile)
            #expect(throws: expected, "\(name)") { try NewFile.requireFree(path(name), force: force) }
            #expect(throws: expected, "\(name)") { try NewFile.write([1], to: path(name), force: force) }
            #expect(FileKind(of: path(name))?.rawValue == kind)
        }
        #expect(try kindsNow() == before)
        #expect(try Data(contentsOf: folder.file("target")) == Data("kept".utf8))
    }

    @Test func `regular files are replaced where that is asked for, and free names taken`() throws {
        try NewFile.write([1, 2], to: path("new"), force: false)
        #expect(throws: CommandError(.fileExists)) { try NewFile.write([3], to: path("new"), force: false) }
        try NewFile.write([3], to: path("new"), force: true)
        #expect(try Data(contentsOf: folder.file("new")) == Data([3]))
        #expect(try kindsNow() == ["new": S_IFREG | 0o600])
    }

    @Test func `every command that writes a file leaves links alone, and - is standard output`() async throws {
        let user = try await TokenUser()
        try await user.installed()
        let target = user.program.home.file("target")
        try Data("kept".utf8).write(to: target)
        let link = user.program.home.file("link").path
        try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "target")
        let id = try await user.request()
        for arguments in [
            ["export", "Jan", "-o", link, "--force"], ["requests", id, "--save-summary", link, "--force"],
            ["protocol", id, "--save-as", link, "--force"],
        ] {
            let outcome = try await user.program.run(arguments + ["--json"])
            #expect(outcome.status == 73, "\(arguments): \(outcome.errorText)")
            #expect(outcome.errorText.contains("not_a_regular_file") || outcome.errorText.contains("a link"))
        }
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "target")
        #expect(try Data(contentsOf: target) == Data("kept".utf8))
        for output in ["-", "/dev/stdout"] {
            let outcome = try await user.program.run("export", "Jan", "-o", output)
            #expect(outcome.status == 0 && outcome.outputText.hasPrefix("-----BEGIN CERTIFICATE-----"))
        }
        #expect(!FileManager.default.fileExists(atPath: user.program.home.file("-").path))
    }

    @Test func `units of a timer that are masked or linked stay so`() async throws {
        var program = try Program()
        program.environment["XDG_CONFIG_HOME"] = folder.path
        program.environment["PATH"] = folder.path
        let units = folder.file("systemd/user")
        try FileManager.default.createDirectory(at: units, withIntermediateDirectories: true)
        let unit = units.appendingPathComponent("isignum-watch.timer").path
        try FileManager.default.createSymbolicLink(atPath: unit, withDestinationPath: "/dev/null")
        let outcome = try await program.run("watch", "--install-timer", "--json")
        #expect(outcome.status == 73)
        #expect(try outcome.failure()["code"] == "not_a_regular_file")
        #expect(try await program.run("watch", "--remove-timer").status == 0)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: unit) == "/dev/null")
    }

    @Test func `a configuration that is a device or a pipe is refused at once`() async throws {
        let program = try Program()
        let file = program.home.file("config.toml").path
        for make in [{ mkfifo(file, 0o600) }, { symlink("/dev/zero", file) }] {
            #expect(make() == 0)
            let outcome = try await program.run("config", "show", "--json")
            #expect(outcome.status == 78, "\(outcome.errorText)")
            #expect(try outcome.failure()["code"] == "configuration_unreadable")
            unlink(file)
        }
    }
}
