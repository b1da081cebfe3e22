// SPDX-License-Identifier: Apache-2.0

/// A pattern for the answer to reset of a card (ISO 7816-3, section 8): bytes, and a mask with a bit for each bit that
/// counts. Written as hexadecimal digits; blanks between them are ignored.
struct AnswerToResetPattern: Hashable, Sendable {
    private let value: [UInt8]
    private let mask: [UInt8]

    /// - Returns: `nil` when the digits are none, the length is not that of an answer to reset, the mask is of another
    ///   length, or the mask leaves nothing that counts: such a pattern would fit any card of its length.
    init?(value: String, mask: String?) {
        guard let value = Self.bytes(value), (2...33).contains(value.count) else { return nil }
        guard let mask = mask.map(Self.bytes) ?? [UInt8](repeating: 0xFF, count: value.count) else { return nil }
        guard mask.count == value.count, mask.contains(where: { $0 != 0 }) else { return nil }
        self.value = value
        self.mask = mask
    }

    /// Whether a card's answer is one of these.
    func fits(_ answer: [UInt8]) -> Bool {
        guard answer.count == value.count else { return false }
        return zip(answer, zip(value, mask)).allSatisfy { byte, wanted in byte & wanted.1 == wanted.0 & wanted.1 }
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let digits = text.filter { $0 != " " }
        guard digits.count.isMultiple(of: 2), digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).compactMap { offset in
            let start = digits.index(digits.startIndex, offsetBy: offset)
            return UInt8(digits[start..<digits.index(start, offsetBy: 2)], radix: 16)
        }
    }
}

extension DeviceProfile.ATR {
    /// The pattern; `nil` when it is none.
    var pattern: AnswerToResetPattern? { AnswerToResetPattern(value: value, mask: mask) }
}
