// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// One whole answer. Its header and body are bounded and otherwise as foreign as they came.
struct HTTPResponse: Sendable {
    var status: Int
    var fields: [(name: String, value: String)]
    var body: [UInt8]

    /// The value of a field that may occur once; `nil` when it is missing, or there more than once with other values.
    subscript(_ name: String) -> String? {
        let values = fields.filter { $0.name == name.lowercased() }.map(\.value)
        guard let first = values.first, values.allSatisfy({ $0 == first }) else { return nil }
        return first
    }

    /// The media type of the body.
    var mediaType: MediaType? { self["Content-Type"].flatMap(MediaType.init) }

    /// The server's clock (RFC 9110, section 6.6.1).
    var date: Date? { self["Date"].flatMap(HTTPDate.parse) }

    /// How long the server asks to wait (RFC 9110, section 10.2.3).
    func retryAfter(atMost longest: Duration) -> Duration? {
        self["Retry-After"].flatMap { RetryAfter.parse($0, relativeTo: date ?? Date(), atMost: longest) }
    }
}
