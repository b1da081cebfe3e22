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
        /// How many of the two streams may still bring something.
        var open = 2
    }

    private let process: RunningProcess
    private let hearing = Hearing()
    // Its home goes with its last owner.
    private let program: Program
    private let changes: AsyncStream<Void>

    /// Starts a program.
    public init(_ program: Program, _ arguments: [String]) async throws {
        self.program = program
        let (changes, change) = AsyncStream.makeStream(of: Void.self)
        self.changes = changes
        process = try await program.start(arguments, output: .pipe)
        for (handle, path) in [(process.output, \Heard.output), (process.errors, \Heard.errors)] {
            guard let handle else { continue }
            Task { [hearing] in
                await onOwnThread {
                    while let data = try? handle.read(upToCount: 1), !data.isEmpty {
                        hearing.heard.withLock { $0[keyPath: path].append(data) }
                        if data.first == 0x0A { change.yield() }
                    }
                    hearing.heard.withLock { $0.open -= 1 }
                    change.yield()
                }
            }
        }
    }

    /// The next event of this name; others before it are passed over.
    public func event(_ name: String) async throws -> [String: Any] { try await next { $0 == name } }

    private func next(_ isMeant: (String) -> Bool) async throws -> [String: Any] {
        try await first { heard in
            let lines = heard.output.dropFirst(heard.read)
            guard let end = lines.firstIndex(of: 0x0A) else { return .some(nil) }
            let line = Data(lines[lines.startIndex...end])
            heard.read += line.count
            let object = try JSONSerialization.jsonObject(with: line) as? [String: Any]
            return (object?["event"] as? String).map(isMeant) == true ? object : nil
        }
    }

    /// Waits until each of these events came, in whatever order.
    public func all(of names: Set<String>) async throws {
        var missing = names
        while !missing.isEmpty {
            let event = try await next { missing.contains($0) }
            (event["event"] as? String).map { _ = missing.remove($0) }
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
        process.send(SIGINT)
        return await end()
    }

    /// Waits for the end.
    public func end() async -> ChildProcess.Outcome {
        let ending = await process.ended()
        var changes = changes.makeAsyncIterator()
        while hearing.heard.withLock({ $0.open }) > 0 { await changes.next() }
        let (output, errors) = hearing.heard.withLock { ($0.output, $0.errors) }
        return ChildProcess.Outcome(
            status: ending.status,
            wasSignalled: ending.wasSignalled,
            output: output,
            errors: errors
        )
    }

    /// - Parameter look: gives what was waited for; `.some(nil)` when more has to come, `nil` to look again at once.
    private func first(_ look: (inout Heard) throws -> [String: Any]??) async throws -> [String: Any] {
        let limit = Task { [process] in
            try await Task.sleep(for: .seconds(30))
            process.send(SIGKILL)
        }
        defer { limit.cancel() }
        var changes = changes.makeAsyncIterator()
        while true {
            // Asked before, or its last words would be missed.
            let isOver = hearing.heard.withLock { $0.open == 0 }
            let found = try hearing.heard.withLock { try look(&$0) }
            if case .some(.some(let found)) = found { return found }
            guard case .some(nil) = found else { continue }
            guard !isOver else { break }
            await changes.next()
        }
        let text = hearing.heard.withLock { String(decoding: $0.output + $0.errors, as: UTF8.self) }
        throw NeverCame(text: text)
    }
}
