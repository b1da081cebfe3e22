// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// Words of systemd's unit files, as systemd itself reads them.
@Suite struct UnitWordTests {
    @Test(arguments: [
        ("/home/c$d%e", "\"A=/home/c$d%%e\""), ("x\"y\\z", "\"A=x\\\"y\\\\z\""), ("a\nb\tc", "\"A=a\\x0ab\\x09c\""),
        ("cs_CZ.UTF-8", "\"A=cs_CZ.UTF-8\""), ("Žofie's", "\"A=Žofie's\""),
    ]) func `in a setting specifiers are doubled and dollars are not`(value: String, word: String) {
        #expect(UnitWord.setting("A", value) == word)
    }

    @Test(arguments: [
        ("/opt/a$b%c/isignum", "\"/opt/a$b%%c/isignum\""), ("/opt/isignum", "\"/opt/isignum\""),
        ("/opt/it's/isignum", "/usr/bin/env \"/opt/it's/isignum\""),
        ("/opt/\"$x\\/isignum", "/usr/bin/env \"/opt/\\\"$$x\\\\/isignum\""),
    ]) func `a program's path is its own, and where systemd refuses it env takes it`(path: String, words: String) {
        #expect(UnitWord.program(path) == words)
    }

    @Test(arguments: ["plain", "a$HOME b%c", "q\"x", "it's", "b\\x", "$$", "%h %%", "žluť"])
    func `systemd finds the program`(name: String) async throws {
        let folder = try TemporaryFolder(named: "unit")
        let place = folder.file(name)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false)
        let program = place.appendingPathComponent("isignum").path
        try FileManager.default.copyItem(atPath: "/bin/true", toPath: program)
        let unit = folder.file("watch.service").path
        let text = """
            [Service]
            Type=oneshot
            ExecStart=\(UnitWord.program(program)) watch --no-input
            Environment=\(UnitWord.setting("ISIGNUM_HOME", place.path))

            """
        try Data(text.utf8).write(to: URL(fileURLWithPath: unit))
        let verdict = try await ChildProcess.run("systemd-analyze", ["verify", unit])
        #expect(!verdict.errorText.contains("watch.service"), "\(verdict.errorText)")
    }
}
