// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Foreign text made safe for a terminal: control characters and those that turn the writing direction become a
    /// visible mark, so that nothing can move the cursor or pass for other words.
    var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                        "\u{FFFD}"
                    default: scalar
                    }
                }
            )
        )
    }
    /// Several lines of foreign text as one.
    var inOneLine: String { split(whereSeparator: \.isNewline).joined(separator: "; ") }
}
