// SPDX-License-Identifier: Apache-2.0

internal import Credentials

extension String {
    /// Foreign text made safe for a terminal: nothing in it can move the cursor or pass for other words.
    var printable: String { plainText }

    /// Several lines of foreign text as one.
    var inOneLine: String { split(whereSeparator: \.isNewline).joined(separator: "; ") }
}
