// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment

extension Journal {
    /// The entry that a person means: by the CA's identification, or by the journal's number as `#3` or `3`.
    ///
    /// - Throws: `CommandError` with `requestNotFound`, `JournalError`.
    func entry(named text: String) throws -> JournalEntry {
        do {
            if let id = RequestID(text) { return try entry(for: id) }
            let digits = text.hasPrefix("#") ? text.dropFirst() : Substring(text)
            guard let number = Int64(digits), number > 0 else { throw JournalError(.notFound) }
            return try entry(numbered: number)
        } catch let error as JournalError where error == JournalError(.notFound) {
            throw CommandError(.requestNotFound, [text])
        }
    }
}
