// SPDX-License-Identifier: Apache-2.0

extension String {
    /// Foreign text without what steers a terminal or cannot be seen: control characters and those that turn the writing
    /// direction become a visible mark (U+FFFD).
    public var plainText: String {
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

    /// The text as a label on a token, which other programs print as it is: plain, at most 64 characters.
    public var tokenLabel: String {
        String(String.UnicodeScalarView(plainText.unicodeScalars.prefix(64)))
    }
}
