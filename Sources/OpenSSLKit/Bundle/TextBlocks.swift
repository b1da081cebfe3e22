// SPDX-License-Identifier: Apache-2.0

/// A block of the textual encoding (RFC 7468, section 2) as it stands in a file.
struct TextBlock {
    /// What its first line calls it; foreign text, at most 64 bytes of ASCII.
    let label: String
    /// What stands between its lines, or why it is no whole block.
    let content: Result<ArraySlice<UInt8>, BundleFault.Reason>
}

/// Finds the blocks of a text. Only ASCII counts, so that it does not matter in which encoding the words around the
/// blocks are; zero bytes, which make ASCII of UTF-16, have been taken out before.
///
/// Nothing that looks like a block is lost: one without its end, an end without its beginning, and a first line that is
/// none are blocks with a reason.
struct TextBlocks {
    private let text: [UInt8]

    init(_ text: [UInt8]) { self.text = text }

    /// The blocks in their order.
    func all() -> [TextBlock] {
        var blocks: [TextBlock] = []
        var open: (label: String, start: Int)?
        var position = 0
        while let marker = next(from: position) {
            position = marker.end
            switch (marker.kind, marker.label) {
            case (.begin, let label?) where open != nil || marker.beginsLine || marker.endsLine:
                if let open { blocks.append(TextBlock(label: open.label, content: .failure(.cutOff))) }
                open = (label, marker.end)
            case (.begin, nil) where open != nil || marker.beginsLine:
                if let open { blocks.append(TextBlock(label: open.label, content: .failure(.cutOff))) }
                open = nil
                blocks.append(TextBlock(label: "", content: .failure(.firstLineBroken)))
            case (.end, let label):
                if let begun = open {
                    let isWhole = label.map { begun.label == $0 || BlockLabel.areAlike(begun.label, $0) } ?? false
                    let body: Result<ArraySlice<UInt8>, BundleFault.Reason> =
                        isWhole ? .success(text[begun.start..<marker.start]) : .failure(.cutOff)
                    blocks.append(TextBlock(label: begun.label, content: body))
                    open = nil
                } else if marker.beginsLine {
                    blocks.append(TextBlock(label: label ?? "", content: .failure(.firstLineMissing)))
                }
            case (.begin, _):
                // Words about a block, in the middle of a line.
                continue
            }
        }
        if let open { blocks.append(TextBlock(label: open.label, content: .failure(.cutOff))) }
        return blocks
    }

    private struct Marker {
        enum Kind { case begin, end }

        let kind: Kind
        /// `nil` when the line does not go on as it should.
        let label: String?
        let start: Int
        let end: Int
        /// Whether nothing but blanks and marks of byte order stands before it.
        let beginsLine: Bool
        /// Whether nothing but blanks stands behind it.
        let endsLine: Bool
    }

    private static let begin = Array("BEGIN".utf8)
    private static let end = Array("END".utf8)
    private static let dash = UInt8(ascii: "-")

    /// The next five dashes that BEGIN or END follows.
    private func next(from position: Int) -> Marker? {
        var index = position
        while let start = dashes(from: index) {
            let word = start + 5
            for (kind, name) in [(Marker.Kind.begin, Self.begin), (.end, Self.end)]
            where text[word...].starts(with: name) { return marker(kind, from: start, after: word + name.count) }
            index = start + 1
        }
        return nil
    }

    private func dashes(from position: Int) -> Int? {
        var index = position
        var count = 0
        while index < text.count {
            count = text[index] == Self.dash ? count + 1 : 0
            index += 1
            if count >= 5, index < text.count, text[index] != Self.dash { return index - 5 }
        }
        return nil
    }

    private func marker(_ kind: Marker.Kind, from start: Int, after word: Int) -> Marker {
        let line = text[word...].prefix(80).prefix { !Self.isLineEnd($0) }
        var label: String?
        var end = word
        if line.first == UInt8(ascii: " "),
            let closing = line.indices.first(where: { text[$0...].starts(with: repeatElement(Self.dash, count: 5)) })
        {
            let name = text[word..<closing].filter { (0x20..<0x7F).contains($0) }
            label = String(decoding: name, as: UTF8.self).split(separator: " ").joined(separator: " ")
            if label?.isEmpty == true || (label?.utf8.count ?? 0) > 64 { label = nil }
            end = closing + 5
        }
        return Marker(
            kind: kind,
            label: label,
            start: start,
            end: end,
            beginsLine: text[..<start].last { !Self.isMarkOrBlank($0) }.map { byte in
                // Files that were put together without a line end between them.
                Self.isLineEnd(byte) || byte == Self.dash
            } ?? true,
            endsLine: text[end...].first { !Self.isBlank($0) }.map(Self.isLineEnd) ?? true
        )
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Blanks, and the bytes of which marks of byte order are made.
    static func isMarkOrBlank(_ byte: UInt8) -> Bool {
        isBlank(byte) || [0xEF, 0xBB, 0xBF, 0xFE, 0xFF].contains(byte)
    }
}
