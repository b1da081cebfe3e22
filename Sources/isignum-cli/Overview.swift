// SPDX-License-Identifier: Apache-2.0

internal import Enrollment
internal import Foundation

/// What `isignum` alone says on a terminal: what waits, and what can be done now.
struct Overview {
    /// The text.
    let text: String

    /// Looks into the journal; no token, no CA.
    ///
    /// - Returns: `nil` when the journal cannot be read: whatever is wrong, this is not the place to say it.
    init?() {
        let folders = Folders()
        let words = ResultWords.of(.ofHelp)
        let exists = FileManager.default.fileExists(atPath: folders.state.path(percentEncoded: false))
        guard let entries = exists ? try? Journal(folder: folders.state).entries() : [] else { return nil }
        let open = entries.filter(\.state.isOpen)
        var steps = [(words.howToBegin, "new"), (words.howToList, "list")]
        if open.contains(where: { $0.state == .pending }) { steps.insert((words.howToCheck, "check"), at: 0) }
        if open.contains(where: { [.issued, .accepted].contains($0.state) }) {
            steps.insert((words.howToInstall, "install"), at: 0)
        }
        if open.contains(where: { [.planned, .keyGenerated, .csrSigned, .submitted].contains($0.state) }) {
            steps.insert((words.howToResume, "resume"), at: 0)
        }
        steps.append((words.howToFindMore, "help"))
        text = (open.isEmpty ? "" : words.table(of: open)) + words.steps(steps)
    }
}
