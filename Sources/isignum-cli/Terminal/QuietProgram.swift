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
        /// The exit code; `nil` when it could not be started, was ended by a signal, or took too long.
        let status: Int32?
        /// The first 64 KiB of its standard output.
        let output: String
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
    static func run(_ program: String, _ arguments: [String], within time: Duration = .seconds(20)) async -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        let (ended, ending) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in ending.finish() }
        do { try process.run() } catch { return Outcome(status: nil, output: "") }
        let child = process.processIdentifier
        let watchdog = Task {
            try await Task.sleep(for: time)
            kill(child, SIGKILL)
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
        process.terminationHandler = nil
        let isWhole = process.terminationReason == .exit
        return Outcome(status: isWhole ? process.terminationStatus : nil, output: text)
    }
}
