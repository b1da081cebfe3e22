// SPDX-License-Identifier: Apache-2.0

/// A media type with its parameters (RFC 9110, section 8.3.1).
struct MediaType: Equatable, Sendable {
    /// "application/json", lower case.
    let name: String
    /// The parameters; names in lower case, values as they came, without quotes.
    let parameters: [String: String]

    /// - Returns: `nil` when the text is no media type, or names a parameter twice.
    init?(_ text: String) {
        guard text.utf8.count <= 512 else { return nil }
        let parts = Self.split(text)
        guard let first = parts.first else { return nil }
        let name = first.lowercased()
        let halves = name.split(separator: "/", omittingEmptySubsequences: false)
        guard halves.count == 2, halves.allSatisfy({ Self.isToken($0) }) else { return nil }
        var parameters: [String: String] = [:]
        for part in parts.dropFirst() where !part.isEmpty {
            guard let equals = part.firstIndex(of: "=") else { return nil }
            let key = part[..<equals].lowercased()
            guard Self.isToken(Substring(key)), parameters[key] == nil,
                let value = Self.unquoted(part[part.index(after: equals)...])
            else { return nil }
            parameters[key] = value
        }
        self.name = name
        self.parameters = parameters
    }

    /// Parts at semicolons that are outside quotes, without the blanks around them.
    private static func split(_ text: String) -> [Substring] {
        var parts: [Substring] = []
        var start = text.startIndex
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            switch text[index] {
            case _ where isEscaped: isEscaped = false
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case ";" where !isQuoted:
                parts.append(text[start..<index])
                start = text.index(after: index)
            default: continue
            }
        }
        parts.append(text[start...])
        return parts.map(trimmed)
    }

    private static func unquoted(_ value: Substring) -> String? {
        guard value.hasPrefix("\"") else { return isToken(value) ? String(value) : nil }
        guard value.count >= 2, value.hasSuffix("\"") else { return nil }
        var result = ""
        var isEscaped = false
        for character in value.dropFirst().dropLast() {
            if character == "\\", !isEscaped {
                isEscaped = true
            } else {
                guard isEscaped || character != "\"" else { return nil }
                result.append(character)
                isEscaped = false
            }
        }
        return isEscaped ? nil : result
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }

    /// RFC 9110, section 5.6.2.
    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                case UInt8(ascii: "a")...UInt8(ascii: "z"): true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
