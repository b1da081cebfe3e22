// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
public import Foundation

/// Until when devices of a kind are qualified: what the CA says, kept for a day, under what the configuration says.
public struct DeviceCertifications: Sendable {
    private let cacheFile: URL?
    private let address: String
    private let configured: [String: Date]

    /// How long an answer of the CA stands without asking again.
    public static let freshness: TimeInterval = 24 * 60 * 60

    /// In bytes; a list of a thousand kinds of devices has 200 kB.
    private static let largestFile = 4 << 20

    /// Says where answers are kept and what is known without asking.
    ///
    /// - Parameters:
    ///   - cacheFile: a file of one CA; `nil` keeps nothing.
    ///   - address: the CA's; what another one said under the same name does not count.
    ///   - configured: ends of certification by device model, which go before the CA's.
    public init(cacheFile: URL?, of address: URL?, configured: [String: Date] = [:]) {
        self.cacheFile = cacheFile
        self.address = address?.absoluteString ?? ""
        self.configured = configured
    }

    /// Until when a device is certified.
    ///
    /// - Returns: `nil` when neither the configuration nor the CA knows.
    public func end(
        for device: TokenIdentity,
        asking authority: any CertificateAuthority,
        now: Date
    ) async throws(CAError) -> Date? {
        if let date = configured[device.model] { return date }
        return try await current(asking: authority, now: now).end(for: device)
    }

    /// Asks the CA now, so that what it says is at hand later, and that it is away is known early.
    public func prepare(asking authority: any CertificateAuthority, now: Date) async throws(CAError) {
        _ = try await current(asking: authority, now: now)
    }

    /// What can be known of a device's certification now. That the CA is away is no error here: what it said last
    /// stands, with its date.
    ///
    /// - Parameter authority: `nil` when there is none to ask.
    public func knowledge(
        of device: TokenIdentity,
        asking authority: (any CertificateAuthority)?,
        now: Date
    ) async -> CertificationKnowledge {
        if let date = configured[device.model] { return .configured(date) }
        guard let authority else { return .nobodyToAsk }
        do throws(CAError) {
            let list = try await current(asking: authority, now: now)
            return .stated(list.end(for: device), asOf: list.fetched)
        } catch {
            return .unreachable(
                last: held.map { CertificationKnowledge.Last(end: $0.end(for: device), asOf: $0.fetched) }
            )
        }
    }

    private var held: CertifiedDevices? {
        let kept = cacheFile.flatMap { PrivateFile.read($0.path, atMost: Self.largestFile) }
            .flatMap { try? JSONDecoder().decode(KeptDevices.self, from: Data($0)) }
        return kept?.address == address ? kept?.list : nil
    }

    private func current(
        asking authority: any CertificateAuthority,
        now: Date
    ) async throws(CAError) -> CertifiedDevices {
        let held = held
        if let held, (0..<Self.freshness).contains(now.timeIntervalSince(held.fetched)) { return held }
        var list: CertifiedDevices
        if let changed = try await authority.certifiedDevices(unless: held?.tag) {
            list = changed
        } else if let held {
            list = held
        } else {
            throw CAError(.answerInvalid, detail: "not modified, but nothing was held")
        }
        list.fetched = now
        keep(list)
        return list
    }

    /// A cache that cannot be written costs one question more the next time, and nothing else.
    private func keep(_ list: CertifiedDevices) {
        guard let cacheFile, let data = try? JSONEncoder().encode(KeptDevices(address: address, list: list)) else {
            return
        }
        PrivateFile.write([UInt8](data), to: cacheFile.path)
    }
}

/// A CA's list in the cache, with the address that it came from.
private struct KeptDevices: Codable {
    let address: String
    let list: CertifiedDevices
}

/// What is known of a device's certification, and from whom.
public enum CertificationKnowledge: Sendable, Equatable {
    /// The configuration says when it ends.
    case configured(Date)
    /// The CA said so then; it may know the device and no end, or not the device.
    case stated(Date?, asOf: Date)
    /// The CA could not be asked; what it said when it last could.
    case unreachable(last: Last?)
    /// There is no CA to ask.
    case nobodyToAsk

    /// An answer that is older than a day.
    public struct Last: Sendable, Equatable {
        /// The end, as the CA then said it.
        public let end: Date?
        /// When it did.
        public let asOf: Date
    }

    /// The end as far as anybody knows it.
    public var end: Date? {
        switch self {
        case .configured(let end): end
        case .stated(let end, _): end
        case .unreachable(let last): last?.end
        case .nobodyToAsk: nil
        }
    }
}

extension CertifiedDevices {
    /// The end for a device; one without a manufacturer is anybody's.
    fileprivate func end(for device: TokenIdentity) -> Date? {
        devices
            .first { $0.model == device.model && ($0.manufacturer ?? device.manufacturer) == device.manufacturer }
            .flatMap(\.certifiedUntil)
    }
}
