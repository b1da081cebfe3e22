// SPDX-License-Identifier: Apache-2.0

/// What shows that a secret is not what its owner means: it came from an editor that writes marks and encodings of its
/// own, or with more than itself from a clipboard. Found before the device hears of the secret, so that no try is spent.
public enum SecretFlaw: String, Sendable, CaseIterable {
    /// It begins with a byte-order mark (Unicode 15, section 23.8), of UTF-8, UTF-16 or UTF-32.
    case byteOrderMark
    /// It holds a zero byte, as each digit does in UTF-16 without a mark.
    case zeroByte
    /// It holds a control character, of ASCII or of ISO 8859 (U+0080 to U+009F) in UTF-8.
    case controlCharacter
    /// It begins or ends with a blank, or with a character that nobody sees.
    case outerBlank
}

extension Secret {
    /// What is wrong with it; `nil` when nothing is. The bytes are looked at where they are.
    ///
    /// Bytes that are no UTF-8 are taken as they are: files in other encodings have passwords too.
    ///
    /// - Parameter isTyped: whether a person typed it who may have meant a blank at an end.
    public borrowing func flaw(isTyped: Bool = false) -> SecretFlaw? {
        unsafe withBytes { bytes in
            if marks.contains(where: { unsafe bytes.starts(with: $0) }) { return .byteOrderMark }
            if unsafe bytes.contains(0) { return .zeroByte }
            if unsafe !isTyped && bytes.beginsOrEndsBlank { return .outerBlank }
            return unsafe bytes.holdsControls ? .controlCharacter : nil
        }
    }
}

/// UTF-8, UTF-16 and UTF-32 with the lowest byte first, UTF-16 and UTF-32 with the highest first.
private let marks: [[UInt8]] = [[0xEF, 0xBB, 0xBF], [0xFF, 0xFE], [0xFE, 0xFF], [0x00, 0x00, 0xFE, 0xFF]]

// Indices begin at zero; no byte is copied.
extension UnsafeRawBufferPointer {
    fileprivate var holdsControls: Bool {
        indices.contains { index in
            let byte = unsafe self[index]
            // C1 in UTF-8; a lone 0x80 to 0x9F is a letter of some code page.
            let isC1 = unsafe byte == 0xC2 && index + 1 < count && (0x80...0x9F).contains(self[index + 1])
            return byte < 0x20 || byte == 0x7F || isC1
        }
    }

    fileprivate var beginsOrEndsBlank: Bool {
        // The no-break space of ISO 8859: in UTF-8 it follows another byte above 0x7F, and begins nothing.
        let isLone = unsafe last == 0xA0 && (count == 1 || self[count - 2] < 0x80)
        if unsafe isLone || first == 0xA0 { return true }
        return blanks.contains { blank in
            guard count >= blank.count else { return false }
            let end = unsafe UnsafeRawBufferPointer(rebasing: self[(count - blank.count)...])
            return unsafe starts(with: blank) || end.elementsEqual(blank)
        }
    }
}

/// Space and tab, every other white space of Unicode, and what takes no room at all: joiners, direction and
/// byte-order marks.
private let blanks: [[UInt8]] =
    ([0x09, 0x20, 0xA0, 0x1680, 0x180E, 0x205F, 0x2060, 0x3000, 0xFEFF] + Array(0x2000...0x200F)
    + Array(0x2028...0x202E)
    + Array(0x2066...0x2069)).compactMap(Unicode.Scalar.init).map { Array(String($0).utf8) }
