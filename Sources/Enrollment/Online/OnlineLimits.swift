// SPDX-License-Identifier: Apache-2.0

/// How long a person waits for servers that certificates name. They are other people's, and may be silent.
public struct OnlineLimits: Sendable {
    /// The longest wait for one certificate.
    public var certificate: Duration = .seconds(20)
    /// The longest wait for all certificates of a run, from the first question on.
    public var run: Duration = .seconds(60)
    /// How long responders are alone before the lists are fetched as well: a list may be large.
    public var headStart: Duration = .seconds(4)
    /// The longest wait for missing issuers, out of the time of a certificate.
    public var issuers: Duration = .seconds(8)
    /// How many certificates are asked about at once.
    public var atOnce = 8

    /// The usual ones.
    public init() {}
}
