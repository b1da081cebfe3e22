// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// PKCS#12 files that mean no good, or were damaged on the way.
@Suite struct PKCS12Tests {
    private static func file(_ options: [String]) async throws -> [UInt8] {
        try await PKCS12Laboratory().exported(options)
    }

    private static func code(_ bytes: [UInt8], _ text: String = "heslo") throws -> PKCS12Error.Code? {
        try PKCS12Laboratory.code(bytes, text)
    }

    @Test func `key, certificate and password belong together`() async throws {
        let bytes = try await Self.file([])
        #expect(try Self.code(bytes) == nil)
        for wrong in ["", "Heslo", "heslo ", String(repeating: "x", count: 254)] {
            #expect(try Self.code(bytes, wrong) == .passwordWrong)
        }
        #expect(try Self.code([]) == .malformed)
        #expect(try Self.code([UInt8](repeating: 0x30, count: PKCS12.largestFile + 1)) == .tooLarge)
    }

    @Test func `a file that wants millions of rounds is refused before the first`() async throws {
        var bytes = try await Self.file(["-iter", "65535", "-nomac"])
        var changed = 0
        for index in 0..<bytes.count - 5 where Array(bytes[index..<index + 5]) == [0x02, 0x03, 0x00, 0xFF, 0xFF] {
            bytes[index + 2] = 0x7F
            changed += 1
        }
        #expect(changed > 0)
        let begun = ContinuousClock.now
        #expect(try Self.code(bytes) == .tooCostly)
        #expect(ContinuousClock.now - begun < .seconds(2))
    }

    @Test func `without its password a file tells what no password would help with`() async throws {
        let laboratory = try await PKCS12Laboratory()
        #expect(try PKCS12.outline(of: try await laboratory.exported()).keys == 1)
        let sealed = try PKCS12.outline(of: try await laboratory.exported(["-nokeys"]))
        #expect(sealed.keys == 0 && sealed.hasSealedParts)
        let open = try await laboratory.exported(["-nokeys", "-certpbe", "NONE"])
        let early = #expect(throws: PKCS12Error(.noKey)) { try PKCS12.outline(of: open) }
        #expect(early?.certificates == 1)
        let closed = try await laboratory.exported(["-nokeys"])
        let late = #expect(throws: PKCS12Error(.noKey)) { try PKCS12Laboratory.open(closed) }
        #expect(late?.certificates == 1)
        #expect(throws: PKCS12Error(.malformed)) { try PKCS12.outline(of: [0x30, 0]) }
    }

    @Test func `no damaged byte opens another key, and none brings the program down`() async throws {
        let bytes = try await Self.file(["-keypbe", "NONE", "-certpbe", "NONE", "-iter", "1", "-maciter"])
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x11
            _ = try Self.code(damaged)
            _ = try Self.code(Array(bytes.prefix(index)))
        }
        let closed = try await Self.file(["-nomac", "-iter", "1"])
        for index in closed.indices {
            var damaged = closed
            damaged[index] ^= 0x11
            _ = try? Self.code(damaged)
        }
    }

    @Test func `a key alone is completed with its certificate, of which others see that the two belong together`()
        async throws
    {
        let laboratory = try await PKCS12Laboratory()
        let alone = try await laboratory.exported(["-nocerts"])
        let whole = try PKCS12(reading: try await laboratory.exported(), password: PKCS12Laboratory.password("heslo"))
        let password = try PKCS12Laboratory.password("heslo")
        let completed = try PKCS12.completed(alone, with: whole.chain + whole.chain, name: "x", password: password)
        let opened = try PKCS12(reading: completed, password: password)
        #expect(opened.chain == whole.chain + whole.chain && opened.name == "klíč")
        #expect(opened.key.publicKey == whole.key.publicKey)
        try Data(completed).write(to: laboratory.folder.file("whole.p12"))
        let read = try await ChildProcess.output(
            of: "openssl",
            ["pkcs12", "-in", laboratory.folder.file("whole.p12").path, "-nodes", "-passin", "pass:heslo"]
        )
        let marks = read.split(separator: "\n").filter { $0.contains("localKeyID") }
        #expect(marks.count == 2 && Set(marks).count == 1, "\(read)")
        let other = try await PKCS12Laboratory().exported(["-nocerts"])
        #expect(throws: PKCS12Error(.certificateMissing)) {
            try PKCS12.completed(other, with: whole.chain, name: "x", password: password)
        }
        let wrong = try PKCS12Laboratory.password("Heslo")
        #expect(throws: PKCS12Error(.passwordWrong)) {
            try PKCS12.completed(alone, with: whole.chain, name: "x", password: wrong)
        }
    }
}
