// SPDX-License-Identifier: Apache-2.0

public import Credentials
public import Foundation
public import OpenSSLKit

/// A certificate on a token that may be renewed, as far as it can be told without the CA.
public struct RenewableCertificate: Sendable {
    /// The object on the token.
    public let stored: StoredCertificate
    /// The token.
    public let token: TokenIdentity
    /// The certificate.
    public let certificate: Certificate
    /// What it says.
    public let details: CertificateDetails
    /// Qualified or commercial.
    public let type: CertificateType
    /// Person or seal.
    public let holder: Holder
    /// The journal's entry that it came from; `nil` for one that was asked for elsewhere.
    public let origin: JournalEntry?

    /// Reads what a token holds.
    ///
    /// - Returns: `nil` for what is no certificate, says nothing of its type, or was issued by itself.
    public init?(_ stored: StoredCertificate, on token: TokenIdentity, in entries: [JournalEntry]) {
        guard let certificate = try? Certificate(parsing: stored.der),
            let details = try? CertificateDetails(of: certificate), certificate.issuer != certificate.subject,
            let type = details.type
        else { return nil }
        self.stored = stored
        self.token = token
        self.certificate = certificate
        self.details = details
        self.type = type
        holder = details.holder ?? .person
        origin = entries.first { $0.chain.first == stored.der }
    }

    /// Why it cannot be renewed now; `nil` when neither it nor the journal knows anything against it.
    public func refusal(in entries: [JournalEntry], at moment: Date) -> RenewalRefusal? {
        guard stored.hasKey else { return .withoutKey }
        if moment > details.notAfter { return .expired(details.notAfter) }
        if moment < details.notBefore { return .notYetValid(details.notBefore) }
        // What the CA has not taken yet is gone on with.
        let taken: [EnrollmentState] = [.pending, .issued, .accepted, .installed]
        return followers(in: entries).first { taken.contains($0.state) }.map { .alreadyRenewed($0) }
    }

    /// A renewal of it that was begun and that the CA has not taken yet.
    public func unfinished(in entries: [JournalEntry]) -> JournalEntry? {
        let begun: [EnrollmentState] = [.planned, .keyGenerated, .csrSigned, .submitted]
        return followers(in: entries).first { begun.contains($0.state) }
    }

    private func followers(in entries: [JournalEntry]) -> [JournalEntry] {
        entries.filter { $0.renewal?.certificate == certificate.der }
    }

    /// Ours first, and among them the one that ends first.
    public static func precedes(_ left: RenewableCertificate, _ right: RenewableCertificate) -> Bool {
        let (isLeftOurs, isRightOurs) = (left.origin != nil, right.origin != nil)
        return isLeftOurs == isRightOurs ? left.details.notAfter < right.details.notAfter : isLeftOurs
    }
}
