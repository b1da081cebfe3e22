// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

// Certificates of tokens and servers: parsing, details, validation against themselves.

func feedCertificates(_ bytes: [UInt8]) {
    guard let certificate = try? Certificate(parsing: bytes) else { return }
    precondition(certificate.der == bytes)
    precondition(certificate.subject.first == 0x30 && certificate.issuer.first == 0x30)
    precondition(certificate.serialNumber.first == 0x02)
    if let details = try? CertificateDetails(of: certificate) {
        precondition(details.fingerprint.utf8.count == 64)
        precondition(details.subject.attributes.allSatisfy { $0.value.count <= 1_024 })
        _ = (details.type, details.holder, details.markers, details.subject.text, details.issuer.text)
    }
    if let key = certificate.publicKey, let encoded = try? key.subjectPublicKeyInfo() {
        precondition(encoded.first == 0x30)
    }
    if let anchors = try? TrustAnchors(bundle: bytes) {
        let moment = Date(timeIntervalSince1970: 1_900_000_000)
        if let chain = try? ChainVerification.verify(leaf: bytes, intermediates: [], anchors: anchors, at: moment) {
            precondition(chain == [bytes])
        }
    }
}
