// SPDX-License-Identifier: Apache-2.0

/// What one exchange may cost: a CA that misbehaves is given up on, not waited for.
public struct TransportLimits: Sendable, Equatable {
    /// The longest wait for a connection, TLS included.
    public var connecting: Duration = .seconds(15)
    /// How long next to nothing (less than 16 bytes a second) may arrive. Whole seconds, at least one.
    public var stalled: Duration = .seconds(30)
    /// The longest duration of a whole exchange.
    public var whole: Duration = .seconds(120)
    /// The largest JSON document in bytes; it also bounds the body of every error.
    public var json = 1 << 20
    /// The largest certificate chain in bytes.
    public var certificate = 1 << 20
    /// The largest issuance protocol in bytes.
    public var issuanceProtocol = 20 << 20
    /// The largest header of an answer in bytes, all its lines and those of interim answers together.
    public var header = 64 << 10
    /// The most lines in the header of an answer.
    public var headerLines = 200
    /// The longest `Retry-After` that is believed: some servers say hours out of habit.
    public var longestRetryAfter: Duration = .seconds(24 * 60 * 60)

    /// The limits that the API's document names.
    public init() {}

    /// The same, with time for a person who types the secret of a client certificate's key in the middle of a handshake,
    /// and for a card that then signs.
    var withTimeToType: TransportLimits {
        var limits = self
        limits.connecting += .seconds(300)
        limits.whole += .seconds(300)
        return limits
    }
}
