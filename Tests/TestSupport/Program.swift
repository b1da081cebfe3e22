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
        return try await ChildProcess.run(
            try BuildProducts.file("isignum").path,
            arguments,
            environment: wholeEnvironment,
            input: Data(input.utf8)
        )
    }

    /// Likewise where no file may grow beyond so many bytes, as on a disk that is full: writing fails with EFBIG.
    public func run(_ arguments: [String], withFilesOfAtMost bytes: Int) async throws -> ChildProcess.Outcome {
        if knowsModules { try await ModuleVerdicts.give(to: home.path) }
        // POSIX counts in halves of a kibibyte; the signal would end the program before it could say anything.
        let limit = "trap '' XFSZ; ulimit -f \(bytes / 512); exec \"$0\" \"$@\""
        let program = try BuildProducts.file("isignum").path
        return try await ChildProcess.run("sh", ["-c", limit, program] + arguments, environment: wholeEnvironment)
    }

    /// What it runs in, beside the environment of the tests.
    var wholeEnvironment: [String: String] {
        let basis = ["ISIGNUM_HOME": home.path, "LC_ALL": "C.UTF-8", "http_proxy": "", "https_proxy": ""]
        return basis.merging(environment) { $1 }
    }

    /// Starts it and leaves it running. Ended with its last owner.
    public func start(_ arguments: [String], output: RunningProcess.Stream = .nowhere) async throws -> RunningProcess {
        if knowsModules { try await ModuleVerdicts.give(to: home.path) }
        return try RunningProcess(
            try BuildProducts.file("isignum").path,
            arguments,
            environment: wholeEnvironment,
            output: output,
            errors: .pipe
        )
    }
}

extension Program {
    /// Runs it and ends it as soon as a file is there.
    ///
    /// - Parameter signal: which signal ends it; SIGKILL gives it no chance to do anything more.
    /// - Throws: `NeverCame` when it ended without the file.
    public func runAndKill(
        _ arguments: [String],
        when sign: URL,
        with signal: Int32 = SIGKILL
    ) async throws -> ChildProcess.Outcome {
        if knowsModules { try await ModuleVerdicts.give(to: home.path) }
        let process = try RunningProcess(
            try BuildProducts.file("isignum").path,
            arguments,
            environment: wholeEnvironment
        )
        // A file has no event that could be waited for here.
        while !FileManager.default.fileExists(atPath: sign.path) {
            guard process.isRunning else { throw NeverCame(file: sign.path) }
            try await Task.sleep(for: .milliseconds(5))
        }
        process.send(signal)
        let ending = await process.ended()
        return ChildProcess.Outcome(
            status: ending.status,
            wasSignalled: ending.wasSignalled,
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
