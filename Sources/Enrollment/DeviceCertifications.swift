// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials
public import Foundation

/// Until when devices of a kind are qualified: what the CA says, kept for a day, under what the configuration says.
public struct DeviceCertifications: Sendable {
    private let cacheFile: URL?
    private let configured: [String: Date]

    /// How long an answer of the CA stands without asking again.
    public static let freshness: TimeInterval = 24 * 60 * 60

    /// Says where answers are kept and what is known without asking.
    ///
    /// - Parameters:
    ///   - cacheFile: a file of one CA; `nil` keeps nothing.
    ///   - configured: ends of certification by device model, which go before the CA's.
    public init(cacheFile: URL?, configured: [String: Date] = [:]) {
        self.cacheFile = cacheFile
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
        let list = try await current(asking: authority, now: now)
        return list.devices
            .first { $0.model == device.model && ($0.manufacturer ?? device.manufacturer) == device.manufacturer }
            .flatMap(\.certifiedUntil)
    }

    private func current(
        asking authority: any CertificateAuthority,
        now: Date
    ) async throws(CAError) -> CertifiedDevices {
        let held = cacheFile.flatMap { try? Data(contentsOf: $0) }
            .flatMap { try? JSONDecoder().decode(CertifiedDevices.self, from: $0) }
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
        guard let cacheFile, let data = try? JSONEncoder().encode(list) else { return }
        let folder = cacheFile.deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try? data.write(to: cacheFile, options: .atomic)
    }
}
