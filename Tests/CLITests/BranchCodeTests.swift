// SPDX-License-Identifier: Apache-2.0

import Foundation
import Paper
import TestSupport
import Testing

@testable import isignum_cli

/// The QR code of a request's ID on the terminal, read as a camera would.
@Suite struct BranchCodeTests {
    /// What a terminal shows where neither character nor code says otherwise: 0 is black, 255 white.
    private struct Screen {
        let ink: UInt8
        let paper: UInt8
    }

    private static let dark = Screen(ink: 255, paper: 0)
    private static let light = Screen(ink: 0, paper: 255)

    @Test func `it is the ID, on dark and light terminals, and left out where it would be noise`() async throws {
        let user = try await TroubledUser()
        let id = try await user.request()
        func show(_ environment: [String: String], columns: Int = 60) async throws -> String {
            let terminal = ["TERM": "xterm-256color"].merging(environment) { $1 }
            let talk = try Conversation(
                user.program,
                ["resume", id, "--lang", "en"],
                columns: columns,
                environment: terminal,
                steps: []
            )
            let shown = try await talk.run()
            #expect(shown.status == 75)
            return shown.shown
        }
        for (environment, screen) in [
            ([:], Self.dark), ([:], Self.light), (["NO_COLOR": "1"], Self.dark),
            (["NO_COLOR": "1", "COLORFGBG": "0;15"], Self.light),
        ] {
            let shown = try await show(environment)
            #expect(try await read(shown, on: screen) == id, "\(environment)")
            #expect(shown.contains("\u{1B}[30;47m") == environment.isEmpty)
            // The ID stands there for those that read it themselves.
            #expect(shown.contains("\n    \u{1B}[1m\(id)\u{1B}[0m\n"))
        }
        for environment in [["TERM": "dumb"], ["LC_ALL": "C"], ["TERM": ""]] {
            #expect(try await !show(environment).contains("█"), "\(environment)")
        }
        #expect(try await !show([:], columns: 32).contains("█"))
        #expect(try await user.program.run("config", "set", "qr-code", "false").status == 0)
        #expect(try await !show([:]).contains("█"))
    }

    @Test func `a symbol is read back as it was written, and what is none is refused`() throws {
        let symbol = try #require(Symbol(text: "#.#\n.#.\n##.\n"))
        #expect(Symbol(text: symbol.text) == symbol)
        #expect(symbol.isDark(row: 2, column: 1) && !symbol.isDark(row: 3, column: 0))
        #expect(!symbol.isDark(row: 0, column: -1))
        for text in ["", "#.\n", "#.\n#\n", "#x\n##\n", String(repeating: "#\n", count: 200)] {
            #expect(Symbol(text: text) == nil)
        }
        let blocks = HalfBlocks(try #require(Symbol(text: "#\n")), ink: .plain(onDark: false))
        #expect(blocks.text == "             \n             \n        ▀    \n             \n             \n")
    }

    @Test func `the program that draws takes a short text for a symbol and nothing else`() async throws {
        let program = try BuildProducts.file("isignum-paper").path
        let drawn = try await ChildProcess.run(program, [Symbol.argument], input: Data("BP1234567890".utf8))
        #expect(drawn.status == 0)
        #expect(Symbol(text: drawn.outputText)?.rows.count == 21)
        for input in [Data(), Data([0x42, 0]), Data([0xFF]), Data(repeating: 0x42, count: Symbol.longestText + 1)] {
            let refused = try await ChildProcess.run(program, [Symbol.argument], input: input)
            #expect(refused.status == DrawingFailure.notAPage.rawValue && refused.output.isEmpty)
        }
    }

    /// Paints what the terminal shows, four points a half block, and has it read.
    private func read(_ shown: String, on screen: Screen) async throws -> String {
        let lines = shown.split(separator: "\n", omittingEmptySubsequences: false)
        let banner = try #require(lines.firstIndex { $0.contains("    \u{1B}[1m") })
        let isPlain = !shown.contains("\u{1B}[30;47m")
        let colours = isPlain ? screen : Self.light
        var rows: [[UInt8]] = []
        for line in lines.dropFirst(banner + 2).prefix(15) {
            var upper: [UInt8] = []
            var lower: [UInt8] = []
            let text = line.replacing(/\u{1B}\[[0-9;]*m/, with: "").dropFirst(4)
            for character in text {
                upper.append("▀█".contains(character) ? colours.ink : colours.paper)
                lower.append("▄█".contains(character) ? colours.ink : colours.paper)
            }
            rows += [upper, lower]
        }
        let width = rows.first?.count ?? 0
        // The margin is part of the symbol.
        #expect(rows.count == 30 && rows.allSatisfy { $0.count == 29 })
        var picture = Data("P5 \(width * 8) \(rows.count * 8) 255\n".utf8)
        for row in rows {
            let line = row.flatMap { [UInt8](repeating: $0, count: 8) }
            for _ in 0..<8 { picture.append(contentsOf: line) }
        }
        let folder = try TemporaryFolder(named: "symbol")
        try picture.write(to: folder.file("symbol.pgm"))
        let read = try await ChildProcess.output(of: "zbarimg", ["--quiet", "--raw", folder.file("symbol.pgm").path])
        return read.trimmingCharacters(in: .newlines)
    }
}
