// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// How often a CA is asked. Servers like to say 600 or 3,600 seconds whatever happens; a person is waiting.
public enum Polling {
    /// Where the CA says nothing.
    public static let usual: Duration = .seconds(10)
    /// Never more often than this.
    public static let shortest: Duration = .seconds(1)
    /// A device is kept open for so long while the CA is waited for.
    public static let holdingAtMost: Duration = .seconds(10)
    /// Never longer than this while somebody waits.
    public static let longest: Duration = .seconds(300)

    /// The pause before the next question.
    ///
    /// - Parameters:
    ///   - retryAfter: what the CA asked for.
    ///   - remaining: how long the person is willing to wait on; the last question comes right at the end.
    /// - Returns: `nil` when there is no time left.
    public static func pause(after retryAfter: Duration?, remaining: Duration) -> Duration? {
        guard remaining > .zero else { return nil }
        return min(max(retryAfter ?? usual, shortest), longest, remaining)
    }

    static func nextPoll(after retryAfter: Duration?, now: Date) -> Date? {
        retryAfter.map { now.addingTimeInterval(TimeInterval($0.components.seconds)) }
    }
}
