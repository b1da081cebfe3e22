// SPDX-License-Identifier: Apache-2.0

internal import OpenSSLKit

/// Sends requests over verified TLS and follows what may be followed. Next hop: `TransferThread`.
final class Transport: Sendable {
    private let thread: TransferThread
    private let limits: TransportLimits

    private let identity: SigningIdentity?

    /// - Parameters:
    ///   - anchors: whom to believe; `system` for the store of the computer.
    ///   - identity: shown to servers that ask for a client certificate.
    init(anchors: TrustAnchors, limits: TransportLimits, identity: SigningIdentity? = nil) throws(CAError) {
        self.limits = identity == nil ? limits : limits.withTimeToType
        self.identity = identity
        thread = try TransferThread(anchors: anchors, limits: self.limits)
    }

    deinit { thread.stop() }

    /// Sends a request and gives the answer, whatever its status; redirections are followed or refused here.
    ///
    /// Cancelling the task ends the exchange at once.
    func send(_ request: HTTPRequest) async throws(CAError) -> HTTPResponse {
        var request = request
        for _ in 0...Redirect.most {
            let response = try await exchange(request)
            guard let next = try Redirect.next(after: response, to: request) else { return response }
            request = next
        }
        throw CAError(.redirectRefused, exchange: request.summary, detail: "more than \(Redirect.most) redirections")
    }

    private func exchange(_ request: HTTPRequest) async throws(CAError) -> HTTPResponse {
        let cancelled = CancellationFlag()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiting in
                thread.start(
                    Transfer(request, limits: limits, identity: identity, cancelled: cancelled, waiting: waiting)
                )
            }
        } onCancel: {
            cancelled.raise()
            thread.wake()
        }
        return try result.get()
    }
}
