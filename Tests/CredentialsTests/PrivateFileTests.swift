// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import Testing

/// Caches: made for their owner alone, and believed only where nobody else could have written them.
@Suite final class PrivateFileTests {
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("private-\(UUID().uuidString)")
        .path
    private var file: String { "\(folder)/cache/known.json" }
    private let content = Array("{\"known\": true}".utf8)

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    private func mode(_ path: String) -> mode_t {
        var status = stat()
        return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
    }

    @Test func `what is written is read, for its owner alone, and nothing else is left`() throws {
        PrivateFile.write(content, to: file)
        #expect(PrivateFile.read(file, atMost: 100) == content)
        #expect(mode(file) == 0o600 && mode("\(folder)/cache") == 0o700 && mode(folder) == 0o700)
        PrivateFile.write([], to: file)
        #expect(PrivateFile.read(file, atMost: 0) == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/cache") == ["known.json"])
    }

    @Test(arguments: [0o602, 0o620, 0o666] as [mode_t])
    func `a file that others may write is not believed, and the next one is the owner's alone`(mode: mode_t) {
        PrivateFile.write(content, to: file)
        chmod(file, mode)
        #expect(PrivateFile.read(file, atMost: 100) == nil)
        PrivateFile.write(content, to: file)
        #expect(PrivateFile.read(file, atMost: 100) == content && self.mode(file) == 0o600)
    }

    @Test func `a folder that others may write is not believed, and is closed`() {
        PrivateFile.write(content, to: file)
        chmod("\(folder)/cache", 0o777)
        #expect(PrivateFile.read(file, atMost: 100) == nil)
        PrivateFile.write(content, to: file)
        #expect(mode("\(folder)/cache") == 0o700 && PrivateFile.read(file, atMost: 100) == content)
    }

    @Test func `what others may only read is believed`() {
        PrivateFile.write(content, to: file)
        chmod(file, 0o644)
        chmod("\(folder)/cache", 0o755)
        #expect(PrivateFile.read(file, atMost: 100) == content)
    }

    @Test func `links, pipes and folders are neither read nor replaced`() throws {
        PrivateFile.write(content, to: "\(folder)/cache/real")
        try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: "real")
        #expect(PrivateFile.read(file, atMost: 100) == nil)
        PrivateFile.write([1], to: file)
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: file) == "real")
        #expect(PrivateFile.read("\(folder)/cache/real", atMost: 100) == content)
        unlink(file)
        #expect(mkfifo(file, 0o600) == 0)
        #expect(PrivateFile.read(file, atMost: 100) == nil)
        PrivateFile.write(content, to: file)
        var status = stat()
        #expect(lstat(file, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    }

    @Test func `a file that is larger than any cache is not read`() {
        PrivateFile.write(content, to: file)
        #expect(PrivateFile.read(file, atMost: content.count) == content)
        #expect(PrivateFile.read(file, atMost: content.count - 1) == nil)
        #expect(PrivateFile.read("\(folder)/missing", atMost: 100) == nil)
    }
}
