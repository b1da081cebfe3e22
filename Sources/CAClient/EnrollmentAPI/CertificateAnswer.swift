// SPDX-License-Identifier: Apache-2.0

internal import OpenSSLKit

/// An issued certificate with its chain, in one of the forms that a CA may choose.
enum CertificateAnswer {
    /// What is asked for, forms that carry the chain first.
    static let accepted = "application/x-pem-file, application/pkix-cert;q=0.5"

    /// What is taken: the API's two forms, and those under which servers send the same.
    private static let known: Set<String> = [
        "application/x-pem-file", "application/pkix-cert", "application/pem-certificate-chain",
        "application/pkcs7-mime", "application/x-pkcs7-mime", "application/x-pkcs7-certificates",
        "application/x-pkcs7-certreqresp", "application/x-x509-user-cert", "application/x-x509-ca-cert",
    ]

    /// - Returns: DER, in the answer's order, whatever it is; whose the certificates are is for others to say.
    static func read(_ answer: APIAnswer) throws(CAError) -> [[UInt8]] {
        guard let name = answer.mediaType?.name, known.contains(name) else {
            throw answer.invalid("no certificate in a form that was asked for")
        }
        do throws(BundleError) {
            return try CertificateBundle(answer.body).certificates
        } catch {
            throw answer.invalid("no certificate that can be read: \(error)")
        }
    }
}
