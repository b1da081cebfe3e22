// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// The real program with a home of its own, in English unless a test says otherwise.
struct Program {
    /// Everything that it keeps is in here.
    let home: TemporaryFolder
    /// Added to its environment.
    var environment: [String: String] = [:]

    /// A program that has never run.
    init() throws { home = try TemporaryFolder(named: "home") }

    /// Writes its configuration.
    func configure(_ text: String) throws { try Data(text.utf8).write(to: home.file("config.toml")) }

    /// Runs it with its standard input closed.
    func run(_ arguments: String..., input: String = "") async throws -> ChildProcess.Outcome {
        try await run(arguments, input: input)
    }

    /// Likewise, with arguments that were put together.
    func run(_ arguments: [String], input: String = "") async throws -> ChildProcess.Outcome {
        let basis = ["ISIGNUM_HOME": home.path, "LC_ALL": "C.UTF-8", "http_proxy": "", "https_proxy": ""]
        return try await ChildProcess.run(
            try BuildProducts.file("isignum").path,
            arguments,
            environment: basis.merging(environment) { $1 },
            input: Data(input.utf8)
        )
    }
}

extension ChildProcess.Outcome {
    /// The one JSON document on standard output.
    ///
    /// - Throws: when there is none, or anything beside it.
    func document() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: output)
        guard let document = object as? [String: Any] else { throw NotOneDocument(text: outputText) }
        return document
    }

    /// The error in it.
    func failure() throws -> [String: String] {
        guard let failure = try document()["error"] as? [String: String] else { throw NotOneDocument(text: outputText) }
        return failure
    }
}

/// Standard output held something else.
struct NotOneDocument: Error {
    let text: String
}
