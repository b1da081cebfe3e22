// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// What a device's certification is worth today, as far as it can be known before a key is made.
enum DeviceStanding: Equatable, Sendable {
    /// It is of no kind that was ever certified.
    case notQualified
    /// Its kind was certified; nobody knows until when.
    case unknown
    /// Its certification is over.
    case ended(Date)
    /// It is certified.
    case certified(until: Date)

    init(_ token: TokenDescription, certifiedUntil end: Date?, now: Date) {
        guard token.isQualifiedDevice else {
            self = .notQualified
            return
        }
        self = end.map { now <= $0 ? .certified(until: $0) : .ended($0) } ?? .unknown
    }
}
