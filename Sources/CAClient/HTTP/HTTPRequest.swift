// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// One request, ready to be sent (RFC 9110).
struct HTTPRequest: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
    }

    var method: Method
    var url: URL
    var fields: [HTTPField] = []
    var body: [UInt8] = []
    /// The largest body of a successful answer in bytes; errors have a limit of their own.
    var answerLimit: Int
    /// Whether it may go without TLS: the answer is public and carries its own signature.
    var isPublic = false

    /// Method and address, without a query: what errors may show.
    var summary: String {
        var parts = URLComponents(url: url, resolvingAgainstBaseURL: true)
        parts?.query = nil
        return "\(method.rawValue) \(parts?.string ?? "")"
    }
}

/// One line of a header that is about to be sent.
struct HTTPField: Sendable {
    let line: String

    /// - Returns: `nil` when the value is too long, or has characters that could begin another line.
    init?(_ name: String, _ value: String) {
        guard value.utf8.count <= 4_096, !value.isEmpty, value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            return nil
        }
        line = "\(name): \(value)"
    }

    /// The proof that a request is ours (RFC 6750, section 2.1); `nil` when the text is no such token.
    static func bearer(_ token: String) -> HTTPField? {
        let text = token.utf8.reversed().drop { $0 == UInt8(ascii: "=") }
        let isToken = text.allSatisfy {
            switch $0 {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-._~+/".utf8.contains($0)
            }
        }
        guard isToken, !text.isEmpty else { return nil }
        return HTTPField("Authorization", "Bearer \(token)")
    }
}
