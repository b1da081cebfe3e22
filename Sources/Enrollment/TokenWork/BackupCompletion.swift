// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import OpenSSLKit

extension KeyBackup {
    /// Writes the certificate of an installed key into the backup, so that NSS and others take it whole. The key comes
    /// out of the old file, whose place the new one takes; the store is not asked. Nothing that goes wrong undoes the
    /// installation, and the old file stays until the new one is there.
    ///
    /// - Parameter file: where the file is now, if it was moved.
    /// - Throws: `passwordNeeded` when there is none, or an empty one: a person's way to say not now. `backupMissing`,
    ///   `backupChanged`, `cannotWrite`; `file` for a wrong password.
    public func complete(
        _ entry: JournalEntry,
        in journal: Journal,
        movedTo file: String? = nil
    ) async throws(EnrollmentError) -> JournalEntry {
        let lock = try from(journal: { () throws(JournalError) in try journal.lock(entry) })
        defer { withExtendedLifetime(lock) {} }
        var entry = try from(journal: { () throws(JournalError) in try journal.entry(numbered: entry.id) })
        guard entry.state == .installed, entry.hasBareBackup, let known = entry.plan.backupFile else { return entry }
        let file = file ?? known
        guard let old = files.content(of: file) else { throw .tokenWork(.backupMissing(file, entry)) }
        if let successor = entry.backup?.successor, successor == BackupNote.digest(old) {
            // An interrupted run came as far as this.
            return try finish(&entry, with: old, in: file, journal)
        }
        guard entry.backup?.means(old) != false else { throw .tokenWork(.backupChanged(file, entry)) }
        await console.report(.completingBackup(file))
        let new = try await completed(old, for: entry, in: file)
        var note = BackupNote(old)
        note.successor = BackupNote.digest(new)
        entry.backup = note
        entry.plan.backupFile = file
        try record(&entry, in: journal)
        do { try files.replace(old, with: new, in: file) } catch {
            guard case .tokenWork(.fileExists) = error else { throw error }
            throw .tokenWork(.backupChanged(file, entry))
        }
        return try finish(&entry, with: new, in: file, journal)
    }

    private func completed(
        _ old: [UInt8],
        for entry: JournalEntry,
        in file: String
    ) async throws(EnrollmentError) -> [UInt8] {
        let held = try await password(of: file, isNew: false)
        // What is left of it serves nobody.
        defer { forgetPassword() }
        guard held.password.count > 0 else { throw .tokenWork(.passwordNeeded) }
        do {
            return try PKCS12.completed(old, with: entry.chain, name: entry.nameOfKey, password: held.password)
        } catch { throw .tokenWork(.file(error)) }
    }

    private func finish(
        _ entry: inout JournalEntry,
        with content: [UInt8],
        in file: String,
        _ journal: Journal
    ) throws(EnrollmentError) -> JournalEntry {
        entry.backup = BackupNote(content, isWhole: true)
        entry.plan.backupFile = file
        try record(&entry, in: journal)
        return entry
    }
}
