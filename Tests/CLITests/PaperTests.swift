// SPDX-License-Identifier: Apache-2.0

import Foundation
import Paper
import TestSupport
import Testing

@testable import isignum_cli

/// What a person takes away: the page for the branch, on paper or as a file, and the ID in a clipboard.
@Suite struct PaperTests {
    let user: TroubledUser
    let folder: TemporaryFolder

    init() async throws {
        user = try await TroubledUser()
        folder = try TemporaryFolder(named: "paper")
    }

    private func file(_ name: String) -> String { folder.file(name).path }

    private func asking(_ flags: String...) -> [String] {
        [
            "new", "--type", "qualified", "--name", "Žofie Příšerná-Ďáblová", "--email", "zofie@example.cz", "--phone",
            "+420777123456", "--json",
        ] + user.secrets + flags
    }

    /// A program of this name that does what a shell does with these lines, alone in the search path but for the shell's
    /// own needs.
    private func standIn(_ name: String, _ lines: String) throws -> Program {
        let bin = folder.file("bin")
        try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
        let script = bin.appending(path: name)
        try Data("#!/bin/sh\nPATH=/usr/bin:/bin\n\(lines)\n".utf8).write(to: script)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
        var program = user.program
        program.environment["PATH"] = bin.path
        return program
    }

    /// A search path without any program.
    private var withoutPrograms: Program {
        var program = user.program
        program.environment.merge(["PATH": "/nonexistent", "TERM": "dumb", "DISPLAY": "", "WAYLAND_DISPLAY": ""]) { $1 }
        return program
    }

    @Test(arguments: ["en", "cs"]) func `the summary is one A4 page with every datum, and its QR code is the ID`(
        language: String
    ) async throws {
        let pdf = file("summary.pdf")
        let outcome = try await user.program.run(asking("--save-summary", pdf, "--lang", language))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let request = try outcome.document()
        let id = try #require(request["id"] as? String)
        let hash = try #require(request["publicKeySHA256"] as? String)
        let serial = try #require((request["token"] as? [String: String])?["serial"])
        let rights = try FileManager.default.attributesOfItem(atPath: pdf)[.posixPermissions] as? Int
        #expect(rights == 0o600)

        let information = try await ChildProcess.output(of: "pdfinfo", [pdf])
        #expect(information.contains(/Pages: +1\n/) && information.contains("(A4)"))
        let text = try await ChildProcess.output(of: "pdftotext", ["-layout", pdf, "-"])
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let words = SummaryWords.of(language == "cs" ? .czech : .english)
        for datum in [
            id, hash, serial, "Žofie Příšerná-Ďáblová", "zofie@example.cz", "+420777123456", "ProID+Q simulator",
            "QESCD",
            words.title, words.bringHeading, words.bringIdentity, words.nextHeading, words.askCA, words.install,
        ] { #expect(text.contains(datum), "\(datum) is not in:\n\(text)") }
        #expect(text.contains(language == "cs" ? "kvalifikovaný" : "qualified"))

        try await ChildProcess.output(of: "pdftoppm", ["-r", "100", "-png", "-singlefile", pdf, file("summary")])
        let read = try await ChildProcess.output(of: "zbarimg", ["--quiet", "--raw", file("summary.png")])
        #expect(read.trimmingCharacters(in: .newlines) == id)
    }

    @Test func `a seal is not taken to a branch: the terminal and the page say where it goes on`() async throws {
        let pdf = file("seal.pdf")
        let flags = ["new", "--type", "qualified", "--holder", "seal", "--name", "Obec Lhota", "--save-summary", pdf]
        let outcome = try await user.program.run(flags + user.secrets)
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(outcome.outputText.contains(ResultWords.english.goOnWithSeal))
        #expect(!outcome.outputText.contains(ResultWords.english.bringID))
        let text = try await ChildProcess.output(of: "pdftotext", ["-layout", pdf, "-"])
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let words = SummaryWords.english
        for datum in [words.sealHeading, words.bringAuthority, words.goOnWithSeal] { #expect(text.contains(datum)) }
        for datum in [words.bringHeading, words.bringIdentity, words.goToBranch] { #expect(!text.contains(datum)) }
    }

    @Test func `the summary of a request that was made earlier needs no token, and one without an ID has none`()
        async throws
    {
        let begun = try await user.program.run(asking())
        let id = try #require(try begun.document()["id"] as? String)
        let logins = try user.device.count(of: "C_Login")
        let pdf = file("later.pdf")
        let later = try await user.program.run("requests", id, "--save-summary", pdf, "--json")
        #expect(later.status == 0, "\(later.errorText)")
        #expect(try later.document()["id"] as? String == id)
        #expect(try await ChildProcess.output(of: "pdftotext", [pdf, "-"]).contains(id))
        #expect(try user.device.count(of: "C_Login") == logins)
        #expect(try await user.program.run("requests", id, "--save-summary", pdf, "--json").status == 73)
        #expect(try await user.program.run("requests", "--save-summary", pdf).status == 64)
        try user.device.setFault("C_GenerateKeyPair:1 return 0x5")
        #expect(try await user.program.run(asking()).status != 0)
        let unsent = try await user.program.run("requests", "2", "--copy-id", "--json")
        #expect(unsent.status == 66)
        #expect(try unsent.failure()["code"] == "request_not_sent")
    }

    @Test func `a file that is there stays, and nothing is begun`() async throws {
        let pdf = file("summary.pdf")
        try Data("mine".utf8).write(to: folder.file("summary.pdf"))
        let refused = try await user.program.run(asking("--save-summary", pdf))
        #expect(refused.status == 73)
        #expect(try refused.failure()["code"] == "file_exists")
        #expect(try await user.remains().contains("journal: nothing · device: keys 0, logins 0"))
        #expect(try Data(contentsOf: folder.file("summary.pdf")) == Data("mine".utf8))
        #expect(try await user.program.run(asking("--save-summary", pdf, "--force")).status == 0)
        #expect(try Data(contentsOf: folder.file("summary.pdf")).starts(with: Data("%PDF-".utf8)))
    }

    @Test func `without fonts, or a place to write to, the request stands and the trouble is told`() async throws {
        var program = user.program
        try Data("<fontconfig></fontconfig>".utf8).write(to: folder.file("fonts.conf"))
        program.environment["FONTCONFIG_FILE"] = file("fonts.conf")
        let fontless = try await program.run(asking("--save-summary", file("summary.pdf")))
        #expect(fontless.status == 73)
        #expect(try fontless.document()["status"] as? String == "pending")
        #expect(fontless.errorText.contains("no font") && fontless.errorText.contains("fonts-dejavu-core"))
        let placeless = try await user.program.run(asking("--save-summary", "/proc/nowhere/summary.pdf"))
        #expect(placeless.status == 73)
        #expect(try placeless.document()["status"] as? String == "pending")
        #expect(placeless.errorText.contains("cannot be written"))
    }

    @Test func `the page goes to the printer, and a printer that is missing is said`() async throws {
        let printed = file("printed")
        let program = try standIn("lp", "cat > '\(printed)'; echo \"$@\" > '\(printed).flags'")
        let outcome = try await program.run(asking("--print-summary"))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        #expect(try Data(contentsOf: folder.file("printed")).starts(with: Data("%PDF-".utf8)))
        let id = try #require(try outcome.document()["id"] as? String)
        let flags = try String(contentsOf: folder.file("printed.flags"), encoding: .utf8)
        #expect(flags == "-t isignum \(id) -o media=A4 -\n")
        try FileManager.default.removeItem(at: folder.file("printed"))
        let later = try await program.run("requests", id, "--print-summary", "--json")
        #expect(later.status == 0, "\(later.errorText)")
        #expect(try Data(contentsOf: folder.file("printed")).starts(with: Data("%PDF-".utf8)))

        let refusing = try standIn("lp", "echo 'lp: Error - No default destination\u{1B}[2J.' >&2; exit 1")
        let refused = try await refusing.run(asking("--print-summary"))
        #expect(refused.status == 69)
        #expect(try refused.document()["status"] as? String == "pending")
        #expect(refused.errorText.contains("lp: Error - No default destination"))
        #expect(!refused.errorText.contains("\u{1B}"))
    }

    @Test func `the ID goes into the clipboard, and a clipboard that is missing is said`() async throws {
        let copied = file("copied")
        var program = try standIn("wl-copy", "cat > '\(copied)'; (sleep 30 <&- &)")
        program.environment["WAYLAND_DISPLAY"] = "wayland-9"
        let outcome = try await program.run(asking("--copy-id"))
        #expect(outcome.status == 0, "\(outcome.errorText)")
        let id = try #require(try outcome.document()["id"] as? String)
        #expect(try String(contentsOf: folder.file("copied"), encoding: .utf8) == id)
        #expect(outcome.errorText.contains("the ID is in the clipboard"))
        let missing = try await withoutPrograms.run(asking("--copy-id"))
        #expect(missing.status == 0)
        #expect(missing.errorText.contains("no clipboard"))
        #expect(Clipboard.request(for: "BP1234567890") == "\u{1B}]52;c;QlAxMjM0NTY3ODkw\u{7}")
    }

    @Test func `the protocol is printed without a file, and shown from a place where it does not stay`() async throws {
        let id = try await user.request()
        try await user.ca.operate("approve", id)
        let printer = try standIn("lp", "cat > '\(file("printed"))'")
        let printed = try await printer.run("protocol", id, "--print", "--json")
        #expect(printed.status == 0, "\(printed.errorText)")
        #expect(try printed.document()["file"] == nil)
        #expect(try printed.document()["printed"] as? Bool == true)
        #expect(try Data(contentsOf: folder.file("printed")).starts(with: Data("%PDF-".utf8)))

        var desktop = try standIn("xdg-open", "echo \"$1\" > '\(file("shown"))'")
        desktop.environment["DISPLAY"] = ":9"
        for _ in 0..<2 {
            let shown = try await desktop.run("protocol", id, "--open", "--json")
            #expect(shown.status == 0, "\(shown.errorText)")
            let path = try #require(try shown.document()["file"] as? String)
            #expect(path.hasPrefix(user.program.home.file("cache").path))
            #expect(try String(contentsOf: folder.file("shown"), encoding: .utf8) == path + "\n")
        }
        let nowhere = try await withoutPrograms.run("protocol", id, "--open", "--json")
        #expect(nowhere.status == 69)
        #expect(try nowhere.failure()["code"] == "viewer_unavailable")
        #expect(try nowhere.failure()["hint"]?.contains("cache/protocol-\(id).pdf") == true)
        let unprinted = try await withoutPrograms.run("protocol", id, "--print", "--json")
        #expect(try unprinted.failure()["code"] == "printer_unavailable")
    }

    @Test func `whatever is on it, it stays one page, and what is no page is refused`() async throws {
        let program = try BuildProducts.file("isignum-paper").path
        let facts = (0..<20).map { Page.Fact("Name \($0)", String(repeating: "žluťoučký ", count: 25)) }
        let page = Page(title: "Title", code: "BP1234567890", facts: facts, steps: [], footer: "Footer")
        let outcome = try await ChildProcess.run(program, input: try JSONEncoder().encode(page))
        #expect(outcome.status == 0)
        try outcome.output.write(to: folder.file("long.pdf"))
        #expect(try await ChildProcess.output(of: "pdfinfo", [file("long.pdf")]).contains(/Pages: +1\n/))
        for input in ["", "[]", "{\"title\":1}", String(repeating: " ", count: Page.largestSize + 1)] {
            let refused = try await ChildProcess.run(program, input: Data(input.utf8))
            #expect(refused.status == DrawingFailure.notAPage.rawValue)
            #expect(refused.output.isEmpty)
        }
    }
}
