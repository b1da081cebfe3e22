// SPDX-License-Identifier: Apache-2.0

public import Credentials
internal import Foundation
public import OpenSSLKit

/// A CA that speaks the Enrolment API, version 1 (`docs/enrollment-api.yaml`).
///
/// One client keeps its connections for as long as it lives; use one for everything that a command asks a CA. No POST is
/// sent twice by itself, whatever becomes of its connection (`EasyHandle` says how). Next hop: `HTTP/Transport`.
public final class EnrollmentAPIClient: CertificateAuthority {
    /// The most IDs that the API takes in one question.
    public static let identifiersInOneQuestion = 1_000

    /// What the server must lead to, as the profile's file had it when the client was made.
    public let anchors: TrustAnchors

    let requests: APIRequests
    private let transport: Transport
    private let limits: TransportLimits

    /// Makes a client; nothing is sent yet.
    ///
    /// - Parameter identity: the client certificate for servers that ask for one, with its key (an organisation's
    ///   authorised person shows one).
    /// - Throws: `anchorsUnusable` when the profile's file of trust anchors is.
    public init(
        profile: CAProfile,
        limits: TransportLimits = TransportLimits(),
        identity: SigningIdentity? = nil
    ) throws(CAError) {
        anchors = try profile.trustAnchors()
        transport = try Transport(anchors: anchors, limits: limits, identity: identity)
        requests = APIRequests(profile: profile, limits: limits)
        self.limits = limits
    }

    /// Asks `GET /v1/devices`; with a tag only for what changed since (RFC 9110, section 13.1.2).
    public func certifiedDevices(unless tag: String?) async throws(CAError) -> CertifiedDevices? {
        let answer = try await send(
            requests.devices(unless: tag),
            expecting: tag == nil ? [200] : [200, 304]
        )
        guard answer.status == 200 else { return nil }
        let devices = try answer.json(WireAnswer.Devices.self).devices
        guard devices.allSatisfy({ $0.isBounded }) else { throw answer.invalid("a name that is too long") }
        return CertifiedDevices(
            devices: devices.map {
                CertifiedDevice(
                    model: $0.model,
                    manufacturer: $0.manufacturer,
                    name: $0.name,
                    certifiedUntil: $0.certifiedUntil?.date
                )
            },
            tag: answer.tag,
            fetched: Date()
        )
    }

    /// Asks `POST /v1/requests`.
    public func submit(
        _ submission: Submission,
        idempotencyKey: String
    ) async throws(CAError) -> SubmissionReceipt {
        let answer = try await send(
            requests.submit(submission, idempotencyKey: idempotencyKey),
            expecting: [200, 201]
        )
        return try answer.receipt()
    }

    /// Asks `GET /v1/requests/{id}`.
    public func status(of ticket: RequestTicket) async throws(CAError) -> RequestStatus {
        try status(in: try await send(requests.status(of: ticket), expecting: [200]), of: ticket)
    }

    private func status(in answer: APIAnswer, of ticket: RequestTicket) throws(CAError) -> RequestStatus {
        let status = try answer.json(WireAnswer.Status.self)
        guard status.id == ticket.id else { throw answer.invalid("the status of another request") }
        return RequestStatus(
            id: status.id,
            state: status.status,
            type: status.profile,
            updated: status.updatedAt?.date,
            retryAfter: answer.retryAfter(orSeconds: status.retryAfter),
            reason: status.reason.map { String($0.prefix(2_000)) },
            serverTime: answer.serverTime
        )
    }

    /// Asks `POST /v1/requests:status`, as often as the number of different IDs needs; the order is that of the
    /// question, and an ID that is asked twice is answered twice.
    public func statuses(of identifiers: [RequestID]) async throws(CAError) -> [RequestStatus] {
        var known: [RequestID: RequestStatus] = [:]
        var seen: Set<RequestID> = []
        var open = identifiers.filter { seen.insert($0).inserted }[...]
        while !open.isEmpty {
            let asked = Array(open.prefix(Self.identifiersInOneQuestion))
            open = open.dropFirst(asked.count)
            let answer = try await send(requests.statuses(of: asked), expecting: [200])
            let lines = try answer.json(WireAnswer.StatusLines.self).requests
            guard lines.count == asked.count, Set(lines.map(\.id)) == Set(asked) else {
                throw answer.invalid("not one entry for each ID")
            }
            for line in lines {
                known[line.id] = RequestStatus(
                    id: line.id,
                    state: line.status,
                    type: line.profile,
                    updated: line.updatedAt?.date,
                    serverTime: answer.serverTime
                )
            }
        }
        return identifiers.compactMap { known[$0] }
    }

    /// Asks `GET /v1/requests/{id}/certificate`.
    public func certificate(of ticket: RequestTicket) async throws(CAError) -> IssuedChain {
        let answer = try await send(requests.certificate(of: ticket), expecting: [200])
        return IssuedChain(certificates: try CertificateAnswer.read(answer), serverTime: answer.serverTime)
    }

    /// Asks `GET /v1/requests/{id}/protocol`.
    public func issuanceProtocol(of ticket: RequestTicket) async throws(CAError) -> [UInt8] {
        let answer = try await send(requests.issuanceProtocol(of: ticket), expecting: [200])
        guard answer.mediaType?.name == "application/pdf", answer.body.starts(with: Array("%PDF-".utf8)) else {
            throw answer.invalid("not a PDF document")
        }
        return answer.body
    }

    /// Asks `POST /v1/requests/{id}/decision`. The CA has heard the word when it says so: without a body, or with the
    /// request as it stands now.
    public func decide(_ decision: Decision, on ticket: RequestTicket) async throws(CAError) -> RequestStatus {
        let answer = try await send(requests.decide(decision, on: ticket), expecting: [200, 204])
        guard answer.status == 200 else {
            return RequestStatus(id: ticket.id, state: decision.outcome, serverTime: answer.serverTime)
        }
        let status = try status(in: answer, of: ticket)
        guard status.state?.isDecided == true else { throw answer.invalid("the decision was not taken") }
        return status
    }

    func send(_ request: HTTPRequest, expecting: Set<Int>) async throws(CAError) -> APIAnswer {
        let response = try await transport.send(request)
        return try APIAnswer(response, to: request, expecting: expecting, limits: limits)
    }
}

extension Decision {
    /// The state of a request whose CA has heard the word.
    fileprivate var outcome: RequestState { self == .accepted ? .accepted : .rejected }
}

extension RequestState {
    /// Whether a word on the certificate, or an end, has come: what it was before does not follow upon a decision.
    fileprivate var isDecided: Bool { isConfirmed || isEnd }
}

extension WireAnswer.Devices.Device {
    /// Whether every text has a length that a device or a person could use.
    fileprivate var isBounded: Bool {
        [model, manufacturer ?? "", name].allSatisfy { $0.utf8.count <= 256 }
    }
}
