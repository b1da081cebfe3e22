// SPDX-License-Identifier: Apache-2.0

/// Why the journal could not be used. Equal by code alone.
public struct JournalError: Error, Equatable, Sendable {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// The folder or file cannot be made or written; `obstacle` says why, where that is known.
        case cannotWrite
        /// The file is damaged. Nothing was thrown away; `isPutAside` says where it is.
        case corrupt
        /// A later version of the program wrote it.
        case tooNew
        /// What is in its place is a link, a device or another thing that is no file, and was not touched.
        case irregular
        /// A row cannot be read; `entry` is its number, `detail` the name of the column.
        case unreadable
        /// Another run of the program works on the same request.
        case busy
        /// There is no such request.
        case notFound
        /// Another request of the same CA has this ID.
        case idTaken
        /// Anything else.
        case failed
    }

    /// What stands in the way of writing.
    public enum Obstacle: Sendable {
        /// The disk, or what a quota allows of it.
        case full
        /// The file system is mounted for reading only.
        case readOnly
        /// Whose it is, and what others may do there.
        case rights
    }

    /// What kind of failure it is.
    public let code: Code
    /// The file that is meant; for a damaged one that was put aside, where it is now.
    public var path: String?
    /// The library's own words, for logs. Never anything that a row holds.
    public let detail: String?
    /// The number of the request that is meant.
    public var entry: Int64?
    /// What stands in the way, for `cannotWrite`.
    public var obstacle: Obstacle?
    /// Whether a damaged file was put aside, for `corrupt`.
    public var isPutAside = false
    /// Whether it happened before anything had been done: no key, nothing sent.
    public var isBeforeAnything = false

    /// Makes an error.
    public init(_ code: Code, path: String? = nil, detail: String? = nil, entry: Int64? = nil) {
        self.code = code
        self.path = path
        self.detail = detail
        self.entry = entry
    }

    /// Whether both are of the same kind.
    public static func == (left: JournalError, right: JournalError) -> Bool { left.code == right.code }

    /// The same, where nothing had been done yet.
    var beforeAnything: JournalError {
        var error = self
        error.isBeforeAnything = true
        return error
    }
}
