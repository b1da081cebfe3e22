// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// Runs an actor on a thread where calls may block: a card takes its time, and the cooperative threads must not.
final class BlockingExecutor: SerialExecutor {
    private let queue: DispatchQueue

    init(label: String) { queue = DispatchQueue(label: label) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
