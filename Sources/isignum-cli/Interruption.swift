// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Signals that end the program: the first one cancels what runs, so that the story stops between two steps with its
/// journal in order; a second one ends the process where it stands, which the journal survives as well. A device that
/// works cannot be stopped: whoever waits for it is told.
final class Interruption: Sendable {
    /// The signals that are listened to.
    private static let signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]

    /// How long the work may take to stop before a person is told what it waits for.
    private static let patience = DispatchTimeInterval.seconds(2)

    private let received = Mutex<Int32?>(nil)
    private let hasEnded = Mutex(false)

    /// The signal that came; `nil` when none did.
    var signal: Int32? { received.withLock { $0 } }

    /// Runs a piece of work that signals can cancel.
    func guarding(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let task = Task { try await work() }
        let sources = Self.signals.map { number in
            // The default action would come before ours.
            Glibc.signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { [self] in
                let isFirst = received.withLock { value in
                    defer { value = value ?? number }
                    return value == nil
                }
                guard isFirst else {
                    Echo.restore()
                    _exit(128 + number)
                }
                task.cancel()
                DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { [self] in
                    guard !hasEnded.withLock({ $0 }) else { return }
                    // A line that counts seconds is written over.
                    let start = isatty(STDERR_FILENO) == 1 ? "\r" : ""
                    StandardError.write(
                        start + PromptWords.of(Composition.languageOfFailures).deviceFinishesFirst + "\n"
                    )
                }
            }
            source.resume()
            return source
        }
        defer {
            hasEnded.withLock { $0 = true }
            for source in sources { source.cancel() }
        }
        // Writing to a pipe or connection that was closed is an error where it happens, not the end of the process.
        Glibc.signal(SIGPIPE, SIG_IGN)
        try await task.value
    }

    /// The name of a signal that is listened to.
    static func name(of signal: Int32) -> String {
        switch signal {
        case SIGINT: "SIGINT"
        case SIGTERM: "SIGTERM"
        default: "SIGHUP"
        }
    }
}
