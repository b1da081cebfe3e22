// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
internal import OpenSSLKit

/// What a renewal replaces, and how: kept in the journal, since the old key is needed until the order is signed.
public struct Renewal: Sendable, Equatable, Codable {
    /// The certificate that is replaced, DER.
    public let certificate: [UInt8]
    /// The identifier of its key.
    public let keyIdentifier: KeyIdentifier
    /// Where that key lives.
    public let area: KeyArea
    /// The device that holds it.
    public let token: TokenIdentity
    /// How long the new certificate is to be valid.
    public var term: RenewalTerm
    /// The code of a voucher that pays for it.
    public var voucher: String?
}

/// Everything that a renewal needs to know: the same value whether flags or questions made it.
public struct RenewalPlan: Sendable {
    /// The certificate that is to be replaced.
    public var certificate: RenewableCertificate
    /// How long the new one is to be valid.
    public var term: RenewalTerm
    /// The code of a voucher that pays for it.
    public var voucher: String?
    /// Algorithm and size of the new key.
    public var algorithm: KeyAlgorithm
    /// The language of the CA's letters: "cs" or "en".
    public var locale: String

    /// Puts a plan together.
    public init(
        certificate: RenewableCertificate,
        term: RenewalTerm = .oneYear,
        voucher: String? = nil,
        algorithm: KeyAlgorithm = .rsa2048,
        locale: String
    ) {
        self.certificate = certificate
        self.term = term
        self.voucher = voucher
        self.algorithm = algorithm
        self.locale = locale
    }
}

extension RenewalPlan {
    /// The journal's part of it.
    var renewal: Renewal {
        Renewal(
            certificate: certificate.certificate.der,
            keyIdentifier: certificate.stored.identifier,
            area: certificate.stored.area,
            token: certificate.token,
            term: term,
            voucher: voucher
        )
    }

    /// The new request says of its holder what the old certificate does.
    var request: EnrollmentPlan {
        EnrollmentPlan(
            type: certificate.type,
            holder: certificate.holder,
            contact: Contact(
                name: certificate.details.subject.commonName,
                email: certificate.details.emailAddresses.first,
                phone: certificate.origin?.plan.contact.phone
            ),
            algorithm: algorithm,
            locale: locale
        )
    }
}
