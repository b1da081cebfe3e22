// SPDX-License-Identifier: Apache-2.0

internal import CPCSC
internal import Dispatch

/// Tells when readers and cards come and go, by the service's own events: nothing is polled.
public enum ReaderMonitor {
    /// The name under which the service announces new readers (pcsc-lite, SCardGetStatusChange).
    static let announcer = "\\\\?PnP?\\Notification"

    /// The readers now, and again after every change, until the task that listens is cancelled.
    ///
    /// The stream ends with an error when the service goes away. For up to a second after the listener has gone a
    /// thread may be inside the library: a program that ends meanwhile does so by `_exit`, without pcsclite's exit
    /// handler.
    public static func changes() -> AsyncThrowingStream<[CardReader], any Error> {
        AsyncThrowingStream { continuation in
            let context: CardContext
            do {
                context = try CardContext()
            } catch {
                return continuation.finish(throwing: error)
            }
            // SCardCancel ends only a wait that has begun, so the wait itself also looks up once in a while.
            let listening = Listening()
            continuation.onTermination = { _ in
                listening.end()
                context.cancel()
            }
            DispatchQueue(label: "isignum.reader-monitor").async {
                do throws(PCSCError) {
                    try watch(in: context, while: listening) { continuation.yield($0) }
                    continuation.finish()
                } catch {
                    if error.code == .cancelled { continuation.finish() } else { continuation.finish(throwing: error) }
                }
            }
        }
    }

    private static func watch(
        in context: CardContext,
        while listening: Listening,
        _ tell: ([CardReader]) -> Void
    ) throws(PCSCError) {
        var told: [CardReader]?
        while listening.goesOn {
            // The set of readers may have changed: a fresh set of states is built each time that it did.
            let names = try context.readerNames()
            var states = ReaderStates(names: names + [announcer])
            try states.refresh(in: context, waiting: 0)
            var sameReaders = true
            while listening.goesOn, sameReaders {
                let readers = states.readers
                if readers != told { tell(readers) }
                told = readers
                while listening.goesOn, try !states.refresh(in: context, waiting: 1_000) {}
                sameReaders = try context.readerNames() == names
            }
        }
    }
}

/// Whether anybody still listens.
private final class Listening: @unchecked Sendable {
    // @unchecked: one flag, set once, behind a lock.
    private let queue = DispatchQueue(label: "isignum.reader-monitor.flag")
    private var ended = false

    var goesOn: Bool { queue.sync { !ended } }

    func end() { queue.sync { ended = true } }
}
