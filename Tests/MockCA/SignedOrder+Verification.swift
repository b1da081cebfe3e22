// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import X509
import _CryptoExtras

extension SignedOrder {
    /// Verifies the signature with the key of the enclosed certificate, whoever issued that.
    func verify() throws(Problem) {
        if let statedDigest, statedDigest != digest.bytes(of: content) {
            throw Problem(422, "signature_invalid", "the document is not the one that was signed")
        }
        guard isValid else { throw Problem(422, "signature_invalid", "the signature does not verify") }
    }

    private var isValid: Bool {
        switch digest {
        case .sha256: isValid(for: SHA256.hash(data: signed))
        case .sha384: isValid(for: SHA384.hash(data: signed))
        case .sha512: isValid(for: SHA512.hash(data: signed))
        }
    }

    private func isValid(for hash: some Digest) -> Bool {
        if scheme == .ecdsa {
            if let key = P256.Signing.PublicKey(signer.publicKey),
                let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature)
            {
                return key.isValidSignature(signature, for: hash)
            }
            if let key = P384.Signing.PublicKey(signer.publicKey),
                let signature = try? P384.Signing.ECDSASignature(derRepresentation: signature)
            {
                return key.isValidSignature(signature, for: hash)
            }
            return false
        }
        guard let key = _RSA.Signing.PublicKey(signer.publicKey) else { return false }
        let padding: _RSA.Signing.Padding = scheme == .pss ? .PSS : .insecurePKCS1v1_5
        return key.isValidSignature(.init(rawRepresentation: signature), for: hash, padding: padding)
    }
}

extension SignedOrder.DigestName {
    fileprivate func bytes(of content: [UInt8]) -> [UInt8] {
        switch self {
        case .sha256: Array(SHA256.hash(data: content))
        case .sha384: Array(SHA384.hash(data: content))
        case .sha512: Array(SHA512.hash(data: content))
        }
    }
}
