// SPDX-License-Identifier: Apache-2.0

/// An X.509 certificate with the parts that tokens store beside it (RFC 5280). Made by `OpenSSLKit` from bytes that it
/// has parsed; everything else about a certificate is in `CertificateDetails`.
public struct Certificate: Hashable, Sendable {
    /// The whole certificate, DER.
    public let der: [UInt8]
    /// The subject, a DER `Name`.
    public let subject: [UInt8]
    /// The issuer, a DER `Name`.
    public let issuer: [UInt8]
    /// The serial number, a DER `INTEGER` with its tag and length.
    public let serialNumber: [UInt8]
    /// The key that it certifies; `nil` when it is of a kind that requests cannot be made for.
    public let publicKey: PublicKey?

    /// Puts parsed parts together.
    public init(der: [UInt8], subject: [UInt8], issuer: [UInt8], serialNumber: [UInt8], publicKey: PublicKey?) {
        self.der = der
        self.subject = subject
        self.issuer = issuer
        self.serialNumber = serialNumber
        self.publicKey = publicKey
    }
}
