// SPDX-License-Identifier: Apache-2.0

/// The list of PKCS#11 modules of an NSS database (`pkcs11.txt`), as bytes: stanzas of `name=value` lines with an empty
/// line after each, in whatever encoding. What is changed here is what `modutil -add` and `-delete` would change, but
/// put in place whole and without starting the module; every other byte stays. Read as NSS reads it
/// (`ModuleSpecification`).
struct SecurityModules {
    /// One stanza.
    struct Entry {
        /// The module's file as it is named there, absolute or not; `nil` for NSS's own.
        let library: [UInt8]?
        /// What the list calls it.
        let name: String
        /// Where it stands, the empty line after it included.
        fileprivate let place: Range<Int>
    }

    /// The file as it is to be written.
    private(set) var bytes: [UInt8]

    private static let newline = UInt8(ascii: "\n")

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The modules, in the list's order.
    var entries: [Entry] {
        var entries: [Entry] = []
        var specification = ModuleSpecification()
        var start = 0
        var position = 0
        func end(at end: Int) {
            if !specification.isEmpty {
                let library = specification.value(of: "library")
                entries.append(
                    Entry(
                        library: library?.isEmpty == false ? library : nil,
                        name: String(decoding: specification.value(of: "name") ?? [], as: UTF8.self),
                        place: start..<end
                    )
                )
            }
            specification = ModuleSpecification()
            start = end
        }
        while position < bytes.count {
            let next = bytes[position...].firstIndex(of: Self.newline).map { $0 + 1 } ?? bytes.count
            let line = Self.content(of: bytes[position..<next])
            position = next
            if line.isEmpty { end(at: next) } else { specification.take(line) }
        }
        end(at: bytes.count)
        return entries
    }

    /// Adds a module at the end.
    ///
    /// - Returns: all that was added, what had to go before the stanza included.
    mutating func add(_ name: String, library: String) -> [UInt8] {
        // A file that does not end with an empty line would swallow the new stanza.
        var added: [UInt8] = []
        if let last = bytes.last, last != Self.newline { added.append(Self.newline) }
        if !bytes.isEmpty, !endsWithEmptyLine { added.append(Self.newline) }
        added += Array("library=\(library)\nname=\(name)\n\n".utf8)
        bytes += added
        return added
    }

    /// Takes out every module of this name.
    ///
    /// - Parameter added: what was added for it, where that is known: found as it is, it goes to the byte.
    mutating func remove(_ name: String, added: [UInt8]? = nil) {
        if let added, let place = bytes.firstRange(of: added) {
            let breaks = added.prefix { $0 == Self.newline }.count
            // What was added since needs the line ends before it as ours did.
            let keeps = place.upperBound < bytes.count ? breaks : 0
            return bytes.removeSubrange(place.lowerBound + keeps..<place.upperBound)
        }
        for entry in entries.reversed() where entry.name == name && entry.library != nil {
            bytes.removeSubrange(entry.place)
        }
    }

    private var endsWithEmptyLine: Bool {
        guard bytes.last == Self.newline else { return false }
        let last = bytes.dropLast().lastIndex(of: Self.newline).map { $0 + 1 } ?? 0
        return Self.content(of: bytes[last...]).isEmpty
    }

    /// A line without its end, whichever system's; for NSS a zero byte ends it too.
    private static func content(of line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var line = line
        if line.last == newline { line.removeLast() }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line.prefix { $0 != 0 }
    }
}
