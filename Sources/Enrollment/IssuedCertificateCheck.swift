// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
public import Foundation
public import OpenSSLKit

/// Everything that must be true of an issued certificate before it may touch the device.
public struct IssuedCertificateCheck: Sendable {
    let anchors: TrustAnchors
    let now: Date

    /// Checks against these anchors, at this moment.
    public init(anchors: TrustAnchors, now: Date) {
        self.anchors = anchors
        self.now = now
    }

    /// Reads what came for an entry and looks for reasons to refuse it.
    ///
    /// - Returns: the certificate, or all findings; never both.
    public func examine(_ entry: JournalEntry) -> Result<IssuedCertificate, CertificateRefusal> {
        guard let der = entry.chain.first, let certificate = try? Certificate(parsing: der),
            let details = try? CertificateDetails(of: certificate)
        else { return .failure(CertificateRefusal(findings: [.malformed])) }
        var findings: [CertificateFinding] = []
        if (try? certificate.publicKey?.subjectPublicKeyInfo()) != entry.publicKey { findings.append(.keyDiffers) }
        findings += self.findings(in: certificate, details, chain: entry.chain, skew: entry.serverSkew)
        if entry.remoteState == .revoked { findings.append(.revoked) }
        if let marker = entry.marker, !details.markers.contains(marker) { findings.append(.markerMissing(marker)) }
        if details.statements.isMalformed { findings.append(.statementsMalformed) }
        if details.type != entry.plan.type { findings.append(.typeDiffers(details.type)) }
        if let said = details.statements.holder, said != entry.plan.holder { findings.append(.kindDiffers(said)) }
        guard findings.isEmpty else { return .failure(CertificateRefusal(findings: findings)) }
        return .success(
            IssuedCertificate(
                entry: entry,
                certificate: certificate,
                details: details,
                comparison: entry.comparison(of: details)
            )
        )
    }

    /// What must be true of any certificate, whoever asked for it: its time, its strength, what it is for, its chain.
    ///
    /// - Parameter skew: how far our clock is behind the server's, in seconds, where a server was asked.
    func findings(
        in certificate: Certificate,
        _ details: CertificateDetails,
        chain: [[UInt8]],
        skew: TimeInterval? = nil
    ) -> [CertificateFinding] {
        var findings = validity(of: details, skew: skew)
        if let weakness = details.weakness { findings.append(.weak(weakness)) }
        findings += details.extensionFaults.map { .extensionFault($0) }
        let doubts = trust(in: certificate, chain: chain, expected: findings)
        // What signed for itself makes nobody a CA: it is refused for that, or a person named it as an anchor.
        let standsAlone = doubts.contains(where: \.isSelfMade) || anchors.bundle.contains(certificate.der)
        let ofPurpose = CertificatePurpose.findings(in: details).filter { !standsAlone || !$0.isAboutAuthority }
        return findings + ofPurpose + doubts
    }

    private func validity(of details: CertificateDetails, skew: TimeInterval?) -> [CertificateFinding] {
        if now > details.notAfter { return [.expired(details.notAfter)] }
        guard now < details.notBefore else { return [] }
        // Our clock may simply be wrong: then the server's would have done.
        let skew = skew.flatMap { now.addingTimeInterval($0) >= details.notBefore ? $0 : nil }
        return [.notYetValid(details.notBefore, skew: skew)]
    }

    /// The chain is verified at a moment when the certificate is valid where only its time was wrong: one cause, one
    /// finding.
    private func trust(
        in certificate: Certificate,
        chain: [[UInt8]],
        expected: [CertificateFinding]
    ) -> [CertificateFinding] {
        do {
            _ = try ChainVerification.verify(
                leaf: certificate.der,
                intermediates: Array(chain.dropFirst()),
                anchors: anchors,
                at: now
            )
            return []
        } catch {
            if error.code == .untrusted,
                let missing = Self.missingIssuer(of: certificate, chain: chain, anchors: anchors, at: now)
            {
                return [missing]
            }
            let known = expected.contains { finding in
                switch (finding, error.code) {
                case (.expired, .expired), (.notYetValid, .notYetValid), (.weak, .weak): true
                case (.extensionFault, .malformed): error.isAboutLeaf
                default: false
                }
            }
            return known ? [] : [.chainRefused(error)]
        }
    }
}

extension EnrollmentContext {
    /// Checks what came for an entry, now.
    func check(_ entry: JournalEntry) -> Result<IssuedCertificate, CertificateRefusal> {
        IssuedCertificateCheck(anchors: anchors, now: now()).examine(entry)
    }
}

/// Why a certificate is refused.
public struct CertificateRefusal: Error, Sendable {
    /// All reasons.
    public let findings: [CertificateFinding]
}
