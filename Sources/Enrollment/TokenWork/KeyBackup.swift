// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import OpenSSLKit
internal import Synchronization

/// The backup of a new key, in a store that allows one: an encrypted PKCS#12 file, written before the request is
/// signed; then the key is marked to stay. Next hops: `KeyStore.takeOut`, `PKCS12.backup`; later `complete`.
public struct KeyBackup: Sendable {
    let console: any TokenWorkConsole
    let files: any BackupFiles
    private let typed = TypedPassword()

    /// - Parameters:
    ///   - console: asks for the file's password, once for all that one run does with the file.
    ///   - files: where the files are.
    public init(console: any TokenWorkConsole, files: any BackupFiles) {
        self.console = console
        self.files = files
    }

    /// Refuses a file that is there already, and one that could not be written.
    public func requirePossible(_ file: String) throws(EnrollmentError) {
        guard !files.exists(file) else { throw .tokenWork(.fileExists(file)) }
        guard files.isPossible(file) else { throw .tokenWork(.cannotWrite(file)) }
    }

    /// Refuses what cannot be done before anything is made, and asks for the password.
    func prepare(_ file: String, on store: any KeyStore) async throws(EnrollmentError) {
        guard store.letsKeysOut else { throw .tokenWork(.backupRefused(store.token.identity.label)) }
        try requirePossible(file)
        _ = try await password(of: file, isNew: true)
    }

    /// Writes the backup of an entry's key and marks the key to stay. An interrupted run may have come to either.
    ///
    /// - Throws: `backupTaken` when something else has the file's name, `backupNotWritten`, `backupLost`. The key may
    ///   still leave then.
    func make(
        _ entry: inout JournalEntry,
        of key: StoredKey,
        on store: any KeyStore,
        in journal: Journal
    ) async throws(EnrollmentError) {
        guard let file = entry.plan.backupFile else { return }
        if files.exists(file) {
            guard try await isBackup(file, of: &entry, with: key.signingKey.publicKey, in: journal) else {
                throw .tokenWork(.backupTaken(file, entry))
            }
        } else {
            let held = try await password(of: file, isNew: true)
            await console.report(.writingBackup(file))
            let bytes = try await bytes(of: key, for: entry, on: store, held)
            entry.backup = BackupNote(bytes)
            try record(&entry, in: journal)
            do { try files.write(bytes, to: file) } catch {
                switch error {
                case .tokenWork(.fileExists): throw .tokenWork(.backupTaken(file, entry))
                case .tokenWork(.cannotWrite): throw .tokenWork(.backupNotWritten(file, entry))
                default: throw error
                }
            }
        }
        try await from(keyStore: { () throws(KeyStoreError) in
            try await store.keepIn(key.identifier, matching: key.signingKey.publicKey, secrets: console)
        })
    }

    /// Whether a file is the backup of this entry's key: the one that the journal knows, or one that opens with the
    /// password and holds this very key, as after a run of a program that did not yet write it down.
    private func isBackup(
        _ file: String,
        of entry: inout JournalEntry,
        with publicKey: PublicKey,
        in journal: Journal
    ) async throws(EnrollmentError) -> Bool {
        guard let content = files.content(of: file) else { return false }
        if entry.backup?.means(content) == true { return true }
        guard (try? PKCS12.outline(of: content)) != nil else { return false }
        let held: HeldPassword
        do { held = try await password(of: file, isNew: false) } catch {
            if case .tokenWork(.passwordNeeded) = error { return false }
            throw error
        }
        guard let opened = try? PKCS12(reading: content, password: held.password), opened.key.publicKey == publicKey
        else { return false }
        entry.backup = BackupNote(content, isWhole: !opened.chain.isEmpty)
        try record(&entry, in: journal)
        return true
    }

    /// The file of an entry's backup, which is to go elsewhere while it is still to be written, or was moved there.
    ///
    /// - Throws: `backupNotOpen` when no backup is to be written any more; `fileExists`, `cannotWrite`.
    func move(_ entry: inout JournalEntry, to file: String) throws(EnrollmentError) -> Bool {
        let isOpen = entry.state == .planned || entry.state == .keyGenerated
        guard isOpen, let known = entry.plan.backupFile, !isWritten(entry, as: known) else {
            throw .tokenWork(.backupNotOpen(entry))
        }
        guard file != known else { return false }
        if !isWritten(entry, as: file) { try requirePossible(file) }
        entry.plan.backupFile = file
        return true
    }

    private func isWritten(_ entry: JournalEntry, as file: String) -> Bool {
        entry.backup?.means(files.content(of: file)) == true
    }

    private func bytes(
        of key: StoredKey,
        for entry: JournalEntry,
        on store: any KeyStore,
        _ held: HeldPassword
    ) async throws(EnrollmentError) -> [UInt8] {
        let wrapped: WrappedKey
        do {
            wrapped = try await store.takeOut(
                key.identifier,
                matching: key.signingKey.publicKey,
                secrets: console
            )
        } catch {
            // A key whose backup was written once may have been marked to stay, and the store may heed that.
            guard let file = entry.plan.backupFile, entry.backup != nil, error.code == .functionFailed else {
                throw .keyStore(error)
            }
            throw .tokenWork(.backupLost(file, entry))
        }
        do {
            return try PKCS12.backup(of: wrapped, name: entry.nameOfKey, password: held.password)
        } catch { throw .tokenWork(.file(error)) }
    }

    /// The password of the file, asked for once in a run.
    func password(of file: String, isNew: Bool) async throws(EnrollmentError) -> HeldPassword {
        if let held = typed.password { return held }
        let held = HeldPassword(try await console.password(of: file, isNew: isNew))
        typed.keep(held)
        return held
    }

    /// Forgets the password: what was to be done with it is done, or it was wrong.
    func forgetPassword() { typed.keep(nil) }

    func record(_ entry: inout JournalEntry, in journal: Journal) throws(EnrollmentError) {
        do { try journal.record(&entry) } catch { throw .journal(error) }
    }
}

extension JournalEntry {
    /// What programs call the key in its backup.
    var nameOfKey: String { plan.contact.name ?? "isignum" }
}

/// A password that is kept while a key is being made.
final class HeldPassword: Sendable {
    let password: FilePassword

    init(_ password: consuming FilePassword) { self.password = password }
}

/// What was typed in this run. Only the run that waits for the certificate comes to need it a second time.
private final class TypedPassword: Sendable {
    private let held = Mutex<HeldPassword?>(nil)

    var password: HeldPassword? { held.withLock { $0 } }

    func keep(_ password: HeldPassword?) { held.withLock { $0 = password } }
}
