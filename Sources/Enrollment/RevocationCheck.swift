// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
public import Foundation
public import OpenSSLKit

/// Whether a certificate is still good, asked of those who must know: its responders first, then its lists. What is
/// not proved is not believed, and it is named. Next hops: `OCSPQuestion`, `RevocationList`, `RevocationServices`.
public struct RevocationCheck: Sendable {
    private let services: any RevocationServices
    private let anchors: TrustAnchors
    private let known: [[UInt8]]
    private let now: @Sendable () -> Date

    /// Prepares a check; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - anchors: what a certificate must lead to before anybody is asked about it.
    ///   - known: DER of certificates that may be issuers; none of them is believed.
    public init(
        services: any RevocationServices,
        anchors: TrustAnchors,
        known: [[UInt8]],
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.services = services
        self.anchors = anchors
        self.known = known
        self.now = now
    }

    /// Asks about one certificate.
    public func standing(of certificate: Certificate) async -> CertificateStanding {
        let moment = now()
        guard let details = try? CertificateDetails(of: certificate),
            let addresses = try? RevocationAddresses(of: certificate)
        else { return CertificateStanding([.init(nil, .malformed)]) }
        // Issuers forget what is over, so that their silence says nothing.
        guard details.notAfter >= moment else { return CertificateStanding([.init(nil, .certificateExpired)]) }
        var troubles: [CertificateStanding.Trouble] = []
        guard let chain = await chain(of: certificate, addresses, at: moment, &troubles), chain.count > 1 else {
            return CertificateStanding(troubles + [.init(nil, .issuerNotTrusted)])
        }
        guard !addresses.responders.isEmpty || !addresses.lists.isEmpty else {
            return CertificateStanding([.init(nil, .noAddress)])
        }
        if let question = try? OCSPQuestion(about: certificate, issuedBy: chain[1]) {
            for address in addresses.responders {
                let verdict = await attempt(address, &troubles) { () async throws in
                    let answer = try await services.answer(to: question, from: address)
                    return try question.read(answer, anchors: anchors, at: moment)
                }
                if let verdict { return CertificateStanding(verdict, from: address, .responder, troubles) }
            }
        }
        for address in addresses.lists {
            let verdict = await attempt(address, &troubles) { () async throws in
                let list = try await services.revocationList(at: address)
                return try RevocationList.read(
                    list,
                    about: certificate,
                    chain: Array(chain.dropFirst()),
                    anchors: anchors,
                    at: moment
                )
            }
            if let verdict { return CertificateStanding(verdict, from: address, .list, troubles) }
        }
        return CertificateStanding(troubles)
    }

    private func attempt(
        _ address: String,
        _ troubles: inout [CertificateStanding.Trouble],
        _ body: () async throws -> RevocationAnswer
    ) async -> RevocationAnswer? {
        do {
            return try await body()
        } catch let doubt as RevocationDoubt {
            troubles.append(.init(address, .notBelieved(doubt)))
        } catch let error as CAError {
            troubles.append(.init(address, .notReached(error)))
        } catch {
            troubles.append(.init(address, .malformed))
        }
        return nil
    }

    /// What leads from a certificate to an anchor; a missing issuer is fetched where the certificate says.
    private func chain(
        of certificate: Certificate,
        _ addresses: RevocationAddresses,
        at moment: Date,
        _ troubles: inout [CertificateStanding.Trouble]
    ) async -> [[UInt8]]? {
        if let chain = verified(certificate, by: known, at: moment) { return chain }
        for address in addresses.issuers {
            do {
                let bundle = try await services.issuer(at: address)
                let fetched = (try? CertificateBundle.read(bundle)) ?? []
                if let chain = verified(certificate, by: known + fetched, at: moment) { return chain }
            } catch {
                troubles.append(.init(address, .notReached(error)))
            }
        }
        return nil
    }

    private func verified(_ certificate: Certificate, by issuers: [[UInt8]], at moment: Date) -> [[UInt8]]? {
        try? ChainVerification.verify(
            leaf: certificate.der,
            intermediates: issuers,
            anchors: anchors,
            at: moment
        )
    }
}

/// What became known of a certificate, and what stood in the way.
public struct CertificateStanding: Sendable {
    /// Who knew it.
    public enum Source: String, Sendable {
        /// An OCSP responder.
        case responder = "ocsp"
        /// A revocation list.
        case list = "crl"
    }

    /// What somebody did instead of telling.
    public struct Trouble: Sendable {
        /// The kinds of trouble.
        public enum Kind: Sendable {
            /// It could not be asked.
            case notReached(CAError)
            /// It told something that is not believed.
            case notBelieved(RevocationDoubt)
            /// Something cannot be read.
            case malformed
            /// The certificate has ended, and nobody keeps account of it any more.
            case certificateExpired
            /// Its issuer does not lead to a trust anchor.
            case issuerNotTrusted
            /// It names nobody who could be asked.
            case noAddress
        }

        /// Whose trouble it is; `nil` for the certificate's own.
        public let address: String?
        /// What kind of trouble.
        public let kind: Kind

        init(_ address: String?, _ kind: Kind) {
            self.address = address
            self.kind = kind
        }
    }

    /// What is believed; `nil` when nobody could be believed.
    public let answer: RevocationAnswer?
    /// Who is believed.
    public let source: (kind: Source, address: String)?
    /// What stood in the way, in the order of asking.
    public let troubles: [Trouble]

    init(_ troubles: [Trouble]) {
        answer = nil
        source = nil
        self.troubles = troubles
    }

    init(_ answer: RevocationAnswer, from address: String, _ kind: Source, _ troubles: [Trouble]) {
        self.answer = answer
        source = (kind, address)
        self.troubles = troubles
    }
}
