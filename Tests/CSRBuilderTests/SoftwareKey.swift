// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport

/// One of the software keys of the golden requests; the openssl command signs with it.
struct SoftwareKey: SigningKey {
    let publicKey: PublicKey
    /// The file of the private key.
    let file: URL
    /// What becomes of a signature before it is given back.
    var spoiling: @Sendable ([UInt8]) -> [UInt8] = { $0 }

    static let folder = BuildProducts.sources.appendingPathComponent("Tests/CSRBuilderTests/Golden")

    init(_ name: String) async throws {
        file = Self.folder.appendingPathComponent("\(name).key")
        publicKey = try await Self.publicKey(of: file)
    }

    /// Generates another key with the given options of `openssl genpkey`.
    init(generating options: [String], in folder: TemporaryFolder) async throws {
        file = folder.file(UUID().uuidString)
        try await ChildProcess.output(of: "openssl", ["genpkey", "-out", file.path] + options)
        publicKey = try await Self.publicKey(of: file)
    }

    func sign(_ content: ContentToSign, secrets: any SecretSource) async throws(KeyStoreError) -> [UInt8] {
        let signed = try? await ChildProcess.run(
            "openssl",
            ["pkeyutl", "-sign", "-inkey", file.path, "-pkeyopt", "digest:\(content.digestAlgorithm.rawValue)"],
            input: Data(content.digest)
        )
        guard let signed, signed.succeeded else { throw KeyStoreError(.functionFailed) }
        let signature = [UInt8](signed.output)
        guard case .elliptic(let curve, _) = publicKey.material else { return spoiling(signature) }
        let halves = Elements.split(Elements.content(of: signature)).map { half in
            let number = Elements.content(of: half).drop { $0 == 0 }
            return [UInt8](repeating: 0, count: curve.coordinateLength - number.count) + number
        }
        return spoiling(halves.flatMap(\.self))
    }

    /// The numbers as the openssl command says them, in the order in which it writes them.
    private static func publicKey(of file: URL) async throws -> PublicKey {
        let encoded = try await ChildProcess.run("openssl", ["pkey", "-in", file.path, "-pubout", "-outform", "DER"])
        let parts = Elements.split(Elements.content(of: [UInt8](encoded.output)))
        let bits = [UInt8](Elements.content(of: parts.last ?? []).dropFirst())
        let key: PublicKey?
        if bits.first == 0x30 {
            let numbers = Elements.split(Elements.content(of: bits)).map { Elements.content(of: $0) }
            key = numbers.count == 2 ? .rsa(modulus: numbers[0], exponent: numbers[1]) : nil
        } else {
            key = .elliptic(curve: bits.count == 65 ? .p256 : .p384, point: bits)
        }
        guard let key else { throw KeyStoreError(.keyNotFound) }
        return key
    }
}

/// Nobody to ask.
struct NoSecrets: SecretSource {
    func pin(for request: SecretRequest) async throws(KeyStoreError) -> PIN { throw KeyStoreError(.secretUnavailable) }
    func qpin(for request: SecretRequest) async throws(KeyStoreError) -> QPIN {
        throw KeyStoreError(.secretUnavailable)
    }
    func announceDeviceEntry(of request: SecretRequest) async {}
}

/// DER that is known to be sound, taken apart.
enum Elements {
    static func content(of element: [UInt8]) -> [UInt8] { Array(element.dropFirst(header(of: element[...]))) }

    static func split(_ elements: [UInt8]) -> [[UInt8]] {
        var rest = elements[...]
        var parts: [[UInt8]] = []
        while !rest.isEmpty {
            let length = header(of: rest) + contentLength(of: rest)
            parts.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return parts
    }

    private static func header(of bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.dropFirst().first else { return bytes.count }
        return first < 0x80 ? 2 : 2 + Int(first & 0x7F)
    }

    private static func contentLength(of bytes: ArraySlice<UInt8>) -> Int {
        guard let first = bytes.dropFirst().first, first >= 0x80 else { return Int(bytes.dropFirst().first ?? 0) }
        return bytes.dropFirst(2).prefix(Int(first & 0x7F)).reduce(0) { $0 << 8 | Int($1) }
    }
}
