// SPDX-License-Identifier: Apache-2.0

/// Why a PKCS#12 file could not be read or written. Equal by code alone.
public struct PKCS12Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable, CaseIterable {
        /// The file is larger than any that holds a key and its chain.
        case tooLarge
        /// The bytes are no PKCS#12 file.
        case malformed
        /// The password is wrong, or the file was changed: PKCS#12 cannot tell the two apart.
        case passwordWrong
        /// There is no private key in it.
        case noKey
        /// There is more than one private key in it.
        case severalKeys
        /// The key is of a kind that is not taken.
        case keyNotSupported
        /// No certificate in it belongs to its key.
        case certificateMissing
        /// It wants so much computing that it must be meant to harm.
        case tooCostly
        /// It is encrypted in a way that this OpenSSL does not have.
        case cipherUnavailable
        /// Anything else, memory among it.
        case failed
    }

    /// What kind of failure it is.
    public let code: Code
    /// OpenSSL's own words, for logs.
    public let detail: String

    /// Makes an error and empties the thread's queue of errors into it.
    public init(_ code: Code) {
        self.code = code
        detail = OpenSSLError(.failed).detail
    }

    /// Whether both are of the same kind.
    public static func == (left: PKCS12Error, right: PKCS12Error) -> Bool { left.code == right.code }

    /// For logs and tests.
    public var description: String { "\(code.rawValue): \(detail)" }
}
