// SPDX-License-Identifier: Apache-2.0

/// Base64 as blocks of text carry it (RFC 7468, section 3), read as bytes.
enum Base64Text {
    /// Decodes; white space does not matter, whatever else is no base64 does.
    ///
    /// - Returns: `nil` when it is not base64 from the first to the last byte, or nothing.
    static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var (group, count, padding) = (UInt32(0), 0, 0)
        for byte in text where !isWhitespace(byte) {
            if byte == UInt8(ascii: "=") {
                padding += 1
            } else {
                guard padding == 0, let value = value(of: byte) else { return nil }
                group = group << 6 | value
            }
            count += 1
            guard count == 4 else { continue }
            guard padding <= 2 else { return nil }
            group <<= UInt32(6 * padding)
            for place in 0..<3 - padding { bytes.append(UInt8(truncatingIfNeeded: group >> UInt32(16 - 8 * place))) }
            if padding == 0 { (group, count) = (0, 0) } else { count = 5 }
        }
        return count == 0 || count == 5 ? (bytes.isEmpty ? nil : bytes) : nil
    }

    /// A body without the header fields that RFC 1421 (section 4.4) knows: lines with a colon, and those that continue
    /// them.
    static func withoutFields(_ body: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var rest = body
        var isField = false
        while true {
            let blank = rest.prefix { $0 == 0x0A || $0 == 0x0D }
            let line = rest[blank.endIndex...].prefix { $0 != 0x0A && $0 != 0x0D }
            let continues = isField && (line.first == 0x20 || line.first == 0x09)
            isField = line.contains(UInt8(ascii: ":")) || continues
            guard isField, !line.isEmpty else { return rest }
            rest = rest[line.endIndex...]
        }
    }

    static func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private static func value(of byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(byte - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(byte - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
