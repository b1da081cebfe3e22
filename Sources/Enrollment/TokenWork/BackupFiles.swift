// SPDX-License-Identifier: Apache-2.0

/// The files of backups, as the stories meet them.
public protocol BackupFiles: Sendable {
    /// Whether there is anything of this name, a folder, a device or a link among them.
    func exists(_ file: String) -> Bool

    /// Whether a file of this name could be made: its folder is there and can be written to.
    func isPossible(_ file: String) -> Bool

    /// What a regular file holds; `nil` for anything else, and for more than a backup can hold.
    func content(of file: String) -> [UInt8]?

    /// Writes a file for its owner alone, whole or not at all, and never over another one.
    ///
    /// - Throws: `fileExists`, `cannotWrite`.
    func write(_ bytes: [UInt8], to file: String) throws(EnrollmentError)

    /// Puts a file in the place of the one that has been read, and of no other.
    ///
    /// - Throws: `fileExists` when something else is there by now; `cannotWrite`.
    func replace(_ old: [UInt8], with new: [UInt8], in file: String) throws(EnrollmentError)
}
