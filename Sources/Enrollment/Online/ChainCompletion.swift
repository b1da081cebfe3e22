// SPDX-License-Identifier: Apache-2.0

public import CAClient
internal import Credentials
public import Foundation
public import OpenSSLKit

/// Brings what is missing between a certificate and its anchor: out of what the profile, the journal, the person and the
/// tokens have, and at last from where the certificate itself says that its issuer's is (RFC 5280, section 4.2.2.1).
///
/// Nothing that comes is believed: it counts when it signed the certificate below it, and the whole is verified as any
/// chain is. Next hops: `ChainVerification.gaps`, `RevocationServices`.
public struct ChainCompletion: Sendable {
    /// Whose certificates may have issuers fetched for them.
    public enum Reach: Sendable {
        /// A certificate for a key of our own: whatever address it names.
        case ours
        /// Anybody's: only where the name of the missing issuer is known from anchors, profile or journal. Whoever writes
        /// a certificate could have us ask anywhere otherwise.
        case knownIssuers
    }

    /// How many steps up are fetched.
    static let mostSteps = 4
    /// How many addresses are asked for one certificate.
    static let mostAddresses = 8
    /// How many certificates that came from elsewhere are tried.
    static let mostCandidates = 1_000

    private let services: @Sendable () -> (any RevocationServices)?
    private let known: @Sendable () -> [[UInt8]]
    private let given: [[UInt8]]
    private let held: @Sendable () async -> [[UInt8]]
    private let limit: Duration
    private let asking: @Sendable (String) async -> Void

    /// Prepares a completion; nothing is looked for yet.
    ///
    /// - Parameters:
    ///   - services: gives what fetches issuers, when it is needed; `nil` to do without the network.
    ///   - known: DER of the issuers that profile and journal know. They are read when a chain is incomplete.
    ///   - given: DER of what the person named (`--chain`).
    ///   - held: DER of what the tokens hold, read when nothing else helps and before anything is fetched.
    ///   - limit: how long fetching may take in all.
    ///   - asking: hears each address that is asked.
    public init(
        services: @escaping @Sendable () -> (any RevocationServices)? = { nil },
        known: @escaping @Sendable () -> [[UInt8]] = { [] },
        given: [[UInt8]] = [],
        held: @escaping @Sendable () async -> [[UInt8]] = { [] },
        limit: Duration = OnlineLimits().certificate,
        asking: @escaping @Sendable (String) async -> Void = { _ in }
    ) {
        self.services = services
        self.known = known
        self.given = given
        self.held = held
        self.limit = limit
        self.asking = asking
    }

    /// Completes a chain.
    ///
    /// - Parameters:
    ///   - chain: DER, the certificate in question first, then what came with it in any order.
    ///   - deadline: when to stop fetching, if that comes before the limit.
    public func complete(
        _ chain: [[UInt8]],
        anchors: TrustAnchors,
        at moment: Date,
        reach: Reach,
        until deadline: ContinuousClock.Instant? = nil
    ) async -> CompletedChain {
        guard let leaf = chain.first else { return CompletedChain(certificates: [], path: nil) }
        var attempt = Attempt(leaf: leaf, came: Array(chain.dropFirst()), anchors: anchors, moment: moment)
        if let path = attempt.path() { return attempt.result(path) }
        let known = known()
        attempt.add(known + given)
        if let path = attempt.path() { return attempt.result(path) }
        attempt.add(await held())
        if let path = attempt.path() { return attempt.result(path) }
        guard let services = services() else { return attempt.result(nil) }
        let names = Names(known)
        let end = min(deadline ?? .now + limit, .now + limit)
        for _ in 0..<Self.mostSteps where !Task.isCancelled {
            let gaps = attempt.gaps().filter { reach == .ours || names.admit($0) }
            let left = Self.mostAddresses - attempt.asked.count
            let addresses = Set(gaps.flatMap(\.addresses)).subtracting(attempt.asked).sorted().prefix(max(0, left))
            guard !addresses.isEmpty else { break }
            attempt.asked.formUnion(addresses)
            let answers = await fetch(Array(addresses), for: gaps.map(\.below), from: services, until: end)
            attempt.troubles += answers.troubles
            guard !answers.issuers.isEmpty else { break }
            attempt.add(answers.issuers)
            if let path = attempt.path() { return attempt.result(path) }
        }
        return attempt.result(nil)
    }

    /// Asks all addresses at once; the first that has an issuer ends it.
    private func fetch(
        _ addresses: [String],
        for below: [[UInt8]],
        from services: any RevocationServices,
        until end: ContinuousClock.Instant
    ) async -> (issuers: [[UInt8]], troubles: [CertificateStanding.Trouble]) {
        for address in addresses { await asking(address) }
        let race = await Race.first(of: addresses, until: end) { (address) async throws(CertificateStanding.Failure) in
            let bundle: [UInt8]
            do throws(CAError) { bundle = try await services.issuer(at: address) } catch {
                throw .init(.notReached(error))
            }
            guard let found = try? CertificateBundle.read(bundle) else { throw .init(.malformed) }
            let issuers = found.filter { one in below.contains { ChainVerification.issued($0, by: one) } }
            // Whatever else lies there is of no use to us.
            guard !issuers.isEmpty else {
                throw .init(.notBelieved(RevocationDoubt(code: .otherCertificate, detail: "")))
            }
            return issuers
        }
        let troubles = race.failures.map { CertificateStanding.Trouble(addresses[$0.index], $0.failure.kind) }
        return (race.winner?.value ?? [], troubles)
    }
}

/// A chain with what was found for it.
public struct CompletedChain: Sendable {
    /// DER: what there was, then what was needed beside it.
    public let certificates: [[UInt8]]
    /// DER, from the certificate to its anchor; `nil` when it does not lead to one.
    public let path: [[UInt8]]?
    /// What was asked in vain.
    public internal(set) var troubles: [CertificateStanding.Trouble] = []

    init(certificates: [[UInt8]], path: [[UInt8]]?) {
        self.certificates = certificates
        self.path = path
    }
}

/// One chain on its way to being whole.
private struct Attempt {
    let leaf: [UInt8]
    let came: [[UInt8]]
    let anchors: TrustAnchors
    let moment: Date
    private var all: [[UInt8]]
    private var seen: Set<[UInt8]>
    var asked: Set<String> = []
    var troubles: [CertificateStanding.Trouble] = []

    init(leaf: [UInt8], came: [[UInt8]], anchors: TrustAnchors, moment: Date) {
        (self.leaf, self.came, self.anchors, self.moment) = (leaf, came, anchors, moment)
        all = came
        seen = Set(came)
    }

    mutating func add(_ certificates: [[UInt8]]) {
        let room = ChainCompletion.mostCandidates - all.count
        // One that cannot be read would break the verification of all.
        all += certificates.filter { seen.insert($0).inserted && (try? Certificate(parsing: $0)) != nil }
            .prefix(max(0, room))
    }

    func path() -> [[UInt8]]? {
        try? ChainVerification.verify(leaf: leaf, intermediates: all, anchors: anchors, at: moment)
    }

    func gaps() -> [ChainGap] {
        ChainVerification.gaps(above: leaf, intermediates: all, anchors: anchors, at: moment)
    }

    /// What came stays as it came; of the rest, what is on the way up.
    func result(_ path: [[UInt8]]?) -> CompletedChain {
        let known = Set([leaf] + came)
        // The anchor is no link of the chain: it is believed wherever it is kept.
        let way = path.map { Array($0.dropFirst().dropLast()) } ?? ChainVerification.way(above: leaf, among: all)
        var result = CompletedChain(certificates: [leaf] + came + way.filter { !known.contains($0) }, path: path)
        result.troubles = troubles
        return result
    }
}

/// The names of issuers that profile and journal know, and of those above them.
private struct Names {
    private let names: Set<[UInt8]>

    init(_ known: [[UInt8]]) {
        names = Set(known.compactMap { try? Certificate(parsing: $0) }.flatMap { [$0.subject, $0.issuer] })
    }

    func admit(_ gap: ChainGap) -> Bool {
        (gap.isNamedAsAnchor || names.contains(gap.issuer)) && !gap.isForged
    }
}
