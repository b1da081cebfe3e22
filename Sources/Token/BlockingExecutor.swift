// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// Runs an actor's work on a queue of its own: a token takes seconds to answer, and a thread of the shared pool that
/// waits for it would hold up everybody else.
final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
