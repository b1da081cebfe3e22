// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// A program of the system that is run to its end without a terminal: nothing is asked, and whatever hangs is ended.
enum QuietProgram {
    /// How it ended.
    struct Outcome: Sendable {
        /// How it came to its end.
        let end: End
        /// The first 64 KiB of its standard output.
        let output: String

        /// Whether it did what it was asked.
        var succeeded: Bool { end == .exited(0) }
    }

    /// The ways to end.
    enum End: Equatable, Sendable {
        /// By itself, with a code.
        case exited(Int32)
        /// By a signal that was not ours.
        case ended
        /// It was ended because it took too long.
        case tookTooLong
        /// It could not be started.
        case notStarted
    }

    /// The program that the search path has under a name.
    static func find(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }.first { unsafe access($0, X_OK) == 0 }
    }

    /// Runs a program.
    ///
    /// - Parameters:
    ///   - program: its path.
    ///   - time: after which it is ended.
    ///   - environment: added to this program's own.
    static func run(
        _ program: String,
        _ arguments: [String],
        within time: Duration = .seconds(20),
        environment: [String: String] = [:]
    ) async -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        let (ended, ending) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in ending.finish() }
        do { try process.run() } catch { return Outcome(end: .notStarted, output: "") }
        let child = process.processIdentifier
        let watchdog = Task {
            try await Task.sleep(for: time)
            return kill(child, SIGKILL) == 0
        }
        let text = await withCheckedContinuation { continuation in
            let reading = output.fileHandleForReading
            Thread {
                let data = (try? reading.read(upToCount: 65_536)) ?? Data()
                // What is beyond is read and dropped: a full pipe would hold the program up.
                while let more = try? reading.read(upToCount: 65_536), !more.isEmpty {}
                try? reading.close()
                continuation.resume(returning: String(decoding: data, as: UTF8.self))
            }.start()
        }
        await Task { for await _ in ended {} }.value
        watchdog.cancel()
        let wasEnded = (try? await watchdog.value) ?? false
        process.terminationHandler = nil
        let end: End =
            process.terminationReason == .exit ? .exited(process.terminationStatus) : wasEnded ? .tookTooLong : .ended
        return Outcome(end: end, output: text)
    }
}
