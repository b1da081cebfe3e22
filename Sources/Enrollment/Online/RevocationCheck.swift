// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
public import Foundation
public import OpenSSLKit
internal import Synchronization

/// Whether certificates are still good, asked of those who must know: all responders of one at once, then its lists. What
/// is not proved is not believed, and it is named; nobody waits for longer than `OnlineLimits` says. Next hops:
/// `ChainCompletion`, `OCSPQuestion`, `RevocationList`, `RevocationServices`.
public struct RevocationCheck: Sendable {
    private let services: any RevocationServices
    private let anchors: TrustAnchors
    private let completion: ChainCompletion
    private let candidates: [[UInt8]]
    private let ownKeys: Set<[UInt8]>
    private let limits: OnlineLimits
    private let asking: @Sendable (String) async -> Void
    private let now: @Sendable () -> Date
    private let run = RunTime()

    /// Prepares a check; nothing is asked yet.
    ///
    /// - Parameters:
    ///   - anchors: what a certificate must lead to before anybody is asked about it.
    ///   - known: DER of the issuers that profile and journal know; none of them is believed.
    ///   - candidates: DER of certificates that may be issuers as well, as tokens hold them. Their names mean nothing.
    ///   - ownKeys: DER SubjectPublicKeyInfo of keys that are ours: issuers of their certificates may be fetched.
    ///   - asking: hears each address that is asked.
    public init(
        services: any RevocationServices,
        anchors: TrustAnchors,
        known: [[UInt8]],
        candidates: [[UInt8]] = [],
        ownKeys: Set<[UInt8]> = [],
        limits: OnlineLimits = OnlineLimits(),
        asking: @escaping @Sendable (String) async -> Void = { _ in },
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.services = services
        self.anchors = anchors
        self.candidates = candidates
        self.ownKeys = ownKeys
        self.limits = limits
        self.asking = asking
        self.now = now
        completion = ChainCompletion(services: { services }, known: { known }, limit: limits.issuers, asking: asking)
    }

    /// Asks about several certificates, some at once.
    ///
    /// - Returns: the standings, in the order of the certificates.
    public func standings(of certificates: [Certificate]) async -> [CertificateStanding] {
        await withTaskGroup(of: (Int, CertificateStanding).self) { group in
            var standings: [Int: CertificateStanding] = [:]
            for (index, certificate) in certificates.enumerated() {
                if index >= limits.atOnce, let (done, standing) = await group.next() { standings[done] = standing }
                group.addTask { (index, await self.standing(of: certificate)) }
            }
            for await (done, standing) in group { standings[done] = standing }
            return certificates.indices.compactMap { standings[$0] }
        }
    }

    /// Asks about one certificate.
    ///
    /// - Parameter reach: whose issuers may be fetched.
    public func standing(
        of certificate: Certificate,
        reach: ChainCompletion.Reach = .knownIssuers
    ) async -> CertificateStanding {
        let moment = now()
        guard let details = try? CertificateDetails(of: certificate),
            let addresses = try? RevocationAddresses(of: certificate)
        else { return CertificateStanding([.init(nil, .malformed)]) }
        // Issuers forget what is over, so that their silence says nothing.
        guard details.notAfter >= moment else { return CertificateStanding([.init(nil, .certificateExpired)]) }
        let end = min(run.end(after: limits.run), .now + limits.certificate)
        guard end > .now else { return CertificateStanding([.init(nil, .notInTime)]) }
        let isOurs = (try? certificate.publicKey?.subjectPublicKeyInfo()).map(ownKeys.contains) ?? false
        let completed = await completion.complete(
            [certificate.der] + candidates,
            anchors: anchors,
            at: moment,
            reach: isOurs ? .ours : reach,
            until: end
        )
        guard let chain = completed.path, chain.count > 1 else {
            return CertificateStanding(completed.troubles + [.init(nil, foreign(completed, at: moment))])
        }
        guard !addresses.responders.isEmpty || !addresses.lists.isEmpty else {
            return CertificateStanding([.init(nil, .noAddress)])
        }
        return await ask(about: certificate, chain, addresses, at: moment, until: end, after: completed.troubles)
    }

    /// Why a certificate leads nowhere: its issuer is somebody else, or may be anybody.
    private func foreign(_ completed: CompletedChain, at moment: Date) -> CertificateStanding.Trouble.Kind {
        guard completed.troubles.isEmpty, let leaf = completed.certificates.first else { return .issuerNotTrusted }
        let gaps = ChainVerification.gaps(
            above: leaf,
            intermediates: Array(completed.certificates.dropFirst()),
            anchors: anchors,
            at: moment
        )
        return gaps.contains { !$0.addresses.isEmpty } ? .issuerUnknown : .issuerNotTrusted
    }

    private func ask(
        about certificate: Certificate,
        _ chain: [[UInt8]],
        _ addresses: RevocationAddresses,
        at moment: Date,
        until end: ContinuousClock.Instant,
        after troubles: [CertificateStanding.Trouble]
    ) async -> CertificateStanding {
        let question = try? OCSPQuestion(about: certificate, issuedBy: chain[1])
        let responders = question == nil ? [] : addresses.responders
        let asked: [(kind: CertificateStanding.Source, address: String)] =
            responders.map { (.responder, $0) } + addresses.lists.map { (.list, $0) }
        let race = await Race.first(
            of: asked,
            beginningWith: responders.count,
            headStart: limits.headStart,
            until: end
        ) { one async throws(CertificateStanding.Failure) in
            await asking(one.address)
            return try await Self.telling {
                if one.kind == .responder, let question {
                    return try question.read(
                        try await services.answer(to: question, from: one.address),
                        anchors: anchors,
                        at: moment
                    )
                }
                return try RevocationList.read(
                    try await services.revocationList(at: one.address),
                    about: certificate,
                    chain: Array(chain.dropFirst()),
                    anchors: anchors,
                    at: moment
                )
            }
        }
        let failed = race.failures.map { CertificateStanding.Trouble(asked[$0.index].address, $0.failure.kind) }
        guard let winner = race.winner else { return CertificateStanding(troubles + failed) }
        let teller = asked[winner.index]
        return CertificateStanding(winner.value, from: teller.address, teller.kind, troubles + failed)
    }

    private static func telling(
        _ body: () async throws -> RevocationAnswer
    ) async throws(CertificateStanding.Failure) -> RevocationAnswer {
        do {
            return try await body()
        } catch let doubt as RevocationDoubt {
            throw .init(.notBelieved(doubt))
        } catch let error as CAError {
            throw .init(.notReached(error))
        } catch {
            throw .init(.malformed)
        }
    }
}

/// The time of a run, which begins with its first question.
private final class RunTime: Sendable {
    private let begun = Mutex<ContinuousClock.Instant?>(nil)

    func end(after time: Duration) -> ContinuousClock.Instant {
        begun.withLock { begun in
            let start = begun ?? .now
            begun = start
            return start + time
        }
    }
}
