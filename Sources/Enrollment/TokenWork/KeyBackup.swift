// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import OpenSSLKit

/// The backup of a new key, in a store that allows one: an encrypted PKCS#12 file, written before the request is
/// signed; from then on the key stays. Next hops: `KeyStore.takeOut`, `PKCS12.backup`.
public struct KeyBackup: Sendable {
    let console: any TokenWorkConsole
    let exists: @Sendable (String) -> Bool
    let isPossible: @Sendable (String) -> Bool
    let write: @Sendable ([UInt8], String) throws(EnrollmentError) -> Void

    /// - Parameters:
    ///   - exists: whether there is a file of this name.
    ///   - isPossible: whether a file of this name could be made: its folder is there and can be written to.
    ///   - write: writes a file for its owner alone, whole or not at all, and never over another one.
    public init(
        console: any TokenWorkConsole,
        exists: @escaping @Sendable (String) -> Bool,
        isPossible: @escaping @Sendable (String) -> Bool,
        write: @escaping @Sendable ([UInt8], String) throws(EnrollmentError) -> Void
    ) {
        self.console = console
        self.exists = exists
        self.isPossible = isPossible
        self.write = write
    }

    /// Refuses a file that is there already, and one that could not be written.
    public func requirePossible(_ file: String) throws(EnrollmentError) {
        guard !exists(file) else { throw .tokenWork(.fileExists(file)) }
        guard isPossible(file) else { throw .tokenWork(.cannotWrite(file)) }
    }

    /// Refuses what cannot be done before anything is made, and asks for the password.
    func prepare(_ file: String, on store: any KeyStore) async throws(EnrollmentError) -> HeldPassword {
        guard store.letsKeysOut else { throw .tokenWork(.backupRefused(store.token.identity.label)) }
        try requirePossible(file)
        return HeldPassword(try await console.password(of: file, isNew: true))
    }

    /// Writes the backup and makes the key stay.
    ///
    /// An interrupted run may have come to either: the name was free before the key was made, so a file under it is the
    /// backup, whole.
    ///
    /// - Parameter password: asked for now when it was not before.
    func make(
        _ file: String,
        of key: StoredKey,
        named name: String,
        on store: any KeyStore,
        password: HeldPassword?
    ) async throws(EnrollmentError) {
        let publicKey = key.signingKey.publicKey
        if !exists(file) {
            var held = password
            if held == nil { held = HeldPassword(try await console.password(of: file, isNew: true)) }
            guard let held else { throw .tokenWork(.passwordNeeded) }
            await console.report(.writingBackup(file))
            let bytes = try await bytes(of: key, named: name, on: store, held)
            try write(bytes, file)
        }
        try await from(keyStore: { () throws(KeyStoreError) in
            try await store.keepIn(key.identifier, matching: publicKey, secrets: console)
        })
    }

    /// The file of an entry's backup, which is to go elsewhere while it is still to be written.
    ///
    /// - Throws: `backupNotOpen` when no backup is to be written any more; `fileExists`, `cannotWrite`.
    func move(_ entry: inout JournalEntry, to file: String) throws(EnrollmentError) -> Bool {
        let known = entry.plan.backupFile
        let isOpen = entry.state == .planned || entry.state == .keyGenerated
        guard isOpen, let known, entry.state == .planned || !exists(known) else {
            throw .tokenWork(.backupNotOpen(entry))
        }
        guard file != known else { return false }
        try requirePossible(file)
        entry.plan.backupFile = file
        return true
    }

    private func bytes(
        of key: StoredKey,
        named name: String,
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
        } catch { throw .keyStore(error) }
        do {
            return try PKCS12.backup(of: wrapped, name: name, password: held.password)
        } catch { throw .tokenWork(.file(error)) }
    }
}

/// A password that is kept while a key is being made.
final class HeldPassword: Sendable {
    let password: FilePassword

    init(_ password: consuming FilePassword) { self.password = password }
}
