// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Something that a person would want to be told once.
struct WatchMatter: Encodable, Sendable, Equatable {
    /// What it is.
    enum Kind: String, Encodable, Sendable, CaseIterable {
        /// The certificate was issued and waits to be accepted.
        case ready
        /// The CA said no, or nobody came in time.
        case ended
        /// A certificate runs out soon.
        case expiring
        /// A certificate has run out.
        case expired
    }

    let kind: Kind
    /// The request's ID, or the certificate's common name or subject. Foreign text.
    let subject: String
    /// The request's state in the journal; absent for certificates.
    let state: String?
    /// SHA-256 of the certificate, lower-case hexadecimal; absent for requests.
    let sha256: String?
    let notAfter: Date?
    /// Whole days until then; negative when it is over.
    let daysLeft: Int?
    /// The threshold in days that was passed.
    let threshold: Int?
    /// Whether it is told for the first time.
    var isNew = true

    /// The days before the end at which a certificate is worth a word.
    static let thresholds = [30, 14, 7, 1]
    /// After this many days nobody is told of an old certificate any more.
    static let longestAgo = 30

    /// By what it is known that it was told.
    var key: String {
        switch kind {
        case .ready, .ended: "\(kind.rawValue):\(subject):\(state ?? "")"
        case .expiring: "expiring:\(sha256 ?? ""):\(threshold ?? 0)"
        case .expired: "expired:\(sha256 ?? "")"
        }
    }
}

/// A certificate as far as its end matters.
struct WatchedCertificate: Sendable {
    let subject: String
    let name: String
    let type: String?
    let sha256: String
    let notBefore: Date
    let notAfter: Date

    init(_ document: CertificateDocument) {
        subject = document.subject
        name = document.commonName ?? document.subject
        type = document.type
        sha256 = document.sha256
        notBefore = document.notBefore
        notAfter = document.notAfter
    }

    /// What is to be told of some certificates; one that has a follower for the same holder says nothing.
    static func matters(_ certificates: [WatchedCertificate], now: Date) -> [WatchMatter] {
        var seen: Set<String> = []
        let own = certificates.filter { seen.insert($0.sha256).inserted }
        return own.compactMap { certificate in
            let hasFollower = own.contains { other in
                other.subject == certificate.subject && other.type == certificate.type && other.notBefore <= now
                    && other.notAfter > certificate.notAfter
            }
            let days = Int((certificate.notAfter.timeIntervalSince(now) / 86_400).rounded(.down))
            let threshold = WatchMatter.thresholds.last { days < $0 }
            guard !hasFollower, let threshold, days >= -WatchMatter.longestAgo else { return nil }
            return WatchMatter(
                kind: days < 0 ? .expired : .expiring,
                subject: certificate.name,
                state: nil,
                sha256: certificate.sha256,
                notAfter: certificate.notAfter,
                daysLeft: days,
                threshold: days < 0 ? nil : threshold
            )
        }
    }
}
