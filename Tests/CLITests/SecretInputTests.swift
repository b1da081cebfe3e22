// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// Secrets from files and descriptors. The values are made up here.
@Suite struct SecretInputTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder(named: "secrets") }

    private func write(_ text: String) throws -> String {
        let file = folder.file("pin")
        try Data(text.utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        return file.path
    }

    private func text(_ secret: consuming PIN?) -> String? {
        guard let secret else { return nil }
        return unsafe secret.withBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// What a source gives, as text; only here, where nothing is secret.
    private func read(_ source: String) async throws -> String? {
        text(try await SecretInput(source).read(asking: "PIN"))
    }

    @Test func `a flag names a descriptor, a file, pinentry or nothing`() throws {
        #expect(try SecretInput(nil) == .terminal)
        #expect(try SecretInput("fd:0") == .descriptor(0))
        #expect(try SecretInput("fd:17") == .descriptor(17))
        #expect(try SecretInput("file:/run/pin") == .file("/run/pin"))
        #expect(try SecretInput("file:fd:3") == .file("fd:3"))
        #expect(try SecretInput("pinentry") == .pinentry)
    }

    @Test(arguments: [
        "", "1234", "fd:", "fd:-1", "fd:x", "fd: 3", "fd:99999999999", "file:", "FILE:pin", "pinentry ", "env:PIN",
        "pass:1234",
    ]) func `anything else is refused, a secret on the command line above all`(flag: String) throws {
        #expect(throws: SecretSourceError.malformed) { try SecretInput(flag) }
    }

    @Test(arguments: [
        ("482913", "482913"), ("482913\n", "482913"), ("482913\r\n", "482913"), ("482913\nsecond\n", "482913"),
        ("48 29", "48 29"), ("žluťoučký\n", "žluťoučký"), ("482913\r\n second \n", "482913"),
    ]) func `the first line of a file is the secret, whatever ends it`(content: String, secret: String) async throws {
        #expect(try await read("file:" + (try write(content))) == secret)
    }

    @Test(arguments: [
        ("\u{FEFF}482913\n", SecretFlaw.byteOrderMark), ("\u{FEFF}\n482913\n", .byteOrderMark),
        ("4\u{0}8\u{0}2\u{0}\n", .zeroByte), (" 482913\n", .outerBlank), ("482913\t\n", .outerBlank),
        ("482913\u{A0}\r\n", .outerBlank), ("48\u{1B}29\n", .controlCharacter), ("\r\r\n", .controlCharacter),
    ]) func `what is no secret is refused by its file and by its kind, for every secret`(
        content: String,
        flaw: SecretFlaw
    ) async throws {
        let path = try write(content)
        await #expect(throws: SecretSourceError.flawed(path, flaw)) { try await read("file:" + path) }
        await #expect(throws: SecretSourceError.flawed(path, flaw)) {
            if let _: FilePassword = try await SecretInput("file:" + path).read(asking: "") {}
        }
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data(content.utf8))
        try pipe.fileHandleForWriting.close()
        let flag = "fd:\(pipe.fileHandleForReading.fileDescriptor)"
        await #expect(throws: SecretSourceError.flawed(flag, flaw)) { try await read(flag) }
    }

    @Test func `files of UTF-16 and UTF-32 are told from their bytes`() async throws {
        for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian, .utf32LittleEndian, .utf32BigEndian] {
            for mark in ["\u{FEFF}", ""] {
                let path = try write("")
                try (mark + "482913\r\n").data(using: encoding)?.write(to: URL(fileURLWithPath: path))
                let flaw = mark.isEmpty ? SecretFlaw.zeroByte : .byteOrderMark
                await #expect(throws: SecretSourceError.flawed(path, flaw)) { try await read("file:" + path) }
            }
        }
    }

    @Test func `a descriptor that is named is inherited by no program`() throws {
        let pipe = Pipe()
        let number = pipe.fileHandleForReading.fileDescriptor
        _ = fcntl(number, F_SETFD, 0)
        #expect(try SecretInput("fd:\(number)") == .descriptor(number))
        #expect(fcntl(number, F_GETFD) & FD_CLOEXEC != 0)
    }

    @Test(arguments: ["", "\n", "\r\n", "\n482913\n"]) func `an empty first line is no secret`(
        content: String
    ) async throws {
        #expect(try await read("file:" + (try write(content))) == nil)
    }

    @Test func `a secret may fill its room, and no more`() async throws {
        let longest = String(repeating: "7", count: PIN.capacity - 1)
        #expect(try await read("file:" + (try write(longest + "\n"))) == longest)
        let path = try write(String(repeating: "7", count: 100_000))
        await #expect(throws: SecretSourceError.tooLong(path)) { try await read("file:" + path) }
    }

    @Test func `only regular files are read, and a pipe without a writer keeps nobody waiting`() async throws {
        let missing = folder.file("missing").path
        await #expect(throws: SecretSourceError.unreadable(missing)) { try await read("file:" + missing) }
        await #expect(throws: SecretSourceError.unreadable(folder.path)) { try await read("file:" + folder.path) }
        await #expect(throws: SecretSourceError.unreadable("/dev/zero")) { try await read("file:/dev/zero") }
        let pipe = folder.file("pipe").path
        #expect(mkfifo(pipe, 0o600) == 0)
        await #expect(throws: SecretSourceError.unreadable(pipe)) { try await read("file:" + pipe) }
    }

    @Test func `a link to a file is that file`() async throws {
        let link = folder.file("link")
        try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: try write("482913\n"))
        #expect(try await read("file:" + link.path) == "482913")
    }

    @Test func `two lines of one descriptor are two secrets`() async throws {
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("482913\nžluť 7\nrest".utf8))
        try pipe.fileHandleForWriting.close()
        let flag = "fd:\(pipe.fileHandleForReading.fileDescriptor)"
        #expect(try await read(flag) == "482913")
        #expect(try await read(flag) == "žluť 7")
        #expect(try await read(flag) == "rest")
        #expect(try await read(flag) == nil)
    }

    @Test func `a descriptor that is not open cannot be read`() async throws {
        await #expect(throws: SecretSourceError.unreadable("fd:9999")) { try await read("fd:9999") }
    }

    @Test func `a file that others can read is noticed`() throws {
        let path = try write("482913\n")
        #expect(try !SecretInput("file:" + path).isOpenToOthers)
        for mode in [0o640, 0o604, 0o644] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(try SecretInput("file:" + path).isOpenToOthers)
        }
        #expect(try !SecretInput("fd:0").isOpenToOthers)
    }
}
