// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import isignum_cli

/// The list of an NSS database, as bytes.
@Suite struct SecurityModulesTests {
    private func list(_ text: String) -> SecurityModules { SecurityModules(Data(text.utf8)) }

    @Test(arguments: [
        "", "\n", "\n\n\n", "library=\nname=NSS Internal\nNSS=x\n\n", "library=/a.so\nname=a", "name=a\r\nlibrary=/a.so\r\n\r\n",
        "# nothing\n\nname=a\n  \nlibrary=/b.so\n",
    ]) func `what is read is written again to the byte`(_ text: String) {
        #expect(list(text).data == Data(text.utf8))
    }

    @Test func `entries of others stay to the byte, whatever their encoding`() {
        let foreign = Data("library=/opt/p".utf8) + [0xF8, 0xED] + Data("b/libother.so\nname=p".utf8) + [0xF8, 0x00, 0xFF]
        for end in ["", "\n", "\n\n"] {
            var list = SecurityModules(foreign + Data(end.utf8))
            list.add("isignum-x", library: "/x.so")
            #expect(list.data == foreign + Data("\n\nlibrary=/x.so\nname=isignum-x\n\n".utf8))
            list.remove("isignum-x")
            #expect(list.data == foreign + Data("\n\n".utf8))
        }
    }

    @Test(arguments: [
        ("library=/a b.so\nname=a\n", "/a b.so"), ("Library=\"/a b.so\"\nname=a\n", "/a b.so"),
        ("library=\"/a\\\"b\\\\.so\" rest\nname=a\n", "/a\"b\\.so"), ("#library=/no.so\nlibrary=/a.so\n", "/a.so"),
        ("library=/first.so\nlibrary=/second.so\n", "/first.so"),
    ]) func `values are read as NSS reads them`(_ text: String, _ library: String) throws {
        let entry = try #require(list(text).entries.first)
        #expect(entry.library == Array(library.utf8))
    }

    @Test func `a bare name is the file that the system loads for it`() throws {
        let entry = try #require(list("library=libc.so.6\nname=c\n\n").entries.first)
        let module = try #require(entry.module)
        #expect(module.path.hasSuffix("/libc.so.6"))
        #expect(list("library=libthat-is-nowhere.so\nname=n\n\n").entries.first?.module == nil)
    }

    @Test func `a name that another module bears is left to it`() {
        let taken = list("library=/lib\nname=isignum-m\n\n")
        #expect(!taken.isFree("isignum-m", for: []))
        #expect(!taken.isFree("isignum-m", for: ["isignum-m"]), "its file is there")
        #expect(taken.isFree("isignum-m-2", for: []))
        #expect(list("library=/gone.so\nname=isignum-m\n\n").isFree("isignum-m", for: ["isignum-m"]))
        #expect(Array(ModuleFile("/a/libm.so").listNames.prefix(2)) == ["isignum-m", "isignum-m-2"])
    }

    @Test func `a unit file's words are taken as they are: a dollar is doubled only where variables are expanded`() {
        #expect(WatchTimer.quoted("A=c$d%e \"x\" \\") == "\"A=c$d%%e \\\"x\\\" \\\\\"")
        #expect(WatchTimer.quoted("/opt/$x", expandsVariables: true) == "\"/opt/$$x\"")
    }
}
