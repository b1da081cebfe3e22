// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// PKCS#12 files that mean no good, or were damaged on the way.
@Suite struct PKCS12Tests {
    private static func file(_ options: [String]) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let (key, certificate) = (folder.file("k.pem").path, folder.file("c.pem").path)
        try await ChildProcess.output(
            of: "openssl",
            ["req", "-x509", "-nodes", "-subj", "/CN=x", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
                + ["-keyout", key, "-out", certificate]
        )
        let target = folder.file("x.p12")
        try await ChildProcess.output(
            of: "openssl",
            ["pkcs12", "-export", "-inkey", key, "-in", certificate, "-out", target.path, "-passout", "pass:heslo"]
                + options
        )
        return [UInt8](try Data(contentsOf: target))
    }

    private static func code(_ bytes: [UInt8], _ text: String = "heslo") throws -> PKCS12Error.Code? {
        let password = FilePassword(filling: { room in
            room.copyBytes(from: text.utf8)
            return text.utf8.count
        })
        guard let password else { throw PKCS12Error(.failed) }
        do throws(PKCS12Error) {
            let opened = try PKCS12(reading: bytes, password: password)
            #expect(opened.key.publicKey.algorithm == .p256)
            return nil
        } catch {
            return error.code
        }
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
}
