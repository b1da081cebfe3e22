// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment

extension Journal {
    /// The entry that a person means: by the CA's identification, or by the journal's number as `#3` or `3`.
    ///
    /// - Parameter authority: the CA that is meant, where several gave the same ID.
    /// - Throws: `CommandError` with `requestNotFound`, or with `requestAmbiguous` when several CAs gave the ID;
    ///   `JournalError`.
    func entry(named text: String, of authority: String?) throws -> JournalEntry {
        if let id = RequestID(text) {
            let all = try entries(for: id)
            let meant = all.filter { $0.authority == authority ?? $0.authority }
            // One of another CA than the one named is said to be that.
            guard let entry = meant.first ?? all.first else { throw CommandError(.requestNotFound, [text]) }
            guard meant.count <= 1, !meant.isEmpty || all.count == 1 else {
                throw CommandError(.requestAmbiguous, all.map { "#\($0.id) (\($0.authority))" })
            }
            return entry
        }
        do {
            let digits = text.hasPrefix("#") ? text.dropFirst() : Substring(text)
            guard let number = Int64(digits), number > 0 else { throw JournalError(.notFound) }
            return try entry(numbered: number)
        } catch let error as JournalError where error == JournalError(.notFound) {
            throw CommandError(.requestNotFound, [text])
        }
    }
}
