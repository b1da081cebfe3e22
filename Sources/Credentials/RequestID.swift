// SPDX-License-Identifier: Apache-2.0

/// The identification that a CA gives to a request: `BP` and ten digits for a qualified certificate, `KC` and ten
/// digits for a commercial one, both with the key on a device, and ten bare digits for any other.
public struct RequestID: Hashable, Codable, Sendable, CustomStringConvertible {
    /// The text, upper case.
    public let text: String

    /// Reads an identification as people type it: any case, blanks around it or between its groups.
    ///
    /// - Returns: `nil` when the text is none.
    public init?(_ input: String) {
        guard input.utf8.count <= 64 else { return nil }
        let text = input.uppercased().filter { !$0.isWhitespace && $0 != "-" }
        // By bytes: a Kelvin sign passes for a K everywhere else.
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
        let digits = text.hasPrefix("BP") || text.hasPrefix("KC") ? text.dropFirst(2) : Substring(text)
        guard digits.utf8.count == 10, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        self.text = text
    }

    /// The text.
    public var description: String { text }

    /// Reads what `encode` wrote.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = RequestID(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "no request ID")
        }
        self = id
    }

    /// Writes the text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
