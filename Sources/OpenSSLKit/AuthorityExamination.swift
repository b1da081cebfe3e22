// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Foundation

extension ChainVerification {
    /// Whether what a CA's certificate issues could be believed, by the rules of `verify`: it leads to an anchor, and is
    /// itself one that may issue. So whoever would be refused in the end can be told at the beginning.
    ///
    /// - Parameters:
    ///   - authority: the certificate of a CA, DER: an anchor or one below it.
    ///   - others: DER, those that may stand between it and an anchor.
    /// - Throws: what `verify` would say of a certificate that it issues.
    public static func examine(
        authority: [UInt8],
        others: [[UInt8]],
        anchors: TrustAnchors,
        at moment: Date
    ) throws(ChainError) {
        let path = try verify(leaf: authority, intermediates: others, anchors: anchors, at: moment)
        let isAnchor = path.count == 1
        guard let handle = try? X509Handle(der: authority) else { throw ChainError(.unreadable) }
        let subject = X509_get_subject_name(handle.pointer).map { DistinguishedName($0).text }
        let usage = CertificateUsage(of: handle.pointer)
        if let keyUsage = usage.keyUsage, !keyUsage.contains(.keyCertSign) {
            throw ChainError(.keyUsageWithoutSigning, subject: subject)
        }
        // Of an anchor alone an old certificate is enough (version 1, or keyUsage without basicConstraints).
        guard usage.isAuthority || isAnchor && X509_check_ca(handle.pointer) > 0 else {
            throw ChainError(.notAuthority, subject: subject)
        }
    }
}
