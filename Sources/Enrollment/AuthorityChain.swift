// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
public import Foundation
public import OpenSSLKit

/// A CA's own certificates, judged by the rules by which those that it issues will be: whoever would be refused in the
/// end hears it before a key is made.
public struct AuthorityChain: Sendable {
    /// One of the CA's certificates, and what is wrong with it.
    public struct Fault: Sendable {
        /// Its subject as text; foreign.
        public let subject: String
        /// Whether it is an anchor, and not one below.
        public let isAnchor: Bool
        /// What `install` would say.
        public let error: ChainError
    }

    /// What is wrong, the anchors first.
    public let faults: [Fault]
    /// Whether no certificate of this CA can be believed: none of the anchors is good, or none of the issuers that it
    /// names.
    public let isHopeless: Bool

    /// The most anchors that are looked at one by one: a whole system's store may hold some that have expired.
    private static let mostAnchors = 16

    /// Looks at what is known.
    ///
    /// - Parameters:
    ///   - anchors: of the CA's profile; the system's store is left alone.
    ///   - issuers: DER, the CAs below them that the profile or the CA itself names.
    ///   - seen: DER, CAs that have issued before; others may have taken their place.
    public init(anchors: TrustAnchors, issuers: [[UInt8]] = [], seen: [[UInt8]] = [], at now: Date) {
        let below = issuers + seen
        let unsound = { (authority: [UInt8], isAnchor: Bool) -> Fault? in
            do throws(ChainError) {
                try ChainVerification.examine(authority: authority, others: below, anchors: anchors, at: now)
                return nil
            } catch { return Fault(authority, isAnchor: isAnchor, error) }
        }
        let own = anchors.bundle
        // A whole store is good for something as soon as one of its anchors is.
        if own.count > Self.mostAnchors {
            faults = []
            isHopeless = own.allSatisfy { unsound($0, true) != nil }
            return
        }
        let ofAnchors = own.compactMap { unsound($0, true) }
        let ofIssuers = Set(issuers).subtracting(own).compactMap { unsound($0, false) }
        let ofSeen = Set(seen).subtracting(own).subtracting(issuers).compactMap { unsound($0, false) }
        faults = ofAnchors + ofIssuers + ofSeen
        let hasGoodIssuer = issuers.isEmpty || Set(issuers).count > ofIssuers.count
        isHopeless = !own.isEmpty && ofAnchors.count == own.count || !hasGoodIssuer
    }
}

extension AuthorityChain.Fault {
    fileprivate init(_ der: [UInt8], isAnchor: Bool, _ error: ChainError) {
        let details = (try? Certificate(parsing: der)).flatMap { try? CertificateDetails(of: $0) }
        self.init(subject: details?.subject.text ?? "", isAnchor: isAnchor, error: error)
    }
}

extension [JournalEntry] {
    /// The CAs that have issued for these requests, DER, each once, by the name of the CA's profile.
    var issuers: [String: [[UInt8]]] {
        reduce(into: [:]) { known, entry in
            for issuer in entry.chain.dropFirst() where known[entry.authority]?.contains(issuer) != true {
                known[entry.authority, default: []].append(issuer)
            }
        }
    }
}

extension EnrollmentContext {
    /// Looks at the CA's own chain before a key is made, without asking anybody.
    ///
    /// - Throws: `authorityUnsound` when nothing that this CA issues could be believed.
    func requireSoundAuthority() throws(EnrollmentError) {
        let chain = AuthorityChain(anchors: anchors, issuers: issuers, at: now())
        if chain.isHopeless { throw .authorityUnsound(profile.name, chain.faults) }
    }
}
