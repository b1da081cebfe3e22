// SPDX-License-Identifier: Apache-2.0

internal import CAClient

/// Several who are asked at once: the first good answer ends it, and whoever is still asked then is given up.
enum Race {
    /// What came of it.
    struct Outcome<Value: Sendable>: Sendable {
        /// Who answered, by number, and what.
        var winner: (index: Int, value: Value)?
        /// Who failed before, by number, in the order of asking.
        var failures: [(index: Int, failure: CertificateStanding.Failure)] = []
    }

    private enum Event<Value: Sendable>: Sendable {
        case told(Int, Result<Value, CertificateStanding.Failure>)
        case secondsBegin
        case timeIsOver
    }

    /// Asks everybody.
    ///
    /// - Parameters:
    ///   - count: how many of them are asked from the start; the rest is asked when all of these failed, or after the
    ///     head start.
    ///   - end: when whoever has not answered is given up.
    static func first<Asked: Sendable, Value: Sendable>(
        of asked: [Asked],
        beginningWith count: Int? = nil,
        headStart: Duration = .zero,
        until end: ContinuousClock.Instant,
        _ ask: @escaping @Sendable (Asked) async throws(CertificateStanding.Failure) -> Value
    ) async -> Outcome<Value> {
        await withTaskGroup(of: Event<Value>.self) { group in
            var outcome = Outcome<Value>()
            var failures: [Int: CertificateStanding.Failure] = [:]
            var begun = 0
            func begin(upTo last: Int, in group: inout TaskGroup<Event<Value>>) {
                for index in begun..<max(begun, last) {
                    let one = asked[index]
                    group.addTask {
                        do throws(CertificateStanding.Failure) {
                            return .told(index, .success(try await ask(one)))
                        } catch { return .told(index, .failure(error)) }
                    }
                }
                begun = max(begun, last)
            }
            group.addTask {
                try? await Task.sleep(until: end, clock: .continuous)
                return .timeIsOver
            }
            let firsts = count.map { $0 == 0 ? asked.count : min($0, asked.count) } ?? asked.count
            if firsts < asked.count {
                let second = min(ContinuousClock.now + headStart, end)
                group.addTask {
                    try? await Task.sleep(until: second, clock: .continuous)
                    return .secondsBegin
                }
            }
            begin(upTo: firsts, in: &group)
            events: while failures.count < asked.count, let event = await group.next() {
                switch event {
                case .told(let index, .success(let value)):
                    outcome.winner = (index, value)
                    // Whoever was asked first and had to be helped out by others is named.
                    if index >= firsts {
                        for silent in 0..<firsts where failures[silent] == nil { failures[silent] = .init(.notInTime) }
                    }
                    break events
                case .told(let index, .failure(let failure)):
                    failures[index] = failure
                    if failures.count == begun { begin(upTo: asked.count, in: &group) }
                case .secondsBegin: begin(upTo: asked.count, in: &group)
                case .timeIsOver:
                    let why = CertificateStanding.Failure(
                        Task.isCancelled ? .notReached(CAError(.cancelled)) : .notInTime
                    )
                    for index in asked.indices where failures[index] == nil { failures[index] = why }
                }
            }
            group.cancelAll()
            outcome.failures = failures.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            return outcome
        }
    }
}
