// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// What a file may ask for before its password can be called wrong.
@Suite struct PKCS12CostTests {
    /// An element of DER with a length of two bytes.
    private static func der(_ tag: UInt8, _ parts: [UInt8]...) -> [UInt8] {
        let content = parts.flatMap(\.self)
        return [tag, 0x83] + [16, 8, 0].map { UInt8(content.count >> $0 & 0xFF) } + content
    }

    private static let data: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01]

    /// A file of these parts, without a check.
    private static func file(_ parts: [[UInt8]]) -> [UInt8] {
        der(0x30, [2, 1, 3], der(0x30, data, der(0xA0, der(0x04, der(0x30, parts.flatMap(\.self))))))
    }

    private static func open(_ bags: [UInt8]) -> [UInt8] { der(0x30, data, der(0xA0, der(0x04, der(0x30, bags)))) }

    /// PBES2 with AES-256-CBC.
    private static func algorithm(_ derivation: [UInt8]) -> [UInt8] {
        let pbes2: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D]
        let aes: [UInt8] = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x01, 0x2A]
        let cipher = der(0x30, aes, [0x04, 16] + [UInt8](repeating: 7, count: 16))
        return der(0x30, pbes2, der(0x30, derivation, cipher))
    }

    private static func pbkdf2(_ iterations: Int) -> [UInt8] {
        let name: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0C]
        return der(0x30, name, der(0x30, [0x04, 8] + [UInt8](repeating: 1, count: 8), number(iterations)))
    }

    private static func scrypt(_ cost: Int, _ block: Int, _ lanes: Int) -> [UInt8] {
        let name: [UInt8] = [0x06, 0x09, 0x2B, 0x06, 0x01, 0x04, 0x01, 0xDA, 0x47, 0x04, 0x0B]
        let numbers = number(cost) + number(block) + number(lanes)
        return der(0x30, name, der(0x30, [0x04, 8] + [UInt8](repeating: 1, count: 8), numbers))
    }

    private static func number(_ value: Int) -> [UInt8] {
        var bytes = (0..<8).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
        // DER: no byte that says nothing.
        while bytes.count > 1, [0, 0xFF].contains(bytes[0]), bytes[0] & 0x80 == bytes[1] & 0x80 { bytes.removeFirst() }
        return [2, UInt8(bytes.count)] + bytes
    }

    private static func sealedPart(_ derivation: [UInt8]) -> [UInt8] {
        let encrypted: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x06]
        let content = der(0x30, data, algorithm(derivation), [0x80, 16] + [UInt8](repeating: 9, count: 16))
        return der(0x30, encrypted, der(0xA0, der(0x30, [2, 1, 0], content)))
    }

    private static func bag(_ last: UInt8, _ content: [UInt8]) -> [UInt8] {
        der(0x30, [0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01, last], der(0xA0, content))
    }

    private static func keyBag(_ derivation: [UInt8]) -> [UInt8] {
        bag(2, der(0x30, algorithm(derivation), [0x04, 16] + [UInt8](repeating: 9, count: 16)))
    }

    private static func expect(_ parts: [[UInt8]], _ code: PKCS12Error.Code, _ comment: Comment) throws {
        let begun = ContinuousClock.now
        #expect(try PKCS12Laboratory.code(file(parts)) == code, comment)
        #expect(ContinuousClock.now - begun < .seconds(20), comment)
    }

    @Test func `iterations are added up over all parts, wherever they stand`() throws {
        let third = Self.pbkdf2(3_400_000)
        let (part, key) = (Self.sealedPart(third), Self.keyBag(third))
        try Self.expect([part, part, part], .tooCostly, "three parts")
        try Self.expect([part, Self.open(key), part], .tooCostly, "two parts and a key")
        try Self.expect([Self.open(key + key + key)], .tooCostly, "three keys")
        let nested = Self.bag(6, Self.der(0x30, Self.keyBag(Self.pbkdf2(5_000_001))))
        try Self.expect([Self.open(nested)], .tooCostly, "a key in a bag in a bag")
        try Self.expect([Self.sealedPart(Self.pbkdf2(.max))], .tooCostly, "one part")
        try Self.expect([Self.sealedPart(Self.pbkdf2(-1))], .tooCostly, "below zero")
        try Self.expect([Self.sealedPart(Self.pbkdf2(1000))], .passwordWrong, "an honest one")
    }

    @Test func `scrypt is bounded in time and in memory`() throws {
        for numbers in [(1 << 20, 8, 1), (1 << 14, 1 << 20, 1), (1 << 14, 8, 1000), (.max, .max, .max), (0, 8, 1)] {
            let part = Self.sealedPart(Self.scrypt(numbers.0, numbers.1, numbers.2))
            try Self.expect([part], .tooCostly, "\(numbers)")
        }
        try Self.expect([Self.sealedPart(Self.scrypt(1 << 14, 8, 1))], .passwordWrong, "an honest one")
    }

    @Test func `parts, bags and the depth of bags are bounded`() throws {
        let cheap = Self.sealedPart(Self.pbkdf2(1))
        try Self.expect(Array(repeating: cheap, count: 17), .tooLarge, "parts")
        let bag = Self.keyBag(Self.pbkdf2(1))
        try Self.expect([Self.open(Array(repeating: bag, count: 257).flatMap(\.self))], .tooLarge, "bags")
        let deep = (0..<5).reduce(bag) { inner, _ in Self.bag(6, Self.der(0x30, inner)) }
        try Self.expect([Self.open(deep)], .tooLarge, "depth")
        let abyss = (0..<2000).reduce(bag) { inner, _ in Self.bag(6, Self.der(0x30, inner)) }
        #expect(try PKCS12Laboratory.code(Self.file([Self.open(abyss)])) != nil)
    }

    @Test func `an algorithm that is not known is named`() throws {
        let unknown: [UInt8] = [0x06, 0x03, 0x2A, 0x03, 0x04]
        let part = Self.sealedPart(Self.der(0x30, unknown))
        let error = #expect(throws: PKCS12Error(.algorithmUnknown)) {
            try PKCS12Laboratory.open(Self.file([part]))
        }
        #expect(error?.detail == "1.2.3.4")
        let bag = Self.bag(2, Self.der(0x30, Self.der(0x30, unknown), [0x04, 1, 1]))
        try Self.expect([Self.open(bag)], .algorithmUnknown, "of a key")
    }

    @Test func `PBES2 opens with every hash that OpenSSL has for it`() async throws {
        let laboratory = try await PKCS12Laboratory()
        for (cipher, hash) in [("aes-128-cbc", "hmacWithSHA1"), ("aes-192-cbc", "hmacWithSHA384")]
            + [("aes-256-cbc", "hmacWithSHA512"), ("camellia-256-cbc", "hmacWithSHA224"), ("des3", "hmacWithSHA256")]
        {
            let key = laboratory.folder.file("k.der")
            try await ChildProcess.output(
                of: "openssl",
                ["pkcs8", "-topk8", "-in", laboratory.folder.file("k.pem").path, "-outform", "DER", "-v2", cipher]
                    + ["-v2prf", hash, "-passout", "pass:heslo", "-out", key.path]
            )
            let bag = Self.bag(2, [UInt8](try Data(contentsOf: key)))
            #expect(try Self.opensKey(Self.file([Self.open(bag)])), "\(cipher) \(hash)")
        }
        let scrypt = laboratory.folder.file("s.der")
        try await ChildProcess.output(
            of: "openssl",
            ["pkcs8", "-topk8", "-in", laboratory.folder.file("k.pem").path, "-outform", "DER", "-scrypt"]
                + ["-passout", "pass:heslo", "-out", scrypt.path]
        )
        #expect(try Self.opensKey(Self.file([Self.open(Self.bag(2, [UInt8](try Data(contentsOf: scrypt))))])))
    }

    private static func opensKey(_ bytes: [UInt8]) throws -> Bool {
        try PKCS12(reading: bytes, password: PKCS12Laboratory.password("heslo")).key.publicKey.algorithm == .p256
    }
}
