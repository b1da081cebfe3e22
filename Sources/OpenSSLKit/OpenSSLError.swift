// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

/// Why OpenSSL could not do what it was asked. Equal by code alone.
public struct OpenSSLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// The bytes are not what they should be.
        case malformed
        /// The bytes are more than they may be.
        case tooLarge
        /// The key is of a kind that is not supported.
        case keyNotSupported
        /// Anything else, memory among it.
        case failed
    }

    /// What kind of failure it is.
    public let code: Code
    /// The library's own words, the deepest first.
    public let detail: String

    /// Makes an error and empties the thread's queue of errors into it.
    public init(_ code: Code, _ what: String = "") {
        self.code = code
        var lines = what.isEmpty ? [] : [what]
        while case let value = ERR_get_error(), value != 0, lines.count < 16 {
            var text = [CChar](repeating: 0, count: 256)
            ERR_error_string_n(value, &text, text.count)
            lines.append(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        ERR_clear_error()
        detail = lines.joined(separator: "; ")
    }

    /// Whether both are of the same kind.
    public static func == (left: OpenSSLError, right: OpenSSLError) -> Bool { left.code == right.code }

    /// For logs and tests.
    public var description: String { "\(code.rawValue): \(detail)" }
}
