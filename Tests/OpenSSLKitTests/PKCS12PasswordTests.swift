// SPDX-License-Identifier: Apache-2.0

import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// One password, and what programs have made of it over the years.
@Suite struct PKCS12PasswordTests {
    static let passwords = ["žluťoučký kůň", "klíč 🔑", "ß", "heslo"]
    static let ciphers = [
        ["-legacy"], ["-legacy", "-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-RC2-40", "-macalg", "sha1"],
        ["-keypbe", "AES-256-CBC", "-certpbe", "AES-128-CBC"], ["-nomac"], ["-legacy", "-nomac"],
        ["-keypbe", "NONE", "-certpbe", "NONE"],
    ]

    @Test(arguments: passwords, ciphers)
    func `a password opens the file as it was typed, and as OpenSSL before 1.1 took it`(
        password: String,
        options: [String]
    ) async throws {
        let laboratory = try await PKCS12Laboratory()
        let today = try await laboratory.exported(options, password: password)
        #expect(try PKCS12Laboratory.open(today, password) == false)
        let old = try await laboratory.exported(options, password: password.byteWise)
        #expect(try PKCS12Laboratory.open(old, password) == (password != "heslo"))
        #expect(try PKCS12Laboratory.code(old, password + "x") == .passwordWrong)
    }

    @Test func `check and parts may take different forms`() async throws {
        let laboratory = try await PKCS12Laboratory()
        let password = "žluťoučký kůň"
        let options = ["-nomac", "-keypbe", "AES-256-CBC", "-certpbe", "AES-256-CBC"]
        // OpenSSL 1.0: the check byte by byte, PBES2 as typed.
        let typed = try await laboratory.exported(options, password: password)
        let check = #"{"kind": "classic", "password": "\#(password.byteWise.wideHexadecimal)"}"#
        #expect(try PKCS12Laboratory.open(try await laboratory.sealed(typed, check), password) == true)
        // The converse, and one of each.
        let byteWise = try await laboratory.exported(options, password: password.byteWise)
        let sound = #"{"kind": "classic", "password": "\#(password.wideHexadecimal)", "hash": "sha1"}"#
        #expect(try PKCS12Laboratory.open(try await laboratory.sealed(byteWise, sound), password) == true)
        let modern = #"{"kind": "pbmac1", "password": "\#(password.hexadecimal)"}"#
        let old = try await laboratory.exported(["-nomac", "-legacy"], password: password.byteWise)
        #expect(try PKCS12Laboratory.open(try await laboratory.sealed(old, modern), password) == true)
        // A check that the password passes, and parts that have another password.
        let other = try await laboratory.exported(
            ["-nomac", "-keypbe", "AES-256-CBC", "-certpbe", "NONE"],
            password: "jiné"
        )
        #expect(try PKCS12Laboratory.code(try await laboratory.sealed(other, sound), password) == .keyPasswordDiffers)
    }

    @Test func `no password and an empty one are the same to a person`() async throws {
        let laboratory = try await PKCS12Laboratory()
        for options in Self.ciphers {
            let empty = try await laboratory.exported(options, password: "")
            #expect(try PKCS12Laboratory.open(empty, "") == false)
        }
        // Windows and NSS: a check over no bytes at all, or over the terminator alone.
        let open = try await laboratory.exported(["-nomac", "-keypbe", "NONE", "-certpbe", "NONE"], password: "")
        for bytes in ["", "0000"] {
            let check = #"{"kind": "classic", "password": "\#(bytes)", "hash": "sha1"}"#
            #expect(try PKCS12Laboratory.open(try await laboratory.sealed(open, check), "") == false)
        }
    }
}
