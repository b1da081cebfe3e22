// SPDX-License-Identifier: Apache-2.0

/// Why the journal could not be used. Equal by code alone.
public struct JournalError: Error, Equatable, Sendable {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// The folder or file cannot be made or written: rights, a full disk, a read-only file system.
        case cannotWrite
        /// The file is damaged. It was put aside under the name in `path`; nothing was thrown away.
        case corrupt
        /// A later version of the program wrote it.
        case tooNew
        /// Another run of the program works on the same request.
        case busy
        /// There is no such request.
        case notFound
        /// Anything else.
        case failed
    }

    /// What kind of failure it is.
    public let code: Code
    /// The file that is meant.
    public let path: String?
    /// The library's own words, for logs.
    public let detail: String?

    /// Makes an error.
    public init(_ code: Code, path: String? = nil, detail: String? = nil) {
        self.code = code
        self.path = path
        self.detail = detail
    }

    /// Whether both are of the same kind.
    public static func == (left: JournalError, right: JournalError) -> Bool { left.code == right.code }
}
