// SPDX-License-Identifier: Apache-2.0

public import Credentials

/// How a person names a token: by its label, its serial number, an RFC 7512 URI, or the name of its reader. Never by a
/// slot's number, which changes when a reader is plugged in.
public struct TokenSelector: Hashable, Sendable {
    private enum Form: Hashable, Sendable {
        case text(String)
        case uri(TokenURI)
        case identity(TokenIdentity)
    }

    private let form: Form

    /// What to show of the selector in a message: never a PIN, because none is taken.
    public let text: String

    /// Reads what a person typed.
    ///
    /// - Throws: `selectorInvalid` when it is empty, or a URI that is none or that carries a PIN.
    public init(parsing text: String) throws(KeyStoreError) {
        self.text = TokenText.clean(Array(text.utf8), limit: 256)
        guard !self.text.isEmpty else { throw KeyStoreError(.selectorInvalid) }
        form =
            text.prefix(7).lowercased() == "pkcs11:"
            ? .uri(try TokenURI(parsing: text)) : .text(self.text)
    }

    /// Names exactly one token that was seen before.
    public init(_ identity: TokenIdentity) {
        text = "\(identity.label) (\(identity.serial))"
        form = .identity(identity)
    }

    /// Whether the software store is meant, by a request that was made in it or by the word "nss".
    public var meansSoftwareStore: Bool {
        switch form {
        case .text(let text): text.lowercased() == "nss"
        case .uri: false
        case .identity(let identity): identity.isSoftwareStore
        }
    }

    /// Whether a token's reader is named; a token that calls itself so goes before.
    public func names(reader: String?) -> Bool {
        guard case .text(let text) = form else { return false }
        return reader == text
    }

    /// Whether a token is one that is meant.
    public func matches(_ token: TokenIdentity) -> Bool {
        switch form {
        case .text(let text): token.label == text || token.serial == text
        case .uri(let uri): uri.matches(token)
        case .identity(let identity): token == identity
        }
    }
}
