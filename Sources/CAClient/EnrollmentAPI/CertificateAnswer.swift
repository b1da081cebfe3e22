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
        guard let certificates, (1...mostCertificates).contains(certificates.count),
            certificates.allSatisfy(isOneSequence)
        else {
            throw answer.invalid("no certificate in a form that was asked for")
        }
        return certificates
    }

    /// Whether the bytes are one DER SEQUENCE from the first to the last (X.690, section 8.1.3); what is in it is judged
    /// where certificates are parsed.
    private static func isOneSequence(_ der: [UInt8]) -> Bool {
        guard der.count >= 2, der[0] == 0x30 else { return false }
        guard der[1] >= 0x80 else { return der.count == 2 + Int(der[1]) }
        let lengthBytes = Int(der[1] & 0x7F)
        guard (1...4).contains(lengthBytes), der.count > 2 + lengthBytes else { return false }
        let length = der[2..<2 + lengthBytes].reduce(0) { $0 << 8 | Int($1) }
        return der.count == 2 + lengthBytes + length
    }
}
