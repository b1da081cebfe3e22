// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import OpenSSLKit

/// The certificates of a file, those of holders told from those of CAs. No token is needed to tell that a file leads
/// nowhere. Next hop: `CertificateImporter`.
struct CertificateFile {
    /// A certificate that a token may have the key of.
    struct Holder {
        let certificate: Certificate
        let details: CertificateDetails
        let publicKey: PublicKey
    }

    /// At least one; several keys, or several certificates of one.
    let holders: [Holder]
    /// What else is in the file, each kind once.
    let passedOver: [BundlePart]
    private let all: [Certificate]

    /// Reads a file.
    ///
    /// - Throws: `certificateUnreadable`, `keyFile`, `authorityCertificate`, `keyKindNotHeld`.
    init(_ file: [UInt8]) throws(EnrollmentError) {
        let bundle: CertificateBundle
        do throws(BundleError) {
            bundle = try CertificateBundle(file)
        } catch {
            if case .noCertificate(let parts) = error, parts.contains(.keyFile) { throw .tokenWork(.keyFile) }
            throw .tokenWork(.certificateUnreadable(error))
        }
        passedOver = bundle.passedOver
        var seen: Set<[UInt8]> = []
        let certificates = bundle.certificates.filter { seen.insert($0).inserted }
            .compactMap { try? Certificate(parsing: $0) }
        all = certificates
        // What issued another one of the file is not what the file is about.
        let issuers = Set(certificates.filter { $0.issuer != $0.subject }.map(\.issuer))
        let ends = certificates.filter { !$0.isOfAuthority && !issuers.contains($0.subject) }
        guard let first = ends.first else {
            guard let authority = certificates.first else {
                throw .tokenWork(.certificateUnreadable(.noCertificate([.other])))
            }
            throw .tokenWork(.authorityCertificate(Self.name(of: authority)))
        }
        holders = ends.compactMap { certificate in
            guard let publicKey = certificate.publicKey, publicKey.algorithm != nil,
                let details = try? CertificateDetails(of: certificate)
            else { return nil }
            return Holder(certificate: certificate, details: details, publicKey: publicKey)
        }
        guard !holders.isEmpty else { throw .tokenWork(.keyKindNotHeld(first.kindOfKey)) }
    }

    /// A holder's certificate, and behind it those of the file that may lead from it to a root, by their names.
    func chain(of holder: Holder) -> [[UInt8]] {
        var chain = [holder.certificate]
        var issuers: Set<[UInt8]> = [holder.certificate.issuer]
        while true {
            let next = all.filter { issuers.contains($0.subject) && !chain.contains($0) }
            guard !next.isEmpty else { return chain.map(\.der) }
            chain += next
            issuers.formUnion(next.map(\.issuer))
        }
    }

    /// Of several certificates of one key the one that is valid now, and of those the latest.
    static func best(of holders: [Holder], at moment: Date) -> Holder? {
        func isValid(_ holder: Holder) -> Bool {
            holder.details.notBefore <= moment && moment <= holder.details.notAfter
        }
        return holders.max { one, other in
            (isValid(one) ? 1 : 0, one.details.notBefore) < (isValid(other) ? 1 : 0, other.details.notBefore)
        }
    }

    private static func name(of certificate: Certificate) -> String {
        let subject = (try? CertificateDetails(of: certificate))?.subject
        return subject?.commonName ?? subject?.text ?? ""
    }
}
