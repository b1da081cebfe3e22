// SPDX-License-Identifier: Apache-2.0

/// Why a PKCS#12 file could not be read or written. Equal by code alone.
public struct PKCS12Error: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable, CaseIterable {
        /// The file, or the number of its parts, is larger than any that holds a key and its chain.
        case tooLarge
        /// The bytes are no PKCS#12 file.
        case malformed
        /// The password is wrong, or the file was changed: PKCS#12 cannot tell the two apart.
        case passwordWrong
        /// The password is that of the file, and the key in it has another one.
        case keyPasswordDiffers
        /// There is no private key in it; `certificates` says what there is.
        case noKey
        /// There is more than one private key in it.
        case severalKeys
        /// The key is of a kind that is not taken.
        case keyNotSupported
        /// No certificate in it belongs to its key.
        case certificateMissing
        /// It wants so much computing that it must be meant to harm.
        case tooCostly
        /// It is protected with an algorithm that is not known here; `detail` is its name.
        case algorithmUnknown
        /// It is encrypted in a way that this OpenSSL does not have.
        case cipherUnavailable
        /// Anything else, memory among it.
        case failed
    }

    /// What kind of failure it is.
    public let code: Code
    /// OpenSSL's own words, for logs; the name of an algorithm, where that is what is wrong.
    public let detail: String
    /// How many certificates there are in a file without a key; `nil` otherwise.
    public let certificates: Int?

    /// Makes an error and empties the thread's queue of errors into it.
    ///
    /// - Parameters:
    ///   - detail: takes the place of OpenSSL's words.
    ///   - certificates: how many there are where a key is missing.
    public init(_ code: Code, _ detail: String? = nil, certificates: Int? = nil) {
        self.code = code
        let words = OpenSSLError(.failed).detail
        self.detail = detail ?? words
        self.certificates = certificates
    }

    /// Whether both are of the same kind.
    public static func == (left: PKCS12Error, right: PKCS12Error) -> Bool { left.code == right.code }

    /// For logs and tests.
    public var description: String { "\(code.rawValue): \(detail)" }
}
