// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials
public import Foundation

/// Where a chain is broken off: a certificate on the way from a leaf to an anchor whose issuer is not at hand.
public struct ChainGap: Sendable, Equatable {
    /// The certificate below the gap, DER.
    public let below: [UInt8]
    /// Who issued it, a DER `Name`.
    public let issuer: [UInt8]
    /// The same for people; foreign text.
    public let issuerText: String
    /// Where the certificate says that its issuer's is (RFC 5280, section 4.2.2.1): "http" and "https" alone.
    public let addresses: [String]
    /// Whether a trust anchor has the issuer's name: then it is another anchor that is missing, or a forgery.
    public let isNamedAsAnchor: Bool
    /// Whether a certificate of the issuer is at hand and not valid at that moment.
    public let isIssuerOutOfDate: Bool
    /// Whether a certificate at hand has the issuer's name and did not sign this one.
    public let hasNamesake: Bool
    /// Whether a certificate that would be the issuer's by name and key identifier did not sign this one.
    public let isForged: Bool
}

extension ChainVerification {
    /// The most certificates that are looked at on the way up.
    static let longestWay = 32

    /// Finds where the way from a leaf to its anchor breaks off. What is at hand counts as an issuer only when it signed.
    ///
    /// - Parameters:
    ///   - leaf: DER.
    ///   - intermediates: DER, in any order; none of them is believed.
    ///   - moment: when an issuer must be valid.
    /// - Returns: nothing when a way leads to an anchor, or to a root that is none: then nothing is missing.
    public static func gaps(
        above leaf: [UInt8],
        intermediates: [[UInt8]],
        anchors: TrustAnchors,
        at moment: Date
    ) -> [ChainGap] {
        defer { ERR_clear_error() }
        guard let shelf = IssuerShelf(intermediates, anchors) else { return [] }
        var gaps: [ChainGap] = []
        var seen: Set<[UInt8]> = [leaf]
        var next = [leaf]
        while let der = next.popLast(), seen.count <= longestWay {
            guard let below = try? X509Handle(der: der), X509_self_signed(below.pointer, 1) != 1 else { continue }
            let found = shelf.issuers(of: below.pointer)
            if found.issuers.contains(where: { $0.isAnchor && $0.isRoot }) { return [] }
            let valid = found.issuers.filter { $0.isValid(at: moment) }
            guard valid.isEmpty else {
                next += valid.map(\.der).filter { seen.insert($0).inserted }
                continue
            }
            guard let name = X509_get_issuer_name(below.pointer), let issuer = try? encoded({ i2d_X509_NAME(name, $0) })
            else { continue }
            gaps.append(
                ChainGap(
                    below: der,
                    issuer: issuer,
                    issuerText: DistinguishedName(name).text,
                    addresses: RevocationAddresses.issuers(of: below.pointer),
                    isNamedAsAnchor: found.isNamedAsAnchor,
                    isIssuerOutOfDate: !found.issuers.isEmpty,
                    hasNamesake: found.hasNamesake,
                    isForged: found.isForged
                )
            )
        }
        return gaps
    }

    /// What leads up from a certificate as far as it goes, believed or not.
    ///
    /// - Parameter certificates: DER, in any order.
    /// - Returns: DER, the issuer first.
    public static func way(above leaf: [UInt8], among certificates: [[UInt8]]) -> [[UInt8]] {
        var way: [[UInt8]] = []
        while way.count < longestWay,
            let issuer = certificates.first(where: { one in
                !way.contains(one) && issued(way.last ?? leaf, by: one)
            })
        {
            way.append(issuer)
        }
        return way
    }

    /// Whether one certificate signed another: by name, key identifier and signature.
    public static func issued(_ certificate: [UInt8], by issuer: [UInt8]) -> Bool {
        defer { ERR_clear_error() }
        guard let below = try? X509Handle(der: certificate), let above = try? X509Handle(der: issuer) else {
            return false
        }
        return IssuerShelf.isIssuer(above.pointer, of: below.pointer)
    }
}

/// Certificates that may be issuers: those that are at hand, and the anchors, wherever these are kept.
private final class IssuerShelf {
    struct Issuer {
        let der: [UInt8]
        let isAnchor: Bool
        let isRoot: Bool
        let validity: (from: Date?, to: Date?)

        init?(_ x509: OpaquePointer, isAnchor: Bool) {
            guard let der = try? encoded({ i2d_X509(x509, $0) }) else { return nil }
            self.der = der
            self.isAnchor = isAnchor
            isRoot = X509_self_signed(x509, 1) == 1
            validity = (instant(X509_get0_notBefore(x509)), instant(X509_get0_notAfter(x509)))
        }

        func isValid(at moment: Date) -> Bool {
            guard let from = validity.from, let to = validity.to else { return false }
            return from <= moment && moment <= to
        }
    }

    private let store: OpaquePointer
    private let context: OpaquePointer
    /// What is at hand, with a reference of its own to each.
    private let atHand: [OpaquePointer]

    init?(_ intermediates: [[UInt8]], _ anchors: TrustAnchors) {
        guard let store = X509_STORE_new() else { return nil }
        guard let context = X509_STORE_CTX_new() else {
            X509_STORE_free(store)
            return nil
        }
        (self.store, self.context) = (store, context)
        if anchors == .system { X509_STORE_set_default_paths(store) }
        for anchor in anchors.certificates {
            if let handle = try? X509Handle(der: anchor) { X509_STORE_add_cert(store, handle.pointer) }
        }
        atHand = intermediates.compactMap { der in
            guard let handle = try? X509Handle(der: der) else { return nil }
            X509_up_ref(handle.pointer)
            return handle.pointer
        }
        guard X509_STORE_CTX_init(context, store, nil, nil) == 1 else { return nil }
    }

    deinit {
        for certificate in atHand { X509_free(certificate) }
        X509_STORE_CTX_free(context)
        X509_STORE_free(store)
    }

    /// Everybody who signed a certificate.
    func issuers(
        of below: OpaquePointer
    ) -> (issuers: [Issuer], isNamedAsAnchor: Bool, hasNamesake: Bool, isForged: Bool) {
        var (issuers, isForged): ([Issuer], Bool) = ([], false)
        let hasNamesake = atHand.contains {
            X509_NAME_cmp(X509_get_subject_name($0), X509_get_issuer_name(below)) == 0
        }
        func look(at above: OpaquePointer, isAnchor: Bool) {
            guard X509_check_issued(above, below) == X509_V_OK else { return }
            if Self.isIssuer(above, of: below) {
                if let issuer = Issuer(above, isAnchor: isAnchor) { issuers.append(issuer) }
            } else {
                isForged = true
            }
        }
        for above in atHand { look(at: above, isAnchor: false) }
        var isNamedAsAnchor = false
        if let found = X509_STORE_CTX_get1_certs(context, X509_get_issuer_name(below)) {
            defer { isignum_x509_stack_free(found) }
            isNamedAsAnchor = isignum_x509_count(found) > 0
            for index in 0..<isignum_x509_count(found) {
                if let above = isignum_x509_at(found, index) { look(at: above, isAnchor: true) }
            }
        }
        return (issuers, isNamedAsAnchor, hasNamesake && issuers.isEmpty, isForged && issuers.isEmpty)
    }

    static func isIssuer(_ above: OpaquePointer, of below: OpaquePointer) -> Bool {
        guard X509_check_issued(above, below) == X509_V_OK, let key = X509_get0_pubkey(above) else { return false }
        return X509_verify(below, key) == 1
    }
}
