// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import isignum_cli

/// NSS's list of modules, byte for byte.
@Suite struct SecurityModulesTests {
    private func list(_ text: String) -> SecurityModules { SecurityModules(Array(text.utf8)) }

    private func described(_ list: SecurityModules) -> [String] {
        list.entries.map { "\($0.name)=\($0.library.map { String(decoding: $0, as: UTF8.self) } ?? "-")" }
    }

    private static let own =
        "library=\nname=NSS Internal PKCS #11 Module\nparameters=configdir='sql:.'\nNSS=Flags=internal\n\n"

    @Test(arguments: [
        ("library=/a.so\nname=a\n\n", ["a=/a.so"]), ("library=/a.so\nname=a", ["a=/a.so"]),
        ("name=a\r\nlibrary=/a.so\r\n\r\nlibrary=/b.so\r\nname=b\r\n", ["a=/a.so", "b=/b.so"]),
        ("LIBRARY=/a.so\nName=a\n\n", ["a=/a.so"]),
        ("library=\"/a b.so\"\nname=\"a \\\"quoted\\\" \\\\ name\"\n\n", ["a \"quoted\" \\ name=/a b.so"]),
        ("library=/a b.so\nname=as \"it\" \\ stands\n\n", ["as \"it\" \\ stands=/a b.so"]),
        ("library='/a.so'\nname=a\n\n", ["a='/a.so'"]), ("library=\"/a.so\" name=a\n\n", ["a=/a.so"]),
        ("# library=/x.so\nlibrary=/a.so\n# name=x\nname=a\n\n", ["a=/a.so"]),
        ("\n\nlibrary=/a.so\nname=a\n\n\n\nlibrary=/b.so\nname=b\n", ["a=/a.so", "b=/b.so"]),
        ("library=/a.so\nname=a\nNSS=slotParams={0x1=[library=/x.so name=x]}\n\n", ["a=/a.so"]), ("", []),
        ("# nothing\n\n# else", []), ("library=/a\u{0}b.so\nname=a\n", ["a=/a"]),
        (own, ["NSS Internal PKCS #11 Module=-"]),
    ]) func `entries are read as NSS reads them`(text: String, entries: [String]) {
        #expect(described(list(text)) == entries)
    }

    @Test(arguments: [
        "", own, "library=/a.so\nname=a", "library=/a.so\nname=a\n", "library=/a.so\r\nname=a\r\n\r\n",
        "library=/a.so\r\nname=a", "# remark", "library=/a.so\nname=a\n\n\n\n",
    ]) func `what was added is an entry of its own, and goes to the byte`(text: String) {
        var list = list(text)
        let before = described(list)
        let added = list.add("ours", library: "/ours.so")
        #expect(described(list) == before + ["ours=/ours.so"])
        list.remove("ours", added: added)
        #expect(list.bytes == Array(text.utf8))
    }

    @Test(arguments: [own, "library=/a.so\nname=a", "library=/a.so\r\nname=a\r\n"])
    func `what others added meanwhile stays an entry of its own`(text: String) {
        var list = list(text)
        let before = described(list)
        let added = list.add("ours", library: "/ours.so")
        var changed = SecurityModules(list.bytes + Array("library=/b.so\nname=b\n\n".utf8))
        changed.remove("ours", added: added)
        #expect(described(changed) == before + ["b=/b.so"])
        #expect(changed.bytes.starts(with: Array(text.utf8)))
        if text == Self.own { #expect(changed.bytes == Array((text + "library=/b.so\nname=b\n\n").utf8)) }
    }

    @Test func `what is no UTF-8 stays as it is`() {
        // "Příliš" in ISO 8859-2, and bytes that mean nothing.
        let path: [UInt8] = [0x2F, 0x50, 0xF8, 0xED, 0x6C, 0x69, 0xB9, 0xFF, 0x00, 0x80]
        let bytes = Array("library=".utf8) + path + Array("\nname=x\n\n".utf8)
        var list = SecurityModules(bytes)
        #expect(list.entries.first?.library == Array(path.prefix { $0 != 0 }))
        let added = list.add("ours", library: "/ours.so")
        #expect(list.bytes == bytes + added)
        list.remove("ours")
        #expect(list.bytes == bytes)
    }

    @Test func `an entry that was rewritten goes by its name, NSS's own never`() {
        var list = list(Self.own + "name=ours\nlibrary=/ours.so\nNSS=trustOrder=50\n\nlibrary=/b.so\nname=b\n\n")
        list.remove("ours", added: Array("library=/ours.so\nname=ours\n\n".utf8))
        list.remove("NSS Internal PKCS #11 Module")
        #expect(list.bytes == Array((Self.own + "library=/b.so\nname=b\n\n").utf8))
    }
}
