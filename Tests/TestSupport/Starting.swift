// SPDX-License-Identifier: Apache-2.0

public import Foundation

// Foundation notices the end of a process by a socket that only the process has. It lists the descriptors that a new
// process must not get, then starts it: one that another thread opens in between is inherited. A process that lives on,
// a CA for example, then holds back the end of another, and whoever waits for that waits for ever. So descriptors for
// processes are made, and processes started, by one thread at a time.
private let turn = NSLock()

extension Process {
    /// Starts it while no other is being started.
    public func startAlone() throws { try turn.withLock { try run() } }
}

extension Pipe {
    /// A pipe that no process but those it is meant for will inherit.
    public static func alone() -> Pipe { turn.withLock { Pipe() } }
}
