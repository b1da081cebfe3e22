// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import OpenSSLKit

/// The order of a following certificate, as the holder signs it with the one that is replaced.
public struct RenewalOrder: Sendable, Equatable {
    /// The signed request for the new key.
    public var request: CertificateRequest
    /// The certificate that is replaced.
    public var replaces: IssuerAndSerial
    /// How long the new one is to be valid.
    public var term: RenewalTerm
    /// The code of a voucher that pays for it.
    public var voucher: String?
    /// The device that holds the new key; `nil` for a key kept elsewhere.
    public var device: DeviceStatement?
    /// How the CA can reach the holder.
    public var contact: Contact
    /// The language of the CA's letters: "cs" or "en".
    public var locale: String

    /// Puts an order together.
    public init(
        request: CertificateRequest,
        replaces: IssuerAndSerial,
        term: RenewalTerm,
        voucher: String?,
        device: DeviceStatement?,
        contact: Contact,
        locale: String
    ) {
        self.request = request
        self.replaces = replaces
        self.term = term
        self.voucher = voucher
        self.device = device
        self.contact = contact
        self.locale = locale
    }
}

/// How long a following certificate is valid.
public enum RenewalTerm: String, Sendable, Codable, CaseIterable {
    /// 385 days.
    case oneYear = "one-year"
    /// 1,115 days, where the CA has enabled that for the holder and the holder's organisation.
    case multiYear = "multi-year"

    /// The validity in days.
    public var days: Int { self == .oneYear ? 385 : 1_115 }
}
