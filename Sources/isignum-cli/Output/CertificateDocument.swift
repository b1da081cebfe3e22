// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// A certificate as `--json` shows it.
struct CertificateDocument: Encodable {
    /// Decimal.
    let serialNumber: String
    let serialNumberHex: String
    let subject: String
    let commonName: String?
    let emailAddresses: [String]
    /// Hosts and accounts that it also stands for; absent when there are none.
    let otherNames: [String]
    let issuer: String
    let notBefore: Date
    let notAfter: Date
    /// Whole days until `notAfter`; negative when it is over.
    let daysLeft: Int
    /// `qualified` or `commercial`; absent when it says neither.
    let type: String?
    /// `person` or `seal`; absent when it says neither.
    let holder: String?
    let markers: [String]
    /// `true` when what it says of being qualified cannot be read; absent otherwise.
    let malformedStatements: Bool?
    /// What its key may do, named as in RFC 5280; absent when it says nothing of it.
    let keyUsage: [String]?
    /// Its extended purposes, named as in their standards, or else dotted; absent when it says nothing of them.
    let extendedKeyUsage: [String]?
    let sha256: String
    /// Where it lives and what is beside it; absent for one that is on no token.
    var place: Place?
    /// Whether it is still good; absent when nobody was asked.
    var online: StandingDocument?
    /// How many certificates on the same tokens cannot be read, for one that was looked for among them; absent where all
    /// can.
    var unreadableCertificates: Int?

    /// A certificate's place on a token.
    struct Place: Encodable {
        let token: TokenName
        let label: String
        let area: String
        /// The identifier that binds it to its key, lower-case hexadecimal.
        let keyID: String
        let hasKey: Bool
        /// `true` for a key that came from a file: it never carries a marker. Absent for all others.
        var imported: Bool?

        init(token: TokenName, label: String, area: String, keyID: String, hasKey: Bool, imported: Bool? = nil) {
            self.token = token
            self.label = label
            self.area = area
            self.keyID = keyID
            self.hasKey = hasKey
            self.imported = imported
        }

        /// The place of a certificate that has just been written beside its key.
        init(_ token: TokenIdentity, _ identifier: KeyIdentifier, area: KeyArea, imported: Bool? = nil) {
            self.init(
                token: TokenName(token),
                label: "",
                area: area.rawValue,
                keyID: identifier.hexadecimal,
                hasKey: true,
                imported: imported
            )
        }
    }

    /// - Returns: `nil` when the bytes are no certificate.
    init?(der: [UInt8], place: Place? = nil, now: Date = Date()) {
        guard let certificate = try? Certificate(parsing: der), let details = try? CertificateDetails(of: certificate)
        else { return nil }
        self.init(details, place: place, now: now)
    }

    init(_ details: CertificateDetails, place: Place?, now: Date) {
        serialNumber = details.serialNumber
        serialNumberHex = details.serialNumberHex
        subject = details.subject.text
        commonName = details.subject.commonName
        emailAddresses = details.emailAddresses
        otherNames = details.alternativeNames.accounts + details.alternativeNames.hosts
        keyUsage = details.usage.keyUsage?.map(\.rawValue)
        extendedKeyUsage = details.usage.purposes?.map(Purpose.name)
        issuer = details.issuer.text
        notBefore = details.notBefore
        notAfter = details.notAfter
        daysLeft = Int((details.notAfter.timeIntervalSince(now) / 86_400).rounded(.down))
        type = details.type?.rawValue
        holder = details.holder?.rawValue
        markers = details.markers.map(\.rawValue).sorted()
        malformedStatements = details.statements.isMalformed ? true : nil
        sha256 = details.fingerprint
        self.place = place
    }

    private enum CodingKeys: CodingKey {
        case serialNumber, serialNumberHex, subject, commonName, emailAddresses, issuer, notBefore, notAfter, daysLeft
        case type, holder, markers, malformedStatements, sha256, online, unreadableCertificates
        case keyUsage, extendedKeyUsage, otherNames
    }

    /// The place's fields stand beside the certificate's own.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(serialNumber, forKey: .serialNumber)
        try container.encode(serialNumberHex, forKey: .serialNumberHex)
        try container.encode(subject, forKey: .subject)
        try container.encodeIfPresent(commonName, forKey: .commonName)
        try container.encode(emailAddresses, forKey: .emailAddresses)
        if !otherNames.isEmpty { try container.encode(otherNames, forKey: .otherNames) }
        try container.encodeIfPresent(keyUsage, forKey: .keyUsage)
        try container.encodeIfPresent(extendedKeyUsage, forKey: .extendedKeyUsage)
        try container.encode(issuer, forKey: .issuer)
        try container.encode(notBefore, forKey: .notBefore)
        try container.encode(notAfter, forKey: .notAfter)
        try container.encode(daysLeft, forKey: .daysLeft)
        try container.encodeIfPresent(type, forKey: .type)
        try container.encodeIfPresent(holder, forKey: .holder)
        try container.encode(markers, forKey: .markers)
        try container.encodeIfPresent(malformedStatements, forKey: .malformedStatements)
        try container.encode(sha256, forKey: .sha256)
        try container.encodeIfPresent(online, forKey: .online)
        try container.encodeIfPresent(unreadableCertificates, forKey: .unreadableCertificates)
        try place?.encode(to: encoder)
    }
}
