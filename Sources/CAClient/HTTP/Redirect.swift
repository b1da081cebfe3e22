// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Whether a request may follow a redirection (RFC 9110, section 15.4).
///
/// What we send proves who we are and what we answer for, so nothing ever goes to another origin. A POST is sent again
/// only where the server promises that it stays a POST (307, 308), with the idempotency key that it had.
enum Redirect {
    /// How many redirections one request may follow.
    static let most = 3

    /// - Returns: the request to send next; `nil` when the answer is no redirection.
    /// - Throws: `redirectRefused`, with the place that was named.
    static func next(after response: HTTPResponse, to request: HTTPRequest) throws(CAError) -> HTTPRequest? {
        guard (300...399).contains(response.status), response.status != 304 else { return nil }
        let location = response["Location"]
        let keepsMethod = [307, 308].contains(response.status)
        let isFollowed = keepsMethod || (request.method == .get && [301, 302, 303].contains(response.status))
        guard isFollowed, let location, let target = URL(string: location, relativeTo: request.url)?.absoluteURL,
            target.user() == nil, target.password() == nil,
            let origin = Origin(of: target), origin == Origin(of: request.url)
        else {
            throw CAError(
                .redirectRefused,
                status: response.status,
                exchange: request.summary,
                detail: location
            )
        }
        var next = request
        next.url = target
        return next
    }

    /// Scheme, host and port (RFC 9110, section 4.3.1), "https" only.
    struct Origin: Equatable {
        let host: String
        let port: Int

        init?(of url: URL) {
            guard url.scheme?.lowercased() == "https", let host = url.host(), !host.isEmpty else { return nil }
            self.host = host.lowercased()
            port = url.port ?? 443
        }
    }
}
