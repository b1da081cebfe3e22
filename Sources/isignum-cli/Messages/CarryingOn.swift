// SPDX-License-Identifier: Apache-2.0

/// An error before any request was begun: `isignum resume` would find nothing to carry on with.
struct BeforeAnything: Error {
    let cause: any Error
}

/// How a person goes on after a command broke off: each command leaves something else behind.
enum CarryingOn: Sendable {
    /// A request is in the journal.
    case resume
    /// The command itself: what it had begun is found again.
    case again

    /// - Parameter command: the name of the command; `nil` where a person chose it in the menu.
    init(after command: String?) {
        let ofRequests = ["new", "renew", "check", "install", "resume"]
        self = command.map(ofRequests.contains) ?? true ? .resume : .again
    }
}
