// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// What the parser of the configuration never sees. The inputs stay near the bounds.
@Suite struct TOMLBoundsTests {
    private static let deep = TOMLBounds.deepest

    private static func nested(_ depth: Int, _ open: String, _ close: String) -> String {
        "x = " + String(repeating: open, count: depth) + String(repeating: close, count: depth) + "\n"
    }

    private static func dotted(_ parts: Int) -> String { Array(repeating: "a", count: parts).joined(separator: ".") }

    private static func many(_ text: String, _ count: Int = 1_000) -> String { String(repeating: text, count: count) }

    private static let within: [String] = [
        nested(deep, "[", "]"),
        "\(dotted(deep)) = 1\n",
        "[\(dotted(deep))]\n",
        "\(many("x", TOMLBounds.longestLine))\n",
        "# \(many("["))",
        "x = \"\(many("["))\"\n",
        "x = '\(many("a."))'\n",
        "x = \"\"\"\n\(many("[{\n"))\"\"\"\n",
        "x = '''\n\(many("[\"\n"))'''\n",
        "x = \"a\\\"[[[[[[[[[[[[[[[[[[[[[[\"\n",
        many("x = [\"\", '', [1.5, 2.5]] # [\n"),
        "modules = [\n\"a.so\",\n\"b.so\"\n]\n",
        "x = \"\"\"\"quoted\"\"\"\"\ny = 1\n",
        "",
    ]

    @Test(arguments: within) func `ordinary documents, and those at the bound, are within`(text: String) {
        #expect(TOMLBounds.excess(in: text) == nil)
    }

    private static let beyond: [(String, Int)] = [
        ("language = \"cs\"\n\(nested(deep + 1, "[", "]"))", 2),
        (nested(deep + 1, "{a=", "}"), 1),
        ("\(dotted(deep + 1)) = 1", 1),
        ("\n\n[\(dotted(deep + 1))]", 3),
        ("x = {\(dotted(deep + 1)) = 1}", 1),
        ("\n\(many("x", TOMLBounds.longestLine + 1))", 2),
        ("x = [\(many("\n[", deep))", deep + 1),
        ("x = \"\"\n\(nested(deep + 1, "[", "]"))", 2),
        ("x = \"\"\"\n\n\"\"\"\n\(nested(deep + 1, "[", "]"))", 4),
        ("x = 'it\\'\n\(nested(deep + 1, "[", "]"))", 2),
        ("\"a\".b.\(dotted(deep - 1)) = 1", 1),
    ]

    @Test(arguments: beyond) func `what is longer or deeper is found by its line`(text: String, line: Int) {
        #expect(TOMLBounds.excess(in: text) == line)
    }

    @Test func `the line is told, and nothing is parsed`() async throws {
        let program = try Program()
        try program.configure("language = \"cs\"\n" + Self.nested(Self.deep + 1, "[", "]"))
        for arguments in [["list"], ["config", "show"], ["config", "set", "language", "en"]] {
            let outcome = try await program.run(arguments + ["--json"])
            #expect(outcome.status == 78)
            #expect(try outcome.failure()["code"] == "configuration_too_intricate")
            #expect(try outcome.failure()["message"]?.contains("config.toml:2") == true)
        }
    }
}
