// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// A certificate that is to be revoked: on a token, or gone from it and kept by the journal.
struct RevocationSubject {
    let certificate: Certificate
    let document: CertificateDocument
    /// Where it is; `nil` for one that is on no token any more.
    let held: HeldCertificate?
}

extension Composition {
    /// The certificate that a person means: on the tokens, else among those that the journal keeps. A certificate
    /// that was removed is good until it is revoked.
    func revocationSubject(_ selector: String) async throws -> RevocationSubject {
        var held: [HeldCertificate] = []
        var missing: KeyStoreError?
        do throws(KeyStoreError) {
            held = try await heldCertificates(everywhere: false)
        } catch {
            guard error.code == .tokenNotFound else { throw error }
            missing = error
        }
        do {
            let meant = try held.meant(by: selector)
            return RevocationSubject(certificate: try meant.certificate, document: meant.document, held: meant)
        } catch let error as CommandError where error.code == .certificateNotFound {
            if let kept = try keptCertificate(selector) { return try await waiting(kept) }
            if let missing { throw missing }
            throw error
        }
    }

    /// A certificate that was issued and not installed: its key is on the token, and can sign.
    private func waiting(_ subject: RevocationSubject) async throws -> RevocationSubject {
        let entry = try journal().entries().first { $0.state.isOpen && $0.chain.first == subject.certificate.der }
        guard let entry, let store = try? await stores.store(entry.token) else { return subject }
        let stored = StoredCertificate(
            value: subject.certificate.der,
            identifier: entry.keyIdentifier,
            label: "",
            area: entry.plan.type.area,
            hasKey: true
        )
        let held = HeldCertificate(store: store, stored: stored, document: subject.document)
        return RevocationSubject(certificate: subject.certificate, document: subject.document, held: held)
    }

    private func keptCertificate(_ selector: String) throws -> RevocationSubject? {
        let journal = try journal()
        let kept = try journal.keptCertificates().compactMap { der in
            CertificateDocument(der: der).map { (der: der, document: $0) }
        }
        let revoked = try journal.revokedCertificates()
        // What is over anyway bears the same name as what follows it, and is seldom what is meant.
        let good = kept.filter { $0.document.daysLeft >= 0 && !revoked.contains($0.document.sha256) }
        for candidates in [good, kept] {
            do {
                let meant = try CertificateSelector(selector).only(of: candidates.map(\.document))
                guard let der = candidates.first(where: { $0.document.sha256 == meant.sha256 })?.der else { return nil }
                return RevocationSubject(certificate: try Certificate(parsing: der), document: meant, held: nil)
            } catch let error as CommandError where error.code == .certificateNotFound {
                continue
            }
        }
        return nil
    }

    /// What signs the revocation: the certificate that was named, the subject itself, or, where its key is gone, the
    /// only other one of its holder that can.
    func signer(of subject: RevocationSubject, named selector: String?) async throws -> HeldCertificate {
        if selector == nil, let held = subject.held, held.stored.hasKey { return held }
        let revoked = try journal().revokedCertificates()
        return try await signer(
            named: selector,
            choosing: false,
            otherwise: .noSignerOfHolder(device: nil)
        ) { other in
            other.document.sha256 != subject.document.sha256 && other.document.daysLeft >= 0
                && !revoked.contains(other.document.sha256) && other.document.isOfSameHolder(as: subject.document)
        }
    }
}

extension CertificateDocument {
    /// Whether both seem to be of one person or organisation; the CA has the last word.
    func isOfSameHolder(as other: CertificateDocument) -> Bool {
        guard let commonName, commonName == other.commonName else { return false }
        return holder == nil || other.holder == nil || holder == other.holder
    }
}
