// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit
internal import Token

extension Composition {
    /// What the stories without a CA need.
    ///
    /// - Parameter password: where the password of a file comes from, as `--password-from` names it.
    func tokenWork(passwordFrom password: String? = nil) throws -> TokenWorkContext {
        let choice = try AnchorChoice(options.authority, configuration)
        readsTokens = true
        let sources = issuerSources
        return TokenWorkContext(
            journal: try journal(),
            console: TokenWorkTerminal(
                console: console,
                password: try SecretInput(password),
                words: .of(language),
                results: .of(language)
            ),
            anchors: { try choice.anchors(for: $0) },
            completion: { try sources.completion(choice.profile(for: $0)) }
        )
    }

    /// What writes the backup of a new key, and completes it.
    func keyBackup(_ password: FilePasswordOptions) throws -> KeyBackup {
        let console = TokenWorkTerminal(
            console: console,
            password: try SecretInput(password.source),
            words: .of(language),
            results: .of(language)
        )
        return KeyBackup(console: console, files: BackupFolder())
    }

    /// The entry after its certificate was written into the backup of its key, where there is one. What stands in the
    /// way is told and undoes nothing: the results say what the backup holds, and how it is made whole.
    func completingBackup(of entry: JournalEntry, _ backup: KeyBackup) async throws -> JournalEntry {
        guard entry.state == .installed, entry.hasBareBackup else { return entry }
        do {
            return try await backup.complete(entry, in: try journal())
        } catch EnrollmentError.tokenWork(.passwordNeeded) {
            return entry
        } catch {
            if Task.isCancelled { throw error }
            await console.progress.finish()
            FailureReport.aside(error, language: language)
            return try journal().entry(numbered: entry.id)
        }
    }

    /// The fingerprints of keys that came from files; none where there is no journal, or none that can be read: it is
    /// no reason not to show a token.
    func importedKeys() -> Set<String> {
        let exists = FileManager.default.fileExists(atPath: folders.state.path(percentEncoded: false))
        return exists ? (try? journal().importedKeys()) ?? [] : []
    }

    /// The tokens that are meant: the one that `--token` names, or all that are plugged in.
    ///
    /// - Throws: `tokenNotFound` when there is none.
    func meantStores() async throws(KeyStoreError) -> [PKCS11Token] {
        if try chosenToken() != nil { return [try await chosenStore()] }
        return try await stores.everything()
    }
}

/// What a certificate from a file must lead to: the anchors of its request's CA, those that `--ca-file` or `--ca` name,
/// those of the default CA, or, where no CA is configured, the system's.
private struct AnchorChoice: Sendable {
    private let named: TrustAnchors?
    private let namedProfile: CAProfile?
    private let byAuthority: [String: CAProfile]
    private let usual: CAProfile?

    init(_ options: AuthorityOptions, _ configuration: Configuration) throws {
        if options.anchors != nil || options.url != nil || options.name != nil {
            namedProfile =
                options.url == nil && options.name == nil
                ? nil : try configuration.profile(options, ofRequest: nil)
            named = try namedProfile?.trustAnchors() ?? options.anchors.map { try TrustAnchors(file: $0) } ?? .system
        } else {
            (named, namedProfile) = (nil, nil)
        }
        byAuthority = try configuration.authorities.reduce(into: [:]) { profiles, authority in
            profiles[authority.key] = try CAProfile(
                name: authority.key,
                url: authority.value.url,
                anchorFile: authority.value.anchors,
                chainFile: authority.value.chain
            )
        }
        usual =
            configuration.defaultAuthority.flatMap { [byAuthority] in byAuthority[$0] }
            ?? (byAuthority.count == 1 ? byAuthority.values.first : nil)
    }

    func anchors(for entry: JournalEntry?) throws -> TrustAnchors {
        if let named { return named }
        return try profile(for: entry)?.trustAnchors() ?? .system
    }

    /// The CA whose issuers are known.
    func profile(for entry: JournalEntry?) -> CAProfile? {
        namedProfile ?? entry.flatMap { byAuthority[$0.authority] } ?? usual
    }
}

extension Composition {
    /// The token that is meant; the software store is made when it was wished for and is not there.
    func wishedStore() async throws -> PKCS11Token {
        if try chosenToken()?.meansSoftwareStore == true { try await makeSoftwareStore() }
        return try await chosenStore()
    }

    /// The software store, made if it is not there.
    func openSoftwareStore() async throws -> PKCS11Token {
        try await makeSoftwareStore()
        return try await stores.store(try TokenSelector(parsing: "nss"))
    }

    private func makeSoftwareStore() async throws {
        guard !softwareStore.exists else { return }
        let password = try await console.newPIN(for: softwareStore.folder)
        try softwareStore.create(password: password)
        await console.progress.tell(TokenWorkWords.of(language).storeMade(softwareStore.folder.printable))
    }
}

extension String {
    /// A folder's path as people write it.
    var trimmingSlash: String { count > 1 && hasSuffix("/") ? String(dropLast()) : self }
}
