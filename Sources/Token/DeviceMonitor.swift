// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import Synchronization

extension TokenDirectory {
    /// How often modules are asked where nothing tells: with what an answer takes, every change is known within half
    /// a second.
    static let interval: Duration = .milliseconds(300)

    /// What is plugged in now, and again after every change, until the task that listens is cancelled or the time is
    /// over.
    ///
    /// Readers and cards are told by the smart-card service's events, tokens by asking their modules after each event
    /// and every 0.3 s: C_WaitForSlotEvent blocks in few modules, cannot be ended in them, and has the same source.
    /// A service that goes away or comes is no error, and neither is a module that cannot be used.
    public nonisolated func changes(atMost time: Duration? = nil) -> AsyncStream<DeviceChange> {
        AsyncStream { continuation in
            let readers = LatestReaders()
            let (ticks, ticking) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            let events = Task {
                while !Task.isCancelled {
                    do {
                        for try await seen in ReaderMonitor.changes() {
                            guard readers.set(seen) else { continue }
                            // What a card is takes its module seconds to read; that it is there is told at once.
                            continuation.yield(.readers(seen))
                            ticking.yield()
                        }
                    } catch {
                        if readers.set(nil) { continuation.yield(.readers(nil)) }
                        ticking.yield()
                    }
                    try? await Task.sleep(for: .milliseconds(400))
                }
            }
            let clock = Task {
                while !Task.isCancelled {
                    ticking.yield()
                    try? await Task.sleep(for: Self.interval)
                }
            }
            let asking = Task {
                for await _ in ticks {
                    guard let survey = await lookAgain() else { continue }
                    // A service that has come back is told before the devices that came with it. A later state of
                    // its readers is never overwritten: only what was not known at all is filled in.
                    if let seen = survey.readers, readers.fill(with: seen) { continuation.yield(.readers(seen)) }
                    continuation.yield(.devices(survey))
                }
            }
            let end = Task {
                guard let time else { return }
                try await Task.sleep(for: time)
                continuation.finish()
            }
            continuation.onTermination = { _ in
                ticking.finish()
                for task in [events, clock, asking] { task.cancel() }
                end.cancel()
            }
        }
    }
}

/// Something that was plugged in or out.
public enum DeviceChange: Sendable {
    /// Readers or their cards; `nil` when the smart-card service is gone.
    case readers([CardReader]?)
    /// What the modules show now.
    case devices(DeviceSurvey)
}

/// The readers as the service told of them last.
private final class LatestReaders: Sendable {
    private let readers = Mutex<[CardReader]?>(nil)

    /// Takes what was seen where nothing is known.
    ///
    /// - Returns: whether nothing was known.
    func fill(with new: [CardReader]) -> Bool {
        readers.withLock { old in
            guard old == nil else { return false }
            old = new
            return true
        }
    }

    /// - Returns: whether they are others than before.
    @discardableResult
    func set(_ new: [CardReader]?) -> Bool {
        readers.withLock { old in
            defer { old = new }
            return old != new
        }
    }
}
