// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import Synchronization
import TestSupport

/// A key in a file, with which the openssl command signs: nothing of it is ever in the library context under test.
final class LaboratoryKey: SigningKey {
    /// What becomes of a signature on its way.
    enum Trouble: Sendable {
        case none
        case refused(KeyStoreError)
        case tooShort
        case wrong
    }

    let publicKey: PublicKey
    // Keeps the file.
    private let laboratory: Laboratory
    private let file: String
    private let trouble: Trouble
    private let contents = Mutex<[ContentToSign]>([])
    /// Ends with the key.
    let life: AsyncStream<Void>
    private let end: AsyncStream<Void>.Continuation

    /// Takes the key of a certificate of the laboratory.
    init(_ name: String, in laboratory: Laboratory, certificate: [UInt8], trouble: Trouble = .none) throws {
        guard let publicKey = try Certificate(parsing: certificate).publicKey else { throw KeyStoreError(.keyNotFound) }
        self.publicKey = publicKey
        self.trouble = trouble
        self.laboratory = laboratory
        file = laboratory.path("\(name).key")
        (life, end) = AsyncStream.makeStream()
    }

    deinit { end.finish() }

    /// What was signed so far.
    var signed: [ContentToSign] { contents.withLock(\.self) }

    func sign(_ content: ContentToSign, secrets: any SecretSource) async throws(KeyStoreError) -> [UInt8] {
        contents.withLock { $0.append(content) }
        if case .refused(let error) = trouble { throw error }
        var options = ["-pkeyopt", "digest:\(content.digestAlgorithm.rawValue)"]
        if case .rsa = publicKey.material, content.padding == .pss {
            options += ["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:digest"]
        }
        let outcome = try? await ChildProcess.run(
            "openssl",
            ["pkeyutl", "-sign", "-inkey", file] + options,
            input: Data(content.digest)
        )
        guard let outcome, outcome.succeeded else { throw KeyStoreError(.functionFailed) }
        var signature = [UInt8](outcome.output)
        if case .elliptic(let curve, _) = publicKey.material {
            signature = Self.halves(of: signature, length: curve.coordinateLength)
        }
        switch trouble {
        case .tooShort: signature.removeLast()
        case .wrong: signature[signature.count / 4] ^= 1
        case .none, .refused: break
        }
        return signature
    }

    /// The two numbers of an ECDSA-Sig-Value, each padded.
    static func halves(of der: [UInt8], length: Int) -> [UInt8] {
        var rest = der.dropFirst(2)
        var halves: [UInt8] = []
        while let count = rest.dropFirst().first.map(Int.init) {
            let number = rest.dropFirst(2).prefix(count).drop { $0 == 0 }
            halves += [UInt8](repeating: 0, count: length - number.count) + number
            rest = rest.dropFirst(2 + count)
        }
        return halves
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

/// The error that a use of a key ends with; `nil` when it does not.
func refusal<Value>(of body: () async throws(ExternalKeyError) -> Value) async -> ExternalKeyError? {
    do throws(ExternalKeyError) {
        _ = try await body()
        return nil
    } catch {
        return error
    }
}

extension ExternalKeyError {
    /// The key's own words.
    var keyError: KeyStoreError? { if case .key(let error) = self { error } else { nil } }
    /// OpenSSL's words.
    var libraryError: OpenSSLError? { if case .library(let error) = self { error } else { nil } }
}
