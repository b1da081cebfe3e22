// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

/// The real program while it runs: its lines are read as they come. Ended with its last owner.
public final class Watching: Sendable {
    /// Thrown when what was waited for did not come within 30 s; what came instead.
    public struct NeverCame: Error {
        /// Everything that came.
        public let text: String
    }

    // Shared with the threads that read, which must not keep the program from being ended with its owner.
    private final class Hearing: Sendable {
        let heard = Mutex(Heard())
    }

    private struct Heard {
        var output = Data()
        var errors = Data()
        /// How much of the output was looked at.
        var read = 0
    }

    private let process = Process()
    private let hearing = Hearing()
    // Its home goes with its last owner.
    private let program: Program
    private let changes: AsyncStream<Void>
    private let closing = DispatchGroup()

    /// Starts a program.
    public init(_ program: Program, _ arguments: [String]) async throws {
        if program.knowsModules { try await ModuleVerdicts.give(to: program.home.path) }
        self.program = program
        let (changes, change) = AsyncStream.makeStream(of: Void.self)
        self.changes = changes
        let basis = ["ISIGNUM_HOME": program.home.path, "LC_ALL": "C.UTF-8", "http_proxy": "", "https_proxy": ""]
        process.executableURL = try BuildProducts.file("isignum")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(basis) { $1 }
            .merging(program.environment) { $1 }
        let (output, errors) = (Pipe.alone(), Pipe.alone())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.startAlone()
        for (pipe, path) in [(output, \Heard.output), (errors, \Heard.errors)] {
            let handle = pipe.fileHandleForReading
            closing.enter()
            // A thread of its own: reading blocks.
            Thread { [hearing, closing] in
                while let data = try? handle.read(upToCount: 1), !data.isEmpty {
                    hearing.heard.withLock { $0[keyPath: path].append(data) }
                    if data.first == 0x0A { change.yield() }
                }
                closing.leave()
                change.yield()
            }.start()
        }
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    /// The next event of this name; others before it are passed over.
    public func event(_ name: String) async throws -> [String: Any] {
        try await first { heard in
            let lines = heard.output.dropFirst(heard.read)
            guard let end = lines.firstIndex(of: 0x0A) else { return .some(nil) }
            let line = Data(lines[lines.startIndex...end])
            heard.read += line.count
            let object = try JSONSerialization.jsonObject(with: line) as? [String: Any]
            return object?["event"] as? String == name ? object : nil
        }
    }

    /// Waits until standard error has a text.
    public func says(_ text: String) async throws {
        _ = try await first { heard in
            String(decoding: heard.errors, as: UTF8.self).contains(text) ? ["": true] : .some(nil)
        }
    }

    /// Does what Ctrl-C does, and waits for the end.
    public func interrupt() async -> ChildProcess.Outcome {
        kill(process.processIdentifier, SIGINT)
        return await end()
    }

    /// Waits for the end.
    public func end() async -> ChildProcess.Outcome {
        await withCheckedContinuation { continuation in
            Thread { [self] in
                closing.wait()
                process.waitUntilExit()
                continuation.resume()
            }.start()
        }
        let (output, errors) = hearing.heard.withLock { ($0.output, $0.errors) }
        return ChildProcess.Outcome(
            status: process.terminationStatus,
            wasSignalled: process.terminationReason == .uncaughtSignal,
            output: output,
            errors: errors
        )
    }

    /// - Parameter look: gives what was waited for; `.some(nil)` when more has to come, `nil` to look again at once.
    private func first(_ look: (inout Heard) throws -> [String: Any]??) async throws -> [String: Any] {
        let limit = Task { [process] in
            try await Task.sleep(for: .seconds(30))
            kill(process.processIdentifier, SIGKILL)
        }
        defer { limit.cancel() }
        var changes = changes.makeAsyncIterator()
        while true {
            let found = try hearing.heard.withLock { try look(&$0) }
            if case .some(.some(let found)) = found { return found }
            guard case .some(nil) = found else { continue }
            guard process.isRunning else { break }
            await changes.next()
        }
        let text = hearing.heard.withLock { String(decoding: $0.output + $0.errors, as: UTF8.self) }
        throw NeverCame(text: text)
    }
}
