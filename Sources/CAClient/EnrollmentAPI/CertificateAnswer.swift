// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// An issued certificate with its chain, in one of the forms that a CA may choose.
enum CertificateAnswer {
    /// What is asked for, forms that carry the chain first.
    static let accepted = "application/x-pem-file, application/pkix-cert;q=0.5"
    /// More certificates than any chain has.
    static let mostCertificates = 16

    /// - Returns: DER, the holder's certificate first.
    static func read(_ answer: APIAnswer) throws(CAError) -> [[UInt8]] {
        let certificates: [[UInt8]]? =
            switch answer.mediaType?.name {
            case "application/pkix-cert": [answer.body]
            case "application/x-pem-file":
                PEM.decode(String(decoding: answer.body, as: UTF8.self), label: "CERTIFICATE")
            default: nil
            }
        guard let certificates, (1...mostCertificates).contains(certificates.count) else {
            throw answer.invalid("no certificate in a form that was asked for")
        }
        return certificates
    }
}
