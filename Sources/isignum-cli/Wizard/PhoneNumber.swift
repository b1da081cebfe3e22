// SPDX-License-Identifier: Apache-2.0

/// A telephone number as it is kept: E.164, a plus sign and 7 to 15 digits (ITU-T E.164, section 6.2).
struct PhoneNumber: Equatable, Sendable {
    /// "+420601234567".
    let text: String

    /// Reads a number as people write it: blanks, dashes, dots, slashes and brackets between the digits; "00" for the
    /// plus sign; nine digits alone are Czech.
    ///
    /// - Returns: `nil` when it is none.
    init?(_ input: String) {
        let separators: Set<Character> = [" ", "\u{A0}", "-", "–", ".", "/", "(", ")"]
        var digits = input.filter { !separators.contains($0) }
        guard digits.utf8.count == digits.count, input.count <= 40 else { return nil }
        if digits.hasPrefix("00") { digits = "+" + digits.dropFirst(2) }
        if !digits.hasPrefix("+") {
            guard digits.count == 9, let first = digits.first, "23456789".contains(first) else { return nil }
            digits = "+420" + digits
        }
        let number = digits.dropFirst()
        guard (7...15).contains(number.count), number.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            number.first != "0"
        else { return nil }
        text = digits
    }
}
