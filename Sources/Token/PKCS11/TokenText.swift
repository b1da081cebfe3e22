// SPDX-License-Identifier: Apache-2.0

/// Text that a device wrote: padded, perhaps not UTF-8, perhaps meant to play with somebody's terminal.
enum TokenText {
    /// A field of fixed width, padded with blanks or, against the standard, with zeros (PKCS#11 2.40, section 3.1).
    static func field(_ bytes: UnsafeRawBufferPointer) -> String {
        let text = bytes.prefix { $0 != 0 }
        return clean(text, limit: bytes.count)
    }

    /// The text of an attribute.
    ///
    /// - Parameter limit: how many characters are kept.
    static func clean(_ bytes: some Collection<UInt8>, limit: Int) -> String {
        let text = String(decoding: bytes.prefix(limit * 4), as: UTF8.self)
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(limit) {
            scalars.append(isPrintable(scalar) ? scalar : "\u{FFFD}")
        }
        while let last = scalars.last, last == " " { scalars.removeLast() }
        return String(scalars.drop { $0 == " " })
    }

    // Format characters count as unprintable too: they turn text round (U+202E) or hide parts of it.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
