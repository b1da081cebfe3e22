// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// The real program with a home of its own, in English unless a test says otherwise.
public struct Program: Sendable {
    /// Everything that it keeps is in here.
    public let home: TemporaryFolder
    /// Added to its environment.
    public var environment: [String: String] = [:]

    /// A program that has never run.
    public init() throws { home = try TemporaryFolder(named: "home") }

    /// A program that has never run and sees a simulated device.
    public init(on device: SimulatedDevice) throws {
        try self.init()
        environment = device.environment
    }

    /// Writes its configuration.
    public func configure(_ text: String) throws { try Data(text.utf8).write(to: home.file("config.toml")) }

    /// Whether it knows how the modules of tests behave, as after its first run: trying them adds calls to their logs,
    /// and meets the faults that a test has ordered for the story itself.
    public var knowsModules = true

    /// Runs it with its standard input closed.
    public func run(_ arguments: String..., input: String = "") async throws -> ChildProcess.Outcome {
        try await run(arguments, input: input)
    }

    /// Likewise, with arguments that were put together.
    public func run(_ arguments: [String], input: String = "") async throws -> ChildProcess.Outcome {
        if knowsModules { try await ModuleVerdicts.give(to: home.path) }
        let basis = ["ISIGNUM_HOME": home.path, "LC_ALL": "C.UTF-8", "http_proxy": "", "https_proxy": ""]
        return try await ChildProcess.run(
            try BuildProducts.file("isignum").path,
            arguments,
            environment: basis.merging(environment) { $1 },
            input: Data(input.utf8)
        )
    }
}

extension Program {
    /// Runs it and kills it as soon as a file is there.
    ///
    /// - Throws: `NeverCame` when it ended without the file.
    public func runAndKill(_ arguments: [String], when sign: URL) async throws -> ChildProcess.Outcome {
        if knowsModules { try await ModuleVerdicts.give(to: home.path) }
        let process = Process()
        process.executableURL = try BuildProducts.file("isignum")
        process.arguments = arguments
        let basis = ["ISIGNUM_HOME": home.path, "LC_ALL": "C.UTF-8", "http_proxy": "", "https_proxy": ""]
        process.environment = ProcessInfo.processInfo.environment.merging(basis) { $1 }.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.startAlone()
        // A file has no event that could be waited for here.
        while !FileManager.default.fileExists(atPath: sign.path) {
            guard process.isRunning else { throw NeverCame(file: sign.path) }
            try await Task.sleep(for: .milliseconds(5))
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        return ChildProcess.Outcome(
            status: process.terminationStatus,
            wasSignalled: process.terminationReason == .uncaughtSignal,
            output: Data(),
            errors: Data()
        )
    }

    /// The file that a test waited for.
    public struct NeverCame: Error {
        /// Its path.
        public let file: String
    }
}

extension ChildProcess.Outcome {
    /// The one JSON document on standard output.
    ///
    /// - Throws: when there is none, or anything beside it.
    public func document() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: output)
        guard let document = object as? [String: Any] else { throw NotOneDocument(text: outputText) }
        return document
    }

    /// The error in it.
    public func failure() throws -> [String: String] {
        guard let failure = try document()["error"] as? [String: String] else { throw NotOneDocument(text: outputText) }
        return failure
    }
}

/// Standard output held something else.
public struct NotOneDocument: Error {
    /// What it held.
    public let text: String
}
