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
        return TokenWorkContext(
            journal: try journal(),
            console: TokenWorkTerminal(
                console: console,
                password: try SecretInput(password),
                words: .of(language),
                results: .of(language)
            ),
            anchors: { try choice.anchors(for: $0) }
        )
    }

    /// What writes the backup of a new key.
    func keyBackup(_ password: FilePasswordOptions) throws -> KeyBackup {
        let console = TokenWorkTerminal(
            console: console,
            password: try SecretInput(password.source),
            words: .of(language),
            results: .of(language)
        )
        return KeyBackup(
            console: console,
            exists: NewFile.isTaken,
            isPossible: NewFile.isPossible,
            write: { (bytes, path) throws(EnrollmentError) in
                do throws(CommandError) {
                    try NewFile.write(bytes, to: path, force: false)
                } catch {
                    throw .tokenWork(error.code != .cannotWrite ? .fileExists(path) : .cannotWrite(path))
                }
            }
        )
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
    private let byAuthority: [String: CAProfile]
    private let usual: CAProfile?

    init(_ options: AuthorityOptions, _ configuration: Configuration) throws {
        if options.anchors != nil || options.url != nil || options.name != nil {
            let profile =
                options.url == nil && options.name == nil
                ? nil : try configuration.profile(options, ofRequest: nil)
            named = try profile?.trustAnchors() ?? TrustAnchors.read(options.anchors)
        } else {
            named = nil
        }
        byAuthority = try configuration.authorities.reduce(into: [:]) { profiles, authority in
            profiles[authority.key] = try CAProfile(
                name: authority.key,
                url: authority.value.url,
                anchorFile: authority.value.anchors
            )
        }
        usual =
            configuration.defaultAuthority.flatMap { [byAuthority] in byAuthority[$0] }
            ?? (byAuthority.count == 1 ? byAuthority.values.first : nil)
    }

    func anchors(for entry: JournalEntry?) throws -> TrustAnchors {
        if let named { return named }
        let profile = entry.flatMap { byAuthority[$0.authority] } ?? usual
        return try profile?.trustAnchors() ?? .system
    }
}

extension TrustAnchors {
    fileprivate static func read(_ path: String?) throws -> TrustAnchors {
        guard let path else { return .system }
        do {
            return try TrustAnchors(bundle: try ForeignFile.read(path, atMost: CertificateBundle.largestBundle))
        } catch {
            throw CAError(.anchorsUnusable, detail: path)
        }
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
