// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// A talk with the real program on a real pseudo-terminal.
struct Conversation: Codable {
    struct Step: Codable {
        let expect: String
        let send: String
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
        argv = [try BuildProducts.file("isignum").path] + arguments
        env = program.environment.merging(["ISIGNUM_HOME": program.home.path, "TERM": terminal, "LC_ALL": "C.UTF-8"]) {
            $1
        }
        self.columns = columns
        self.steps = steps.map { Step(expect: $0, send: $1) }
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
    static func check(_ text: String, _ name: String, hiding secrets: [String]) throws {
        for secret in secrets { #expect(!secret.isEmpty && !text.contains(secret), "a secret is on the screen") }
        let file = BuildProducts.sources.appendingPathComponent("Tests/CLITests/Transcripts/\(name).txt")
        let normalised = normalise(text)
        if ProcessInfo.processInfo.environment["ISIGNUM_RECORD"] != nil {
            try Data(normalised.utf8).write(to: file)
            return
        }
        let recorded = lines(try String(contentsOf: file, encoding: .utf8))
        let difference = lines(normalised).difference(from: recorded).map { change in
            switch change {
            case .remove(let offset, let line, _): "-\(offset + 1): \(line)"
            case .insert(let offset, let line, _): "+\(offset + 1): \(line)"
            }
        }
        #expect(difference.isEmpty, "\(name):\n\(difference.joined(separator: "\n"))")
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func normalise(_ text: String) -> String {
        let rules: [(String, String)] = [
            ("(?<![0-9A-Za-z+])(BP|KC)?[0-9]{10}(?![0-9A-Za-z])", "$1##########"),
            ("[0-9a-f]{64}", String(repeating: "#", count: 64)),
            ("[0-9]{36,40}", String(repeating: "#", count: 39)),
            ("[0-9a-f]{32}", String(repeating: "#", count: 32)),
            ("[0-9a-f]{16}…", String(repeating: "#", count: 16) + "…"),
            ("\\([0-9a-f]{16}\\)", "(################)"),
            ("--token [0-9a-f]{16} ", "--token ################ "),
            ("P[0-9]{6}", "P######"),
            ("[0-9]{1,2}\\s[A-Z][a-z]+\\s20[0-9]{2}\\sat\\s[0-9]{2}:[0-9]{2}", "DD Mon YYYY at HH:MM"),
            ("[0-9]{1,2}\\.\\s[0-9]{1,2}\\.\\s20[0-9]{2}(\\sv)?\\s[0-9]{1,2}:[0-9]{2}", "DD. MM. RRRR HH:MM"),
            ("\\b38[45]\\b", "38#"),
            ("isignum-?[0-9A-F-]{36}", "folder"),
        ]
        return rules.reduce(text) { text, rule in
            text.replacingOccurrences(of: rule.0, with: rule.1, options: .regularExpression)
        }
    }
}
