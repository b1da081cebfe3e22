// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

/// Digests of the SHA-2 family (FIPS 180-4).
public enum Digests {
    /// The digest of some bytes.
    public static func digest(_ bytes: [UInt8], _ algorithm: DigestAlgorithm) -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: algorithm.length)
        var length = UInt32(0)
        let done = EVP_Digest(bytes, bytes.count, &digest, &length, algorithm.method, nil)
        precondition(done == 1 && Int(length) == digest.count, "OpenSSL without SHA-2")
        return digest
    }

    /// Lower-case hexadecimal.
    public static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

extension DigestAlgorithm {
    var method: OpaquePointer? {
        switch self {
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}

extension ContentToSign {
    /// Binds a message to its digest.
    public static func hashing(
        _ message: [UInt8],
        with algorithm: DigestAlgorithm,
        padding: RSAPadding = .pkcs1
    ) -> ContentToSign {
        ContentToSign(
            message: message,
            digest: Digests.digest(message, algorithm),
            digestAlgorithm: algorithm,
            padding: padding
        )
    }
}
