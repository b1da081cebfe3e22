// SPDX-License-Identifier: Apache-2.0

internal import Credentials

// Bundles from files and servers, and the text around them.

func feedCertificateBundles(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    for block in PEM.decode(text, label: "CERTIFICATE") ?? [] {
        precondition(!block.isEmpty)
        precondition(PEM.decode(PEM.encode(block, label: "X"), label: "X") == [block])
    }
    guard let certificates = try? CertificateBundle.read(bytes) else { return }
    precondition((1...CertificateBundle.mostCertificates).contains(certificates.count))
    precondition(certificates.allSatisfy { $0.count <= CertificateBundle.largestCertificate })
    let again = certificates.map { PEM.encode($0, label: "CERTIFICATE") }.joined()
    precondition((try? CertificateBundle.read(Array(again.utf8))) == certificates)
}
