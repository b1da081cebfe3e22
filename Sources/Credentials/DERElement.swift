// SPDX-License-Identifier: Apache-2.0

/// Where an element of DER ends (X.690, section 8.1.3). What is in it is for parsers.
public enum DERElement {
    /// How many bytes an element takes, its header included.
    ///
    /// - Parameter start: where it begins.
    /// - Returns: `nil` when none begins there, when it is longer than what is there, or when its length is indefinite.
    public static func length(of bytes: [UInt8], at start: Int = 0) -> Int? {
        guard start >= 0, start + 2 <= bytes.count, bytes[start] & 0x1F != 0x1F else { return nil }
        var content = start + 2
        var length = Int(bytes[start + 1])
        if length >= 0x80 {
            let count = length & 0x7F
            guard (1...4).contains(count), content + count <= bytes.count else { return nil }
            length = bytes[content..<content + count].reduce(0) { $0 << 8 | Int($1) }
            content += count
        }
        let end = content + length
        return end <= bytes.count ? end - start : nil
    }

    /// Where the content of an element begins, whether or not its length is known.
    public static func content(of bytes: [UInt8], at start: Int = 0) -> Int? {
        guard start >= 0, start + 2 <= bytes.count else { return nil }
        let length = bytes[start + 1]
        let content = start + 2 + (length > 0x80 ? Int(length & 0x7F) : 0)
        return content < bytes.count ? content : nil
    }

    /// The first element without what stands behind it; everything where no element of known length begins. Devices
    /// keep certificates in files of a fixed size.
    public static func withoutPadding(_ bytes: [UInt8]) -> [UInt8] {
        guard let length = length(of: bytes), length < bytes.count else { return bytes }
        return Array(bytes[..<length])
    }
}
