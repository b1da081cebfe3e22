// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// The list of PKCS#11 modules of an NSS database (`pkcs11.txt`): stanzas of `name=value` lines with an empty line after
/// each, as NSS reads them. What is changed here is what `modutil -add` and `-delete` would change, byte for byte, but put
/// in place whole and without starting the module. Whatever is not ours stays as it is, in whatever encoding.
struct SecurityModules {
    /// One stanza.
    struct Entry {
        /// The module's file, as the list names it; `nil` for NSS's own.
        let library: [UInt8]?
        /// What the list calls it.
        let name: [UInt8]
        fileprivate let lines: Range<Int>

        /// Whether it is called so.
        func isNamed(_ text: String) -> Bool { name.elementsEqual(text.utf8) }
    }

    /// Each with its line end, where it has one.
    private var lines: [ArraySlice<UInt8>]

    /// - Parameter data: the whole file.
    init(_ data: Data) {
        let bytes = [UInt8](data)
        lines = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            lines.append(rest[...end])
            rest = rest[(end + 1)...]
        }
        if !rest.isEmpty { lines.append(rest) }
    }

    /// The bytes as they are to be written.
    var data: Data { Data(lines.joined()) }

    /// The modules, in the list's order.
    var entries: [Entry] {
        var entries: [Entry] = []
        var start = 0
        // Only an empty line ends a stanza; one of blanks does not.
        for (index, line) in (lines + [ArraySlice("\n".utf8)]).enumerated() where line.elementsEqual("\n".utf8) {
            defer { start = index + 1 }
            guard index > start else { continue }
            // The empty line after a stanza belongs to it.
            let end = Swift.min(index + 1, lines.count)
            let library = value(of: "library", in: start..<index)
            entries.append(
                Entry(
                    library: library.flatMap { $0.isEmpty ? nil : $0 },
                    name: value(of: "name", in: start..<index) ?? [],
                    lines: start..<end
                )
            )
        }
        return entries
    }

    /// Adds a module at the end.
    mutating func add(_ name: String, library: String) {
        // A file that does not end with an empty line would swallow the new stanza.
        if let last = lines.indices.last, lines[last].last != UInt8(ascii: "\n") { lines[last] += Array("\n".utf8) }
        if let last = lines.last, !last.elementsEqual("\n".utf8) { lines.append(ArraySlice("\n".utf8)) }
        lines += ["library=\(library)\n", "name=\(name)\n", "\n"].map { ArraySlice($0.utf8) }
    }

    /// Takes out every module of this name.
    mutating func remove(_ name: String) {
        for entry in entries.reversed() where entry.isNamed(name) && entry.library != nil {
            lines.removeSubrange(entry.lines)
        }
    }

    /// The value of a stanza's first line with a key. Keys are the same in capitals; a value in quotes ends with them, and
    /// a backslash in it stands before what is meant as it is; any other goes to the end of its line.
    private func value(of key: String, in range: Range<Int>) -> [UInt8]? {
        for line in lines[range] where line.first != UInt8(ascii: "#") {
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")),
                String(decoding: line[..<equals], as: UTF8.self).lowercased() == key
            else { continue }
            var value = line[(equals + 1)...]
            if value.last == UInt8(ascii: "\n") { value.removeLast() }
            return value.first == UInt8(ascii: "\"") ? Self.unquoted(value.dropFirst()) : Array(value)
        }
        return nil
    }

    private static func unquoted(_ quoted: ArraySlice<UInt8>) -> [UInt8] {
        var value: [UInt8] = []
        var rest = quoted
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\"), let meant = rest.popFirst() { value.append(meant) } else { value.append(byte) }
        }
        return value
    }
}

extension SecurityModules {
    /// Whether a name can be given to a module: nobody bears it, or one of ours does whose file is gone.
    func isFree(_ name: String, for ours: [String]) -> Bool {
        entries.allSatisfy { entry in
            guard entry.isNamed(name) else { return true }
            return ours.contains(name) && entry.module.map { !FileManager.default.fileExists(atPath: $0.path) } ?? false
        }
    }
}

extension SecurityModules.Entry {
    /// The name as it can be shown.
    var shownName: String { String(decoding: name, as: UTF8.self) }

    /// Whether it is p11-kit's own module, which shows all that p11-kit knows.
    var isProxy: Bool { library?.split(separator: UInt8(ascii: "/")).last?.starts(with: "p11-kit-proxy".utf8) == true }

    /// The file that is meant; `nil` for NSS's own, and for one that is nowhere.
    var module: ModuleFile? {
        guard let library else { return nil }
        let path = String(decoding: library, as: UTF8.self)
        // A name that is no text names no module of ours.
        guard path.utf8.elementsEqual(library) else { return nil }
        return path.contains("/") ? ModuleFile(path) : ModuleFile(loadedAs: path)
    }
}
