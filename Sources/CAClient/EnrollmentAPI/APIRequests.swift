// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// Builds the requests of the Enrolment API, version 1.
struct APIRequests: Sendable {
    let profile: CAProfile
    let limits: TransportLimits

    func information() throws(CAError) -> HTTPRequest {
        try get("", accept: "application/json", limit: limits.json)
    }

    func devices(unless tag: String?) throws(CAError) -> HTTPRequest {
        try get("devices", accept: "application/json", limit: limits.json, [tag.map { ("If-None-Match", $0) }])
    }

    func submit(_ submission: Submission, idempotencyKey: String) throws(CAError) -> HTTPRequest {
        try post("requests", WireRequest.Submission(submission), [("Idempotency-Key", idempotencyKey)])
    }

    func status(of ticket: RequestTicket) throws(CAError) -> HTTPRequest {
        try get("requests/\(ticket.id)", accept: "application/json", limit: limits.json, of: ticket)
    }

    func statuses(of identifiers: [RequestID]) throws(CAError) -> HTTPRequest {
        try post("requests:status", WireRequest.StatusQuery(ids: identifiers))
    }

    func certificate(of ticket: RequestTicket) throws(CAError) -> HTTPRequest {
        try get(
            "requests/\(ticket.id)/certificate",
            accept: CertificateAnswer.accepted,
            limit: limits.certificate,
            of: ticket
        )
    }

    func issuanceProtocol(of ticket: RequestTicket) throws(CAError) -> HTTPRequest {
        try get(
            "requests/\(ticket.id)/protocol",
            accept: "application/pdf",
            limit: limits.issuanceProtocol,
            of: ticket
        )
    }

    func decide(_ decision: Decision, on ticket: RequestTicket) throws(CAError) -> HTTPRequest {
        try post("requests/\(ticket.id)/decision", WireRequest.Decision(decision), of: ticket)
    }

    private func get(
        _ path: String,
        accept: String,
        limit: Int,
        _ fields: [(String, String)?] = [],
        of ticket: RequestTicket? = nil
    ) throws(CAError) -> HTTPRequest {
        var request = HTTPRequest(method: .get, url: try address(path), answerLimit: limit)
        // An error explains itself in the other type.
        try add([("Accept", "\(accept), application/problem+json")] + fields, of: ticket, to: &request)
        return request
    }

    private func post(
        _ path: String,
        _ document: some Encodable,
        _ fields: [(String, String)?] = [],
        of ticket: RequestTicket? = nil
    ) throws(CAError) -> HTTPRequest {
        var request = HTTPRequest(method: .post, url: try address(path), answerLimit: limits.json)
        let encoder = JSONEncoder()
        // The same document is the same bytes, whenever it is sent again.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            request.body = [UInt8](try encoder.encode(document))
        } catch {
            throw CAError(.answerInvalid, exchange: request.summary, detail: "the document cannot be written as JSON")
        }
        let types: [(String, String)?] = [
            ("Content-Type", "application/json"), ("Accept", "application/json, application/problem+json"),
        ]
        try add(types + fields, of: ticket, to: &request)
        return request
    }

    func add(
        _ fields: [(String, String)?],
        of ticket: RequestTicket?,
        to request: inout HTTPRequest
    ) throws(CAError) {
        // What goes into a header came from the CA or the journal, whose bytes are as foreign as any.
        for case (let name, let value)? in fields {
            guard let field = HTTPField(name, value) else {
                throw CAError(.answerInvalid, exchange: request.summary, detail: "unusable value for \(name)")
            }
            request.fields.append(field)
        }
        guard let token = ticket?.accessToken else { return }
        guard let field = HTTPField.bearer(token) else {
            throw CAError(.answerInvalid, exchange: request.summary, detail: "unusable access token")
        }
        request.fields.append(field)
    }

    func address(_ path: String) throws(CAError) -> URL {
        var base = profile.url.absoluteString
        while base.hasSuffix("/") { base.removeLast() }
        guard let url = URL(string: "\(base)/v1/\(path)") else {
            throw CAError(.profileInvalid, detail: profile.url.absoluteString)
        }
        return url
    }
}
