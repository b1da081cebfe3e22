// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// The newer check of PKCS#12 files (RFC 9579), sealed by other code.
@Suite struct PBMAC1Tests {
    static let hashes = ["sha1", "sha224", "sha256", "sha384", "sha512", "sha512_224", "sha512_256"]

    @Test func `every hash for the check and for its key opens, and a wrong password is called wrong`() async throws {
        let laboratory = try await PKCS12Laboratory()
        let open = try await laboratory.exported(["-iter", "1", "-nomac"])
        for (hash, function) in Self.hashes.map({ ($0, "sha256") }) + Self.hashes.map({ ("sha256", $0) }) {
            let wish = """
                {"kind": "pbmac1", "password": "\("heslo".hexadecimal)", "hash": "\(hash)", "prf": "\(function)"}
                """
            let bytes = try await laboratory.sealed(open, wish)
            #expect(try PKCS12Laboratory.code(bytes) == nil, "\(hash) \(function)")
            #expect(try PKCS12Laboratory.code(bytes, "Heslo") == .passwordWrong, "\(hash) \(function)")
        }
    }

    @Test func `a file of a newer OpenSSL opens`() throws {
        #expect(try PKCS12Laboratory.open(PBMAC1Sample.bytes, PBMAC1Sample.password) == false)
        #expect(try PKCS12Laboratory.code(PBMAC1Sample.bytes, "zlutoucky kun") == .passwordWrong)
    }

    /// Java leaves the iterations beside it out; RFC 9579 wants them not looked at.
    @Test(arguments: ["", #", "plain": true"#, #", "key": 16"#, #", "key": 64"#, #", "iterations": 999999"#])
    func `what may differ opens`(difference: String) async throws {
        let laboratory = try await PKCS12Laboratory()
        for password in ["heslo", "žluťoučký kůň", "🔑 klíč", ""] {
            let open = try await laboratory.exported(["-nomac"], password: password)
            let wish = #"{"kind": "pbmac1", "password": "\#(password.hexadecimal)"\#(difference)}"#
            let bytes = try await laboratory.sealed(open, wish)
            #expect(try PKCS12Laboratory.open(bytes, password) == false)
        }
    }

    @Test(arguments: [
        (#""key": null"#, PKCS12Error.Code.malformed), (#""key": 1"#, .malformed), (#""key": 15"#, .malformed),
        (#""key": 65"#, .malformed), (#""key": 0"#, .malformed), (#""key": -32"#, .malformed),
        (#""key": 2147483648"#, .malformed), (#""key": 18446744073709551648"#, .malformed),
        (#""iterations": 5000001"#, .tooCostly), (#""iterations": 2147483647"#, .tooCostly),
        (#""iterations": 18446744073709551617"#, .tooCostly), (#""iterations": 0"#, .tooCostly),
        (#""prf": "unknown""#, .algorithmUnknown), (#""hash": "unknown", "prf": "sha256""#, .algorithmUnknown),
    ])
    func `what it must not be is refused, never as a wrong password`(
        difference: String,
        code: PKCS12Error.Code
    ) async throws {
        let laboratory = try await PKCS12Laboratory()
        let open = try await laboratory.exported(["-nomac"])
        let wish = #"{"kind": "pbmac1", "password": "\#("heslo".hexadecimal)", \#(difference)}"#
        let bytes = try await laboratory.sealed(open, wish)
        let begun = ContinuousClock.now
        #expect(try PKCS12Laboratory.code(bytes) == code)
        #expect(throws: PKCS12Error(code)) { try PKCS12.outline(of: bytes) }
        #expect(ContinuousClock.now - begun < .seconds(2))
    }

    @Test func `a changed byte is seen, whichever it is`() async throws {
        let laboratory = try await PKCS12Laboratory()
        let open = try await laboratory.exported(["-nomac", "-keypbe", "NONE", "-certpbe", "NONE"])
        let wish = #"{"kind": "pbmac1", "password": "\#("heslo".hexadecimal)", "iterations": 1}"#
        let bytes = try await laboratory.sealed(open, wish)
        #expect(try PKCS12Laboratory.code(bytes) == nil)
        // Beside what is checked stand the type of the whole, what RFC 9579 wants ignored, and null parameters.
        var unseen = 0
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x11
            if try PKCS12Laboratory.code(damaged) == nil { unseen += 1 }
            _ = try PKCS12Laboratory.code(Array(bytes.prefix(index)))
        }
        #expect(unseen < 24)
    }

    @Test func `an unknown check of the older kind is named too`() async throws {
        let laboratory = try await PKCS12Laboratory()
        let open = try await laboratory.exported(["-nomac"])
        let wish = #"{"kind": "classic", "password": "\#("heslo".wideHexadecimal)", "hash": "unknown"}"#
        let bytes = try await laboratory.sealed(open, wish)
        let error = #expect(throws: PKCS12Error(.algorithmUnknown)) { try PKCS12Laboratory.open(bytes) }
        #expect(error?.detail == "1.2.840.113549.2.99")
    }
}
