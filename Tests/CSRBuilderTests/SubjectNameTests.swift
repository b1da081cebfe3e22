// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport
import Testing

@testable import CSRBuilder

@Suite struct SubjectNameTests {
    @Test(arguments: [
        "a", "Jan Novák", "O'Brien, Jr. + Sons = 50 %", "李小龙", "Иван", String(repeating: "ř", count: 64),
        String(repeating: "\u{1F600}", count: 64), "-----BEGIN CERTIFICATE-----", "%s%n", "CN=x/O=y",
    ])
    func `a name of at most 64 characters goes into the request as it is`(_ name: String) async throws {
        let der = try await request(name: name, email: nil)
        // commonName, and the name as a UTF8String: only what is shorter than 128 bytes has one byte of length.
        let bytes = Array(name.utf8)
        let length: [UInt8] = bytes.count < 128 ? [UInt8(bytes.count)] : [bytes.count < 256 ? 0x81 : 0x82]
        #expect(der.contains(run: [0x06, 0x03, 0x55, 0x04, 0x03, 0x0C] + length))
        #expect(der.contains(run: bytes))
    }

    @Test(arguments: [String(repeating: "ř", count: 65), String(repeating: "x", count: 1_000_000)])
    func `a longer name is refused`(_ name: String) {
        #expect(throws: CSRError(.nameTooLong)) { try SubjectName(name: name, email: nil) }
    }

    @Test(arguments: [
        "", " ", "\t", "\u{A0}\u{2003}", "Jan\u{0}Novák", "Jan\nNovák", "Jan\u{1B}[2JNovák", "Jan\u{7F}", "Jan\u{9B}",
        "Jan\u{202E}kávoN", "Jan\u{2028}Novák", "Jan\u{200B}Novák", "Jan\u{E000}", "Jan\u{FFFF}", "\u{FEFF}Jan",
    ])
    func `a name that is blank, or that could steer a terminal, is refused`(_ name: String) {
        #expect(throws: CSRError(.nameInvalid)) { try SubjectName(name: name, email: nil) }
    }

    @Test func `a name typed in pieces is put together`() async throws {
        let der = try await request(name: "C\u{30C}apek", email: nil)
        #expect(der.contains(run: Array("Čapek".precomposedStringWithCanonicalMapping.utf8)))
        #expect(throws: Never.self) { try SubjectName(name: String(repeating: "c\u{30C}", count: 64), email: nil) }
    }

    @Test(arguments: ["a@b", "kun@example.cz", "o'brien+tag@xn--bcher-kva.example", "a@[127.0.0.1]"])
    func `an address of ASCII goes into the alternative names`(_ email: String) async throws {
        let der = try await request(name: nil, email: email)
        #expect(der.contains(run: [0x81, UInt8(email.utf8.count)] + Array(email.utf8)))
    }

    @Test(arguments: [
        "", "@", "a@", "@b", "a", "a@b@c", "a b@c", "kůň@example.cz", "a@b\u{0}", "a@b\n", "a@\u{7F}b",
        String(repeating: "a", count: 250) + "@b.cz",
    ])
    func `what no certificate can hold is no address`(_ email: String) {
        #expect(throws: CSRError(.emailInvalid)) { try SubjectName(name: nil, email: email) }
    }

    @Test(arguments: [127, 128, 129, 243, 252, 253, 254])
    func `an address of any length is framed rightly`(_ length: Int) async throws {
        let email = String(repeating: "a", count: length - 5) + "@b.cz"
        let der = try await request(name: nil, email: email)
        let framed: [UInt8] = length < 128 ? [0x81, UInt8(length)] : [0x81, 0x81, UInt8(length)]
        #expect(der.contains(run: framed + Array(email.utf8)))
        #expect(try await reads(der, "email:\(email)"))
    }

    @Test func `without name and address the subject is empty and no alternative names are asked for`() async throws {
        let der = try await request(name: nil, email: nil)
        #expect(der.contains(run: [0x02, 0x01, 0x00, 0x30, 0x00, 0x30]))
        #expect(!der.contains(run: [0x06, 0x03, 0x55, 0x1D, 0x11]))
    }

    private func request(name: String?, email: String?) async throws -> [UInt8] {
        let subject = try SubjectName(name: name, email: email)
        let builder = CSRBuilder(subject: subject, type: .commercial, holder: .person, onQualifiedDevice: false)
        return try await builder.build(signingWith: SoftwareKey("p256"), secrets: NoSecrets()).der
    }

    private func reads(_ der: [UInt8], _ words: String) async throws -> Bool {
        try await ChildProcess.output(of: "openssl", ["req", "-inform", "DER", "-noout", "-text"], input: Data(der))
            .contains(words)
    }
}
