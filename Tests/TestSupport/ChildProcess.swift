// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A program that a test runs to its end.
public enum ChildProcess {
    /// How a program ended.
    public struct Outcome: Sendable {
        /// The exit code, or the number of the signal that ended it.
        public let status: Int32
        /// Whether a signal ended it.
        public let wasSignalled: Bool
        /// Everything on standard output.
        public let output: Data
        /// Everything on standard error.
        public let errors: Data

        /// Standard output as text.
        public var outputText: String { String(decoding: output, as: UTF8.self) }
        /// Standard error as text.
        public var errorText: String { String(decoding: errors, as: UTF8.self) }
        /// Whether it ended by itself with 0.
        public var succeeded: Bool { status == 0 && !wasSignalled }
    }

    /// A program that did not do what a test needed.
    public struct Failure: Error, CustomStringConvertible {
        /// Program, arguments, status and what it said.
        public let description: String
    }

    /// Runs a program to its end and collects what it writes.
    ///
    /// - Parameters:
    ///   - program: a path, or a name that is looked up in PATH.
    ///   - environment: added to the environment of the tests.
    ///   - input: written to standard input, which is then closed.
    ///   - timeout: in seconds; a program that takes longer is killed, and its outcome says so (signal 9).
    public static func run(
        _ program: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        input: Data = Data(),
        timeout: Int = 60
    ) async throws -> Outcome {
        let process = try RunningProcess(
            program,
            arguments,
            environment: environment,
            input: .pipe,
            output: .pipe,
            errors: .pipe
        )
        let watchdog = Task {
            try await Task.sleep(for: .seconds(timeout))
            process.send(SIGKILL)
        }
        defer { watchdog.cancel() }
        async let written: Void = feed(input, into: process.input)
        async let output = everything(from: process.output)
        async let errors = everything(from: process.errors)
        // A test whose time is over is cancelled, and waits no longer.
        let ending = await withTaskCancellationHandler {
            await process.ended()
        } onCancel: {
            process.send(SIGKILL)
        }
        await written
        return Outcome(
            status: ending.status,
            wasSignalled: ending.wasSignalled,
            output: await output,
            errors: await errors
        )
    }

    /// Runs a program that has to succeed.
    ///
    /// - Returns: its standard output.
    @discardableResult
    public static func output(
        of program: String,
        _ arguments: [String] = [],
        environment: [String: String] = [:],
        input: Data = Data(),
        timeout: Int = 60
    ) async throws -> String {
        let outcome = try await run(program, arguments, environment: environment, input: input, timeout: timeout)
        guard outcome.succeeded else {
            let command = ([program] + arguments).joined(separator: " ")
            throw Failure(description: "\(command): \(outcome.status)\n\(outcome.outputText)\(outcome.errorText)")
        }
        return outcome.outputText
    }

    private static func everything(from handle: FileHandle?) async -> Data {
        await onOwnThread { (try? handle?.readToEnd()) ?? Data() }
    }

    private static func feed(_ input: Data, into handle: FileHandle?) async {
        await onOwnThread {
            try? handle?.write(contentsOf: input)
            try? handle?.close()
        }
    }
}
