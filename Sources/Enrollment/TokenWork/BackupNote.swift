// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import OpenSSLKit

/// What the journal knows of the backup of a key. A file is this entry's backup when the journal says so, not when it
/// merely has its name.
public struct BackupNote: Sendable, Equatable, Codable {
    /// The SHA-256 of the file, lower-case hexadecimal: written down before the file is, so that an interrupted run
    /// can tell it from another.
    public let sha256: String
    /// The SHA-256 of the file with the certificate that is about to take its place.
    public internal(set) var successor: String?
    /// Whether the certificate is in it.
    public internal(set) var isWhole: Bool

    init(_ content: [UInt8], isWhole: Bool = false) {
        sha256 = Self.digest(content)
        self.isWhole = isWhole
    }

    /// Whether a file is the one that was written down.
    func means(_ content: [UInt8]?) -> Bool { content.map(Self.digest) == sha256 }

    static func digest(_ content: [UInt8]) -> String { Digests.hexadecimal(Digests.digest(content, .sha256)) }
}

extension JournalEntry {
    /// Whether a backup of the key was written that does not hold the certificate, as far as the journal knows.
    ///
    /// No request is signed before its key's backup is written.
    public var hasBareBackup: Bool { plan.backupFile != nil && request != nil && backup?.isWhole != true }
}
