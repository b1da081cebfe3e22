// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A talk with the real program on a real pseudo-terminal.
struct Conversation: Codable {
    struct Step: Codable {
        /// What is waited for.
        let expect: String
        /// What is typed then.
        var send = ""
        /// A shell command that is run before.
        var run: String?
        /// How wide the terminal is made before.
        var columns: Int?
        /// Whether the terminal is closed instead.
        var hangUp = false
    }

    struct Outcome: Codable {
        let shown: String
        let status: Int32
        /// The questions that never came.
        let left: [String]
        /// Whether what is typed afterwards is seen again.
        let echo: Bool
    }

    let argv: [String]
    let env: [String: String]
    let columns: Int
    let steps: [Step]

    init(
        _ program: Program,
        _ arguments: [String],
        columns: Int,
        terminal: String = "dumb",
        _ steps: [(String, String)]
    ) throws {
        let steps = steps.map { Step(expect: $0, send: $1) }
        try self.init(program, arguments, columns: columns, environment: ["TERM": terminal], steps: steps)
    }

    /// - Parameter environment: beside the program's own; it goes before what a terminal usually has.
    init(
        _ program: Program,
        _ arguments: [String],
        columns: Int,
        environment: [String: String] = [:],
        steps: [Step]
    ) throws {
        argv = [try BuildProducts.file("isignum").path] + arguments
        let terminal = ["ISIGNUM_HOME": program.home.path, "TERM": "dumb", "LC_ALL": "C.UTF-8"]
        env = program.environment.merging(terminal) { $1 }.merging(environment) { $1 }
        self.columns = columns
        self.steps = steps
    }

    func run() async throws -> Outcome {
        if let home = env["ISIGNUM_HOME"] { try await ModuleVerdicts.give(to: home) }
        let script = BuildProducts.sources.appendingPathComponent("Tests/CLITests/converse").path
        let answer = try await ChildProcess.output(of: script, input: try JSONEncoder().encode(self), timeout: 90)
        let outcome = try JSONDecoder().decode(Outcome.self, from: Data(answer.utf8))
        #expect(outcome.left.isEmpty, "\(outcome.shown)")
        #expect(outcome.echo, "the echo was not restored")
        return outcome
    }
}

/// What is written down of a conversation: everything but what differs from run to run.
enum Transcript {
    /// Compares with the file of this name, or writes it anew when ISIGNUM_RECORD is set.
    ///
    /// - Parameter reflowing: whether lines may be broken elsewhere, because there are paths in them that are as long
    ///   as they are.
    static func check(_ text: String, _ name: String, hiding secrets: [String], reflowing: Bool = false) throws {
        for secret in secrets { #expect(!secret.isEmpty && !text.contains(secret), "a secret is on the screen") }
        let file = BuildProducts.sources.appendingPathComponent("Tests/CLITests/Transcripts/\(name).txt")
        let normalised = normalise(text)
        if ProcessInfo.processInfo.environment["ISIGNUM_RECORD"] != nil {
            try Data(normalised.utf8).write(to: file)
            return
        }
        let recorded = lines(try String(contentsOf: file, encoding: .utf8), reflowing)
        let difference = lines(normalised, reflowing).difference(from: recorded).map { change in
            switch change {
            case .remove(let offset, let line, _): "-\(offset + 1): \(line)"
            case .insert(let offset, let line, _): "+\(offset + 1): \(line)"
            }
        }
        #expect(difference.isEmpty, "\(name):\n\(difference.joined(separator: "\n"))")
    }

    private static func lines(_ text: String, _ reflowing: Bool) -> [Substring] {
        reflowing
            ? text.split(whereSeparator: \.isWhitespace)
            : text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Fingerprints that go on in the next line, as they are broken on a narrow terminal.
    private static func hidingBroken(_ text: String) -> String {
        text.replacing(/[0-9a-f]{16,63}\r?\n +[0-9a-f]{1,48}(?![0-9A-Za-z])/) { match in
            guard match.output.count(where: \.isHexDigit) == 64 else { return String(match.output) }
            return String(match.output.map { $0.isHexDigit ? "#" : $0 })
        }
    }

    private static func normalise(_ text: String) -> String {
        let rules: [(String, String)] = [
            ("(?<![0-9A-Za-z+])(BP|KC)?[0-9]{10}(?![0-9A-Za-z])", "$1##########"),
            ("([0-9A-F]{4}\\s+){15}[0-9A-F]{4}", "#### (16 times)"),
            ("[0-9a-f]{64}", String(repeating: "#", count: 64)),
            ("[0-9]{36,40}", String(repeating: "#", count: 39)),
            ("[0-9a-f]{32}", String(repeating: "#", count: 32)),
            ("(?m)(?<=  )[0-9a-f]{8}$", String(repeating: "#", count: 8)),
            ("[0-9a-f]{16}…", String(repeating: "#", count: 16) + "…"),
            ("\\b(?!c6b67b431db714b4)[0-9a-f]{16}\\b", "################"),
            ("P[0-9]{6}", "P######"),
            ("[0-9]{1,2}\\s[A-Z][a-z]+\\s20[0-9]{2}\\sat\\s[0-9]{1,2}:[0-9]{2}", "DD Mon YYYY at HH:MM"),
            ("[0-9]{1,2}\\.\\s[0-9]{1,2}\\.\\s20[0-9]{2}(\\sv)?\\s[0-9]{1,2}:[0-9]{2}", "DD. MM. RRRR HH:MM"),
            // The certified end of the devices, 2031, is no date of today.
            ("[0-9]{1,2}\\s+[A-Z][a-z]{2}\\s+20(?!31|20)[0-9]{2}", "DD Mon YYYY"),
            ("[0-9]{1,2}\\.\\s+[0-9]{1,2}\\.\\s+20(?!31|20)[0-9]{2}", "DD. MM. RRRR"),
            ("\\b38[45]\\b", "38#"),
            ("(/[^\\s:,;'\"]*)?/[a-z-]+-[0-9A-F]{8}-[0-9A-F-]{27}", "/folder"),
            ("isignum-?[0-9A-F-]{36}", "folder"),
            ("/[^\\s:,;'\"]*/\\.build/[^\\s:,;'\"]*/", "/build/"),
            ("127\\.0\\.0\\.1:[0-9]{2,5}", "127.0.0.1:PORT"),
            ("after [0-9]+ ms", "after N ms"),
        ]
        return rules.reduce(hidingBroken(text)) { text, rule in
            text.replacingOccurrences(of: rule.0, with: rule.1, options: .regularExpression)
        }
    }
}
