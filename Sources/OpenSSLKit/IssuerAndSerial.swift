// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

/// What names a certificate in an order to its CA (RFC 5652, section 10.2.4).
public struct IssuerAndSerial: Sendable, Equatable {
    /// The issuer's name, DER, byte for byte as in the certificate.
    public let issuer: [UInt8]
    /// The serial number, lower-case hexadecimal.
    public let serial: String

    /// Reads both out of a certificate.
    public init(of certificate: Certificate) throws(OpenSSLError) {
        let handle = try X509Handle(der: certificate.der)
        guard let name = X509_get_issuer_name(handle.pointer) else { throw OpenSSLError(.malformed, "issuer") }
        issuer = try encoded { i2d_X509_NAME(name, $0) }
        serial = try CertificateDetails(of: certificate).serialNumberHex
    }
}
