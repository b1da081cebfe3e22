// SPDX-License-Identifier: Apache-2.0

/// The text of a TOML document, kept to tell on which line a key stands: the parsed values do not know it.
struct TOMLSource: Sendable {
    /// The file's path, for messages.
    let path: String
    private let lines: [Substring]

    init(path: String, text: String) {
        self.path = path
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// The line of a key, counted from one: where it is set, or else where its table begins; `nil` when it was written
    /// in a way that this does not follow (inside an inline table).
    func line(of key: [String]) -> Int? {
        var table: [String] = []
        var tableLine: Int?
        for (index, line) in lines.enumerated() {
            let line = line.drop { $0 == " " || $0 == "\t" }
            if line.first == "[" {
                table = Self.names(in: line.drop { $0 == "[" }, upTo: "]")
                if table == key { return index + 1 }
                if table == Array(key.dropLast()) { tableLine = tableLine ?? index + 1 }
            } else if line.contains("="), line.first != "#" {
                let full = table + Self.names(in: line, upTo: "=")
                if full == key || full == Array(key.dropLast()) { return index + 1 }
            }
        }
        return tableLine
    }

    /// The parts of a dotted key; quotes hide dots.
    private static func names(in text: Substring, upTo end: Character) -> [String] {
        var names = [""]
        var quote: Character?
        for character in text {
            if let open = quote {
                if character == open { quote = nil } else { names[names.count - 1].append(character) }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "." {
                names.append("")
            } else if character == end {
                break
            } else if !character.isWhitespace {
                names[names.count - 1].append(character)
            }
        }
        return names
    }
}
