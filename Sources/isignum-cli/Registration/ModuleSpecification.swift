// SPDX-License-Identifier: Apache-2.0

/// The lines of one stanza of `pkcs11.txt`, joined to a module specification and taken apart again by NSS's own rules:
/// a value that begins with a quotation mark is quoted, with backslashes as escapes and perhaps more behind it; any
/// other one is the rest of its line as it stands, blanks, backslashes and all. Names are of either case.
struct ModuleSpecification {
    private var text: [UInt8] = []

    private static let backslash = UInt8(ascii: "\\")
    private static let quote = UInt8(ascii: "\"")
    private static let equals = UInt8(ascii: "=")

    /// Whether it has no line yet but remarks.
    var isEmpty: Bool { text.isEmpty }

    /// Adds a line.
    mutating func take(_ line: ArraySlice<UInt8>) {
        guard line.first != UInt8(ascii: "#") else { return }
        if !text.isEmpty { text.append(UInt8(ascii: " ")) }
        guard let sign = line.firstIndex(of: Self.equals), let first = line[sign...].dropFirst().first,
            first != Self.quote
        else { return text += line }
        text += line[...sign] + [Self.quote]
        for byte in line[(sign + 1)...] {
            if byte == Self.quote || byte == Self.backslash { text.append(Self.backslash) }
            text.append(byte)
        }
        text.append(Self.quote)
    }

    /// The value of a name, the last one where there are several; `nil` where there is none.
    func value(of name: String) -> [UInt8]? {
        var found: [UInt8]?
        var rest = text[...]
        while true {
            rest = rest.drop(while: Self.isBlank)
            guard !rest.isEmpty else { return found }
            let key = rest.prefix { $0 != Self.equals && !Self.isBlank($0) }
            rest = rest[key.endIndex...]
            guard rest.first == Self.equals else { continue }
            let value = Self.value(at: &rest)
            if key.map({ $0 | 0x20 }) == Array(name.utf8) { found = value }
        }
    }

    /// Reads the value behind an equals sign.
    private static func value(at rest: inout ArraySlice<UInt8>) -> [UInt8] {
        rest = rest.dropFirst()
        let end = rest.first.flatMap(closing)
        if end != nil { rest = rest.dropFirst() }
        var value: [UInt8] = []
        var isEscaped = false
        while let byte = rest.popFirst() {
            if isEscaped {
                value.append(byte)
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
            } else if end.map({ $0 == byte }) ?? isBlank(byte) {
                break
            } else {
                value.append(byte)
            }
        }
        return value
    }

    /// What ends a value that begins with a byte; `nil` when a blank does.
    private static func closing(_ byte: UInt8) -> UInt8? {
        switch byte {
        case quote, UInt8(ascii: "'"): byte
        case UInt8(ascii: "<"): UInt8(ascii: ">")
        case UInt8(ascii: "{"): UInt8(ascii: "}")
        case UInt8(ascii: "["): UInt8(ascii: "]")
        case UInt8(ascii: "("): UInt8(ascii: ")")
        default: nil
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
