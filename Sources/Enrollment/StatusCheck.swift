// SPDX-License-Identifier: Apache-2.0

public import CAClient
public import Credentials

/// What helpdesk asks: where any number of requests stand. No token, no journal, no personal data.
public struct StatusCheck: Sendable {
    private let authority: any CertificateAuthority

    /// Asks this CA.
    public init(_ authority: any CertificateAuthority) { self.authority = authority }

    /// The state of each request, in the order asked; those that the CA does not know have none.
    public func states(of identifiers: [RequestID]) async throws(CAError) -> [RequestStatus] {
        try await authority.statuses(of: identifiers)
    }
}
