// SPDX-License-Identifier: Apache-2.0

internal import Credentials

// Keys from files (PKCS#12). Files without a check of their integrity get furthest; those of the corpus that have one
// are opened by "isignum".

func feedKeyFiles(_ bytes: [UInt8]) {
    guard
        let password = FilePassword(filling: {
            $0.copyBytes(from: "isignum".utf8); return 7
        }),
        let file = try? PKCS12(reading: bytes, password: password)
    else { return }
    precondition(file.chain.count <= 64)
    for certificate in file.chain { _ = try? Certificate(parsing: certificate) }
    if let leaf = file.chain.first {
        precondition((try? Certificate(parsing: leaf))?.publicKey == file.key.publicKey)
    }
}
