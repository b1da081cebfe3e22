// SPDX-License-Identifier: Apache-2.0

internal import Synchronization
internal import Token

/// What is plugged in, from the first question about it to the last. One watch serves them all: a change is told once, and
/// a watch that was given up could still swallow it.
final class DeviceNews: Sendable {
    /// What a listener hears.
    enum Word: Sendable {
        /// What is plugged in now.
        case devices(DeviceSurvey)
        /// Nothing more will be told: the time is over.
        case over
    }

    private struct State {
        var watch: Task<Void, Never>?
        var latest: Word?
        var listener: AsyncStream<Word>.Continuation?
    }

    private let changes: @Sendable () -> AsyncStream<DeviceChange>
    private let state = Mutex(State())

    init(_ changes: @escaping @Sendable () -> AsyncStream<DeviceChange>) { self.changes = changes }

    deinit { stop() }

    /// What is plugged in, and every change from now on. There is one listener: a new one takes the place of the last.
    func listen() -> AsyncStream<Word> {
        let (words, word) = AsyncStream.makeStream(of: Word.self)
        state.withLock { state in
            state.listener = word
            if let latest = state.latest { word.yield(latest) }
            guard state.watch == nil else { return }
            state.watch = Task { [changes, weak self] in
                for await change in changes() {
                    if case .devices(let survey) = change { self?.tell(.devices(survey)) }
                }
                if !Task.isCancelled { self?.tell(.over) }
            }
        }
        return words
    }

    /// Ends the watch.
    func stop() {
        state.withLock { state in
            state.watch?.cancel()
            state.listener?.finish()
        }
    }

    private func tell(_ word: Word) {
        state.withLock { state in
            state.latest = word
            state.listener?.yield(word)
        }
    }
}
