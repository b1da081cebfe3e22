// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Something that goes wrong on order: "OPERATION:N ACTION [VALUE]", the N-th exchange of that operation since the
/// order. Operations are those of `Operation`, or "any".
public struct Fault: Sendable, Codable, Equatable {
    /// What goes wrong.
    public enum Action: Sendable, Codable, Equatable {
        /// The answer waits this many milliseconds.
        case slow(Int)
        /// The connection ends in the middle of the answer.
        case cutOff
        /// The answer's bytes are not what they say.
        case garbled
        /// A page for people with status 200.
        case html
        /// An answer of this many bytes.
        case oversize(Int)
        /// A status without a problem document; with the seconds, or the date, to come back.
        case status(Int, retryAfter: String?)
        /// A redirect to an address.
        case redirect(String)
        /// The Date header is off by this many seconds.
        case skew(Int)
        /// The work is done and the connection ends without an answer.
        case drop
        /// The file is made when the exchange comes in, and nothing else happens.
        case holdBefore(String)
        /// The work is done, the file is made, and no answer comes.
        case holdAfter(String)
        /// A problem document with this code; with the seconds to come back.
        case problem(String, retryAfter: Int?)
        /// A field of the answer's document has another value.
        case with(field: String, value: String)
        /// The certificate is wrong.
        case certificate(Variation)
        /// The responder does not tell the truth.
        case lie(Lie)
    }

    /// The ways in which an answer about a certificate can be wrong, each properly signed unless it says otherwise.
    public enum Lie: String, Sendable, Codable, CaseIterable {
        /// From last week, and ended since.
        case old
        /// From next week.
        case future
        /// Without an end, from last year.
        case stale
        /// With another nonce than the question's.
        case otherNonce = "other-nonce"
        /// Without the question's nonce.
        case noNonce = "no-nonce"
        /// Signed with a key that nobody knows.
        case otherSigner = "other-signer"
        /// About another certificate.
        case otherCertificate = "other-certificate"
        /// Good, whatever the truth is, with a signature that does not verify.
        case forged
    }

    /// The ways in which an issued certificate can be wrong.
    public enum Variation: String, Sendable, Codable, CaseIterable {
        case otherKey = "other-key"
        case wrongChain = "wrong-chain"
        case missingMarker = "missing-marker"
        case otherHolder = "other-holder"
        case expired
        case notYetValid = "not-yet-valid"
        /// As it should be, and sent without what leads to its root.
        case leafAlone = "leaf-alone"
        /// It is a certification authority's.
        case authority
        /// Its key may only encrypt.
        case encryption
        /// It is for a TLS server alone.
        case server
        /// A critical extension that nobody knows.
        case unknownExtension = "unknown-extension"
        /// A second name beside the right one.
        case secondName = "second-name"
        /// A given name that is not the holder's, beside the right name.
        case otherGivenName = "other-given-name"
        /// A second e-mail address, of somebody else.
        case secondAddress = "second-address"
        /// A second name that steers terminals.
        case controlCharacters = "control-characters"
        /// The certificate is right, and the root comes first.
        case disordered
    }

    let operation: String
    let number: Int
    let action: Action

    /// Reads an order.
    public init?(_ text: String) {
        let words = text.split(separator: " ", maxSplits: 2).map(String.init)
        let target = words.first?.split(separator: ":").map(String.init) ?? []
        guard words.count >= 2, target.count == 2, let number = Int(target[1]), number > 0 else { return nil }
        operation = target[0]
        self.number = number
        let value = words.count > 2 ? words[2] : ""
        switch words[1] {
        case "slow": action = .slow(Int(value) ?? 1_000)
        case "cut-off": action = .cutOff
        case "garbled": action = .garbled
        case "html": action = .html
        case "oversize": action = .oversize(Int(value) ?? 1 << 30)
        case "status":
            let parts = value.split(separator: " ", maxSplits: 1).map(String.init)
            guard let status = parts.first.flatMap(Int.init) else { return nil }
            action = .status(status, retryAfter: parts.count > 1 ? parts[1] : nil)
        case "redirect": action = .redirect(value)
        case "problem":
            let parts = value.split(separator: " ").map(String.init)
            guard let code = parts.first else { return nil }
            action = .problem(code, retryAfter: parts.count > 1 ? Int(parts[1]) : nil)
        case "lie":
            guard let lie = Lie(rawValue: value) else { return nil }
            action = .lie(lie)
        case "with":
            let parts = value.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { return nil }
            action = .with(field: parts[0], value: parts[1])
        case "skew": action = .skew(Int(value) ?? 86_400)
        case "drop": action = .drop
        case "hold-before": action = .holdBefore(value)
        case "hold-after": action = .holdAfter(value)
        case "certificate":
            guard let variation = Variation(rawValue: value) else { return nil }
            action = .certificate(variation)
        default: return nil
        }
    }
}

/// The faults that are on order, and how often each operation was asked since.
actor FaultDesk {
    private var faults: [Fault] = []
    private var counts: [String: Int] = [:]

    init(_ faults: [Fault]) { self.faults = faults }

    func order(_ fault: Fault) {
        if faults.isEmpty { counts = [:] }
        faults.append(fault)
    }

    func clear() {
        faults = []
        counts = [:]
    }

    /// Counts an exchange.
    ///
    /// - Returns: what is to go wrong with it, and the seconds by which the date of its answer is off.
    func count(_ operation: String) -> (action: Fault.Action?, skew: Int?) {
        counts[operation, default: 0] += 1
        counts["any", default: 0] += 1
        let due = faults.filter { fault in
            (fault.operation == operation || fault.operation == "any") && counts[fault.operation] == fault.number
        }
        .map(\.action)
        let skews = due.compactMap { action in if case .skew(let seconds) = action { seconds } else { nil } }
        let others = due.filter { action in if case .skew = action { false } else { true } }
        return (others.first, skews.first)
    }
}
