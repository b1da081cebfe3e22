// SPDX-License-Identifier: Apache-2.0

internal import Foundation

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// Lines about what happens, on standard error; a step that takes long shows its seconds where a person sees them.
actor Progress {
    private let isLive: Bool
    private var counting: Task<Void, Never>?
    /// How many columns of a line wait to be wiped.
    private var shown = 0

    /// Live only on a terminal that can go back to the beginning of its line.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        isLive = isatty(STDERR_FILENO) == 1 && environment["TERM"] != "dumb"
    }

    /// Tells one thing.
    func tell(_ text: String) {
        finish()
        StandardError.write(text + "\n")
    }

    /// Shows what happens just now, until the next line wipes it; nothing where nobody would see that.
    func show(_ text: String) {
        guard isLive else { return }
        finish()
        let line = String(text.prefix((Width.of(STDERR_FILENO) ?? 80) - 1))
        StandardError.write("\r" + line)
        shown = line.count
    }

    /// Tells of a step that may take minutes, until the next line.
    func begin(_ text: String) {
        tell(text)
        count()
    }

    /// Counts the seconds of a step.
    func count() {
        guard isLive, counting == nil else { return }
        let started = ContinuousClock.now
        counting = Task {
            while !Task.isCancelled {
                let seconds = (ContinuousClock.now - started).components.seconds
                if seconds > 0 { StandardError.write("\r  \(seconds) s") }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// Ends a step that was begun.
    ///
    /// - Returns: whether its seconds were counted.
    @discardableResult
    func finish() -> Bool {
        if shown > 0 { StandardError.write("\r" + String(repeating: " ", count: shown) + "\r") }
        shown = 0
        guard let counting else { return false }
        counting.cancel()
        self.counting = nil
        // The seconds are written over: they say nothing any more.
        StandardError.write("\r" + String(repeating: " ", count: 12) + "\r")
        return true
    }
}
