// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import TestSupport

/// Whether the `openssl` command accepts a signature: other code than the client's.
func opensslVerifies(_ signature: [UInt8], of content: ContentToSign, under key: PublicKey) async throws -> Bool {
    let folder = try TemporaryFolder(named: "verify")
    let (publicKey, encoded) = subjectPublicKeyInfo(key, signature)
    try Data(publicKey).write(to: folder.file("key.der"))
    try Data(encoded).write(to: folder.file("signature"))
    try Data(content.message ?? []).write(to: folder.file("message"))
    let outcome = try await ChildProcess.run(
        "openssl",
        [
            "dgst", "-\(content.digestAlgorithm.rawValue)", "-keyform", "DER", "-verify", folder.file("key.der").path,
            "-signature", folder.file("signature").path, folder.file("message").path,
        ]
    )
    return outcome.succeeded
}

/// A key as RFC 5480 and RFC 8017 write it, and a signature in the form that goes with it.
private func subjectPublicKeyInfo(_ key: PublicKey, _ signature: [UInt8]) -> ([UInt8], [UInt8]) {
    switch key.material {
    case .rsa(let modulus, let exponent):
        let rsaEncryption: [UInt8] = [
            0x30, 0x0D, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01, 0x05, 0x00,
        ]
        let numbers = der(0x30, integer(modulus) + integer(exponent))
        return (der(0x30, rsaEncryption + der(0x03, [0] + numbers)), signature)
    case .elliptic(let curve, let point):
        let ecPublicKey: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
        let name: [UInt8] =
            curve == .p256
            ? [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07] : [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]
        let half = signature.count / 2
        let pair = integer(Array(signature.prefix(half))) + integer(Array(signature.suffix(half)))
        return (der(0x30, der(0x30, ecPublicKey + name) + der(0x03, [0] + point)), der(0x30, pair))
    }
}

private func integer(_ number: [UInt8]) -> [UInt8] {
    let bare = Array(number.drop { $0 == 0 })
    return der(0x02, (bare.first ?? 0x80) & 0x80 != 0 ? [0] + bare : bare)
}

private func der(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
    let count = content.count
    if count < 128 { return [tag, UInt8(count)] + content }
    return count < 256
        ? [tag, 0x81, UInt8(count)] + content : [tag, 0x82, UInt8(count >> 8), UInt8(count & 255)] + content
}
