// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import OpenSSLKit

/// Why a request could not be built. Equal by code alone.
public struct CSRError: Error, Equatable, Sendable {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// The name is longer than a certificate can hold (64 characters, RFC 5280, ub-common-name).
        case nameTooLong
        /// The name holds control characters.
        case nameInvalid
        /// The e-mail address is none that a certificate can hold (RFC 5280, section 4.2.1.6: ASCII).
        case emailInvalid
        /// The key could not sign; `keyStoreError` says why.
        case signing
        /// The finished request does not verify against its own key: the device signed with another one.
        case selfCheckFailed
        /// OpenSSL failed.
        case failed
    }

    /// What kind of failure it is.
    public let code: Code
    /// What the token said, for `signing`.
    public let keyStoreError: KeyStoreError?
    /// The library's own words.
    public let detail: String?

    init(_ code: Code, keyStoreError: KeyStoreError? = nil, detail: String? = nil) {
        self.code = code
        self.keyStoreError = keyStoreError
        self.detail = detail
    }

    /// Takes an error of OpenSSL over.
    public init(_ error: OpenSSLError) { self.init(.failed, detail: error.detail) }

    /// Whether both are of the same kind.
    public static func == (left: CSRError, right: CSRError) -> Bool { left.code == right.code }
}
