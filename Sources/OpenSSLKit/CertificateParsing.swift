// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

extension Certificate {
    /// Parses one DER certificate of at most 64 KiB, with nothing after it.
    public init(parsing der: [UInt8]) throws(OpenSSLError) {
        let handle = try X509Handle(der: der)
        let certificate = handle.pointer
        guard let subject = X509_get_subject_name(certificate), let issuer = X509_get_issuer_name(certificate),
            let serial = X509_get_serialNumber(certificate)
        else { throw OpenSSLError(.malformed, "certificate") }
        let names = (try encoded { i2d_X509_NAME(subject, $0) }, try encoded { i2d_X509_NAME(issuer, $0) })
        // OpenSSL gives back what it was given, even where that was not marked as constructed.
        guard names.0.first == 0x30, names.1.first == 0x30 else { throw OpenSSLError(.malformed, "name") }
        self.init(
            der: der,
            subject: names.0,
            issuer: names.1,
            serialNumber: try encoded { i2d_ASN1_INTEGER(serial, $0) },
            // A key of a kind that OpenSSL does not know makes a certificate no less of one.
            publicKey: X509_get0_pubkey(certificate).flatMap { PublicKey($0) }
        )
        ERR_clear_error()
    }
}
