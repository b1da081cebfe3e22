// SPDX-License-Identifier: Apache-2.0

/// A signed certificate request (PKCS#10, RFC 2986).
public struct CertificateRequest: Hashable, Sendable {
    /// The whole request, DER.
    public let der: [UInt8]

    /// Wraps bytes that `CSRBuilder` made and verified.
    public init(der: [UInt8]) { self.der = der }

    /// The request as text (RFC 7468).
    public var pem: String { PEM.encode(der, label: "CERTIFICATE REQUEST") }
}

/// The two families of certificates.
public enum CertificateType: String, CaseIterable, Codable, Sendable {
    /// A qualified certificate (eIDAS).
    case qualified
    /// A commercial certificate.
    case commercial
}

/// Whom a certificate is for.
public enum Holder: String, CaseIterable, Codable, Sendable {
    /// A person: electronic signatures.
    case person
    /// An organisation: electronic seals.
    case seal
}

/// The statements that a key lives on a qualified device.
public enum Marker: String, Codable, Sendable {
    /// The QcSSCD statement of a qualified certificate (ETSI EN 319 412-5, section 4.2.2).
    case qescd = "QESCD"
    /// The NCP+ policy of a commercial certificate (ETSI EN 319 411-1, section 5.3).
    case ncpPlus = "NCP+"
}

extension CertificateType {
    /// The marker that a certificate of this type can carry.
    public var marker: Marker { self == .qualified ? .qescd : .ncpPlus }

    /// The area of a device in which keys of this type live.
    public var area: KeyArea { self == .qualified ? .qualified : .general }
}
