// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Credentials
import Foundation
import TestSupport
import Testing

@testable import OpenSSLKit

/// What the provider takes from the heap it gives back: a client that signs all day must not grow.
@Suite struct ProviderLeakTests {
    @Test func `hundreds of messages, and as many refusals, leave nothing on the heap`() async throws {
        let laboratory = try Laboratory()
        try await laboratory.certificate("root", .authority())
        try await laboratory.certificate("own", .leaf(issuer: "root").with { $0.kind = "ec:P-256" })
        // A process of its own: others would allocate meanwhile.
        await #expect(processExitsWith: .success) { [folder = laboratory.folder.path as String] in
            let story = try SigningStory(folder: folder)
            // Heaps of new threads and caches settle first; a leak goes on for ever. Sixteen bytes are the smallest block.
            let rounds = 400
            var growth: [Int] = []
            repeat {
                let before = try Heap.bytesInUse()
                try await story.run(times: rounds)
                growth.append(try Heap.bytesInUse() - before)
            } while growth.count < 12 && growth.last ?? 0 >= rounds * 16
            #expect(growth.last ?? 0 < rounds * 16, "grown by \(growth) bytes, each in \(rounds) rounds")
        }
    }
}

/// What the C library has handed out, on the heaps of all threads (malloc_info(3)).
private enum Heap {
    private typealias Report = @convention(c) (Int32, UnsafeMutablePointer<FILE>) -> Int32

    static func bytesInUse() throws -> Int {
        // Glibc's module leaves its header out.
        guard let function = dlsym(nil, "malloc_info") else { throw OpenSSLError(.failed, "malloc_info") }
        var text: UnsafeMutablePointer<CChar>?
        var length = 0
        guard let stream = open_memstream(&text, &length) else { throw OpenSSLError(.failed, "open_memstream") }
        let status = unsafeBitCast(function, to: Report.self)(0, stream)
        fclose(stream)
        defer { free(text) }
        guard status == 0, let text else { throw OpenSSLError(.failed, "malloc_info") }
        // The last lines are the sums: free blocks, small and others, mapped ones, and what came from the system.
        var sums: [String: Int] = [:]
        for match in String(cString: text).matches(of: /<(total|system) type="(\w+)"[^>]* ?size="(\d+)"\/>/) {
            sums["\(match.1) \(match.2)"] = Int(match.3)
        }
        guard let system = sums["system current"], let fast = sums["total fast"], let rest = sums["total rest"] else {
            throw OpenSSLError(.failed, "malloc_info says something else")
        }
        return system + (sums["total mmap"] ?? 0) - fast - rest
    }
}

/// The same signature again and again, and the same refusal.
private struct SigningStory {
    private let good: SigningIdentity
    private let refusing: SigningIdentity

    init(folder: String) throws {
        let certificate = try Certificate(parsing: try Self.certificate(in: folder))
        let key = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/own.key")))
        guard let publicKey = certificate.publicKey else { throw KeyStoreError(.keyNotFound) }
        func identity(refuses: Bool) throws -> SigningIdentity {
            try SigningIdentity(
                certificate: certificate,
                chain: [],
                key: HeldKey(publicKey: publicKey, pem: key, refuses: refuses),
                secrets: NoSecrets()
            )
        }
        (good, refusing) = (try identity(refuses: false), try identity(refuses: true))
    }

    private static func certificate(in folder: String) throws -> [UInt8] {
        let file = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(folder)/own.crt")))
        guard let der = try CertificateBundle.read(file).first else { throw KeyStoreError(.certificateNotFound) }
        return der
    }

    func run(times: Int) async throws {
        for _ in 0..<times {
            let message = try await SignedMessage.sign([1, 2, 3], as: good)
            guard try SignedMessage.verify(message).content == [1, 2, 3] else { throw OpenSSLError(.failed) }
            do {
                _ = try await SignedMessage.sign([1, 2, 3], as: refusing)
                throw OpenSSLError(.failed, "it signed")
            } catch ExternalKeyError.key {
                continue
            }
        }
    }
}

/// A key that signs in this process, read anew each time: nothing of it is kept between signatures.
private struct HeldKey: SigningKey {
    let publicKey: PublicKey
    let pem: [UInt8]
    let refuses: Bool

    func sign(_ content: ContentToSign, secrets: any SecretSource) async throws(KeyStoreError) -> [UInt8] {
        guard !refuses else { throw KeyStoreError(.secretWrong, secret: .pin) }
        guard let memory = BIO_new_mem_buf(pem, Int32(pem.count)) else { throw KeyStoreError(.functionFailed) }
        defer { BIO_free(memory) }
        guard let pointer = PEM_read_bio_PrivateKey(memory, nil, nil, nil),
            let signature = try? DirectUse.sign(
                digest: content.digest,
                of: content.digestAlgorithm,
                EVPKeyHandle(pointer)
            )
        else { throw KeyStoreError(.functionFailed) }
        guard case .elliptic(let curve, _) = publicKey.material else { return signature }
        return LaboratoryKey.halves(of: signature, length: curve.coordinateLength)
    }
}
