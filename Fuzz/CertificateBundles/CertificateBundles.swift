// SPDX-License-Identifier: Apache-2.0

internal import Credentials

// Bundles from files and servers, and the text around them; anchors, which leave out what cannot be read.

func feedCertificateBundles(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    for block in PEM.decode(text, label: "CERTIFICATE") ?? [] {
        precondition(!block.isEmpty)
        precondition(PEM.decode(PEM.encode(block, label: "X"), label: "X") == [block])
    }
    let strict = Result { () throws(BundleError) in try CertificateBundle(bytes) }
    let anchors = try? TrustAnchors(reading: bytes)
    if case .failure(.noCertificate(let parts)) = strict { precondition(Set(parts).count == parts.count) }
    guard let bundle = try? strict.get() else { return }
    let certificates = bundle.certificates
    precondition(!certificates.isEmpty && bundle.unreadable.isEmpty)
    precondition(certificates.allSatisfy { $0.count <= CertificateBundle.largestCertificate })
    // What was understood is understood again, by itself and in other clothes.
    let again = Array(certificates.map { PEM.encode($0, label: "X509 CERTIFICATE") }.joined().utf8)
    precondition((try? CertificateBundle.read(again)) == certificates)
    precondition((try? CertificateBundle.read([0xFF, 0xFE] + again.flatMap { [$0, 0] })) == certificates)
    precondition((try? CertificateBundle.read(Array(certificates.joined(separator: [0, 0])))) == certificates)
    if let anchors { precondition((try? TrustAnchors(reading: anchors.pem).bundle) == anchors.bundle) }
}
