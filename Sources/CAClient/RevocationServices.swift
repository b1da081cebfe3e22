// SPDX-License-Identifier: Apache-2.0

internal import Foundation
public import OpenSSLKit

/// What can be fetched at the addresses that certificates name. Everything is public and signed by itself, so that it may
/// come without TLS; whether to believe it is for others to say.
public protocol RevocationServices: Sendable {
    /// Asks an OCSP responder (RFC 6960, appendix A.1, by POST).
    func answer(to question: OCSPQuestion, from address: String) async throws(CAError) -> [UInt8]

    /// Fetches a revocation list, DER.
    func revocationList(at address: String) async throws(CAError) -> [UInt8]

    /// Fetches an issuer's certificate: DER, PEM, or PKCS#7 with several (RFC 5280, section 4.2.2.1).
    func issuer(at address: String) async throws(CAError) -> [UInt8]
}

/// The real ones, over HTTP. No redirection is followed: what certificates name must be there.
public final class HTTPRevocationServices: RevocationServices {
    private let transport: Transport

    /// Makes a client; nothing is sent yet.
    ///
    /// - Parameter anchorFile: whom to believe at addresses with TLS; `nil` for the system's store.
    public init(anchorFile: String?) throws(CAError) {
        var limits = TransportLimits()
        // A list on the screen must not wait for long for a responder that is away.
        limits.connecting = .seconds(5)
        limits.stalled = .seconds(10)
        limits.whole = .seconds(20)
        let anchors = try anchorFile.map { path throws(CAError) in try TrustAnchors(file: path) } ?? .system
        transport = try Transport(anchors: anchors, limits: limits)
    }

    /// Asks an OCSP responder.
    public func answer(to question: OCSPQuestion, from address: String) async throws(CAError) -> [UInt8] {
        var request = try Self.request(.post, address, limit: OCSPQuestion.largestAnswer)
        request.body = question.der
        request.fields = [
            HTTPField("Content-Type", "application/ocsp-request"), HTTPField("Accept", "application/ocsp-response"),
        ].compactMap(\.self)
        return try await send(request)
    }

    /// Fetches a revocation list.
    public func revocationList(at address: String) async throws(CAError) -> [UInt8] {
        try await send(try Self.request(.get, address, limit: RevocationList.largest))
    }

    /// Fetches an issuer's certificate.
    public func issuer(at address: String) async throws(CAError) -> [UInt8] {
        try await send(try Self.request(.get, address, limit: 256 << 10))
    }

    private func send(_ request: HTTPRequest) async throws(CAError) -> [UInt8] {
        let response = try await transport.send(request)
        guard response.status == 200 else {
            throw CAError(.serverError, status: response.status, exchange: request.summary)
        }
        return response.body
    }

    private static func request(
        _ method: HTTPRequest.Method,
        _ address: String,
        limit: Int
    ) throws(CAError) -> HTTPRequest {
        guard address.utf8.count <= 2_048, let url = URL(string: address),
            ["http", "https"].contains(url.scheme?.lowercased()), url.host()?.isEmpty == false, url.user() == nil
        else { throw CAError(.profileInvalid, detail: address) }
        var request = HTTPRequest(method: method, url: url, answerLimit: limit)
        request.isPublic = true
        return request
    }
}
