// SPDX-License-Identifier: Apache-2.0

/// Text that a token made up.
enum ForeignText {
    /// Reads a fixed field: padding is cut off, what is no UTF-8 or no printable character becomes U+FFFD.
    static func clean(_ bytes: UnsafeRawBufferPointer) -> String {
        // Some modules end a field with a zero instead of filling it with blanks.
        let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
                clean.append("\u{FFFD}")
            default:
                clean.append(scalar)
            }
        }
        let trimmed = String(clean).drop { $0 == " " }
        return String(trimmed.reversed().drop { $0 == " " }.reversed())
    }

    /// Reads an attribute, at most 256 bytes of it.
    static func clean(_ bytes: [UInt8]) -> String {
        bytes.prefix(256).withUnsafeBytes { clean($0) }
    }
}
