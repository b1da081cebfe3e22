// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import SwiftASN1
import X509

/// The operations of `docs/enrollment-api.yaml`.
struct Routes: Sendable {
    let registry: Registry

    /// The largest body that is read.
    private static let bodyLimit = 65_536

    func add(to router: Router<CAContext>) {
        router.get("v1") { _, _ in try JSON.response(await information) }
        router.get("v1/devices") { request, _ in try devices(request) }
        router.post("v1/requests") { request, _ in try await submit(request) }
        router.post("v1/requests:status") { request, _ in try await statuses(request) }
        router.get("v1/requests/:id") { request, context in
            let (record, isOwner) = try await record(request, context, tokenRequired: false)
            return try status(record, isOwner: isOwner)
        }
        router.get("v1/requests/:id/certificate") { request, context in
            try await certificate(request, try await record(request, context, tokenRequired: true).0)
        }
        router.get("v1/requests/:id/protocol") { request, context in
            try protocolDocument(try await record(request, context, tokenRequired: true).0)
        }
        router.post("v1/requests/:id/decision") { request, context in
            let (record, _) = try await record(request, context, tokenRequired: true)
            let decision = try await body(Wire.Decision.self, of: request)
            guard decision.accepted || decision.reason?.isEmpty == false else {
                throw Problem(422, "request_invalid", "a rejection needs its reason")
            }
            return try status(try await registry.decide(decision, on: record.id), isOwner: true)
        }
        refuseOtherMethods(on: router)
    }

    /// What exists and is asked in the wrong way is told so (RFC 9110, section 15.5.6).
    private func refuseOtherMethods(on router: Router<CAContext>) {
        let paths: [(RouterPath, [HTTPRequest.Method])] = [
            ("v1", [.get]), ("v1/devices", [.get]), ("v1/requests", [.post]), ("v1/requests:status", [.post]),
            ("v1/requests/:id", [.get]), ("v1/requests/:id/certificate", [.get]),
            ("v1/requests/:id/protocol", [.get]), ("v1/requests/:id/decision", [.post]),
            ("v1/renewals", [.post]), ("v1/revocations", [.post]), ("v1/bindings", [.get]),
            ("v1/bindings/:serial", [.get]), ("v1/bindings/:serial/release", [.post]),
        ]
        let query = HTTPRequest.Method("QUERY").map { [$0] } ?? []
        let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .patch, .delete, .options, .trace] + query
        for (path, allowed) in paths {
            for method in methods where !allowed.contains(method) {
                router.on(path, method: method) { _, _ in
                    var response = Problem(405, "method_not_allowed", "not this way").response()
                    response.headers[.allow] = allowed.map(\.rawValue).joined(separator: ", ")
                    return response
                }
            }
        }
    }

    private var information: Wire.Information {
        get async {
            let withheld = await registry.ledger.withheld
            return Wire.Information(
                name: "Mock CA for tests",
                versions: ["v1"],
                profiles: [
                    .init(profile: .qualified, holder: .person), .init(profile: .qualified, holder: .seal),
                    .init(profile: .commercial, holder: .person), .init(profile: .commercial, holder: .seal),
                ],
                keyAlgorithms: ["rsa2048", "rsa3072", "rsa4096", "p256", "p384"],
                terms: "https://ca.example/terms",
                services: Service.allCases.filter { !withheld.contains($0) }
            )
        }
    }

    private func devices(_ request: Request) throws -> Response {
        let list = Wire.DeviceList(
            devices: registry.devices.map { device in
                .init(
                    model: device.model,
                    name: device.model,
                    certifiedUntil: device.until.map { $0.formatted(.iso8601.year().month().day()) },
                    source: "the operator of this test"
                )
            }
        )
        let tag = "\"\(hexadecimal(SHA256.hash(data: try JSON.encode(list)).prefix(8)))\""
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: [.eTag: tag]) }
        return try JSON.response(list, headers: [.eTag: tag, .cacheControl: "private"])
    }

    private func submit(_ request: Request) async throws -> Response {
        let key = try Self.idempotencyKey(of: request)
        let submission = try await body(Wire.Submission.self, of: request)
        try Self.check(submission)
        let record = try await registry.submit(submission, idempotencyKey: key)
        return try Self.receipt(record, retryAfter: 2)
    }

    static func idempotencyKey(of request: Request) throws(Problem) -> String {
        guard let name = HTTPField.Name("Idempotency-Key"), let key = request.headers[name],
            (8...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw Problem(400, "idempotency_key_missing", "8 to 128 visible ASCII characters in Idempotency-Key") }
        return key
    }

    static func receipt(_ record: RequestRecord, retryAfter: Int) throws -> Response {
        let receipt = Wire.Receipt(
            id: record.id,
            status: record.state,
            accessToken: record.accessToken,
            retryAfter: retryAfter
        )
        return try JSON.response(receipt, status: 201, headers: [.location: "/v1/requests/\(record.id)"])
    }

    private static func check(_ submission: Wire.Submission) throws(Problem) {
        try check(
            csr: submission.csr,
            contact: submission.contact,
            device: submission.device,
            locale: submission.locale
        )
    }

    static func check(_ order: Wire.RenewalOrder) throws(Problem) {
        if let voucher = order.voucher, voucher.isEmpty || voucher.unicodeScalars.count > 64 {
            throw Problem(422, "voucher_invalid", "1 to 64 characters")
        }
        try check(csr: order.csr, contact: order.contact, device: order.device, locale: order.locale)
    }

    private static func check(
        csr: String,
        contact: Wire.Contact?,
        device: Wire.Device?,
        locale: String?
    ) throws(Problem) {
        var errors: [Problem.Field] = []
        func require(_ value: String?, _ pointer: String, longest: Int) {
            guard let value, value.unicodeScalars.isEmpty || value.unicodeScalars.count > longest else { return }
            errors.append(.init(pointer: pointer, detail: "1 to \(longest) characters"))
        }
        require(csr, "/csr", longest: 32_768)
        require(contact?.name, "/contact/name", longest: 64)
        require(contact?.email, "/contact/email", longest: 254)
        require(device?.model, "/device/model", longest: 64)
        require(device?.serial, "/device/serial", longest: 64)
        if let phone = contact?.phone, phone.wholeMatch(of: /\+[1-9][0-9]{6,14}/) == nil {
            errors.append(.init(pointer: "/contact/phone", detail: "E.164: + and 7 to 15 digits"))
        }
        if let locale, !["cs", "en"].contains(locale) {
            errors.append(.init(pointer: "/locale", detail: "cs or en"))
        }
        guard errors.isEmpty else { throw Problem(422, "request_invalid", "some fields are wrong", errors: errors) }
    }

    private func statuses(_ request: Request) async throws -> Response {
        let query = try await body(Wire.StatusQuery.self, of: request)
        guard (1...1_000).contains(query.ids.count) else {
            throw Problem(422, "request_invalid", "1 to 1,000 IDs")
        }
        var entries: [Wire.StatusAnswer.Entry] = []
        for id in query.ids {
            let record = await registry.find(id)
            entries.append(
                .init(
                    id: id,
                    status: record?.state.rawValue ?? "unknown",
                    profile: record?.submission.profile,
                    updatedAt: record?.updated
                )
            )
        }
        return try JSON.response(Wire.StatusAnswer(requests: entries))
    }

    /// The request of the path, and whether its owner asks.
    private func record(
        _ request: Request,
        _ context: CAContext,
        tokenRequired: Bool
    ) async throws -> (RequestRecord, isOwner: Bool) {
        let record = try await registry.request(try context.parameters.require("id"))
        guard let header = request.headers[.authorization] else {
            guard !tokenRequired else { throw Problem(401, "token_missing", "the request's access token is needed") }
            return (record, false)
        }
        let expected = SHA256.hash(data: Data("Bearer \(record.accessToken)".utf8))
        guard SHA256.hash(data: Data(header.utf8)) == expected else {
            throw Problem(403, "token_wrong", "the access token is of another request")
        }
        return (record, true)
    }

    private func status(_ record: RequestRecord, isOwner: Bool) throws -> Response {
        let waits = [.received, .verifying, .approved].contains(record.state)
        var status = Wire.Status(id: record.id, status: record.state, updatedAt: record.updated)
        status.profile = record.submission.profile
        status.retryAfter = waits ? 2 : nil
        if isOwner {
            status.reason = record.reason
            status.subject = record.subject
            status.serialNumber = record.serialNumber
            status.notAfter = record.notAfter
        }
        return try JSON.response(status, headers: waits ? [.retryAfter: "2"] : [:])
    }

    private func certificate(_ request: Request, _ record: RequestRecord) async throws -> Response {
        guard record.certificate != nil else {
            throw Problem(409, "too_early", "the request is \(record.state.rawValue)")
        }
        var chain = [try Certificate(derEncoded: [UInt8](record.certificate ?? Data()))]
        var issuer = registry.authority.issuer(of: record.submission.profile)
        if let variation = Ordered.variation, variation != .leafAlone {
            chain = [try await registry.issue(for: record, variation: variation)]
            if variation == .wrongChain { issuer = try registry.authority.impostor(of: record.submission.profile) }
        }
        chain += [issuer.certificate] + issuer.chain
        if Ordered.variation == .disordered { chain.reverse() }
        let accepted = request.headers[.accept] ?? "*/*"
        let isAlone = accepted.contains("application/pkix-cert") && !accepted.contains("application/x-pem-file")
        if isAlone || Ordered.variation == .leafAlone {
            return Response(
                status: .ok,
                headers: [.contentType: "application/pkix-cert"],
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: try chain[0].der))
            )
        }
        let text = try chain.map { try $0.serializeAsPEM().pemString + "\n" }.joined()
        return Response(
            status: .ok,
            headers: [.contentType: "application/x-pem-file"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text))
        )
    }

    private func protocolDocument(_ record: RequestRecord) throws -> Response {
        guard let data = record.certificate else {
            throw Problem(409, "too_early", "the request is \(record.state.rawValue)")
        }
        let certificate = try Certificate(derEncoded: [UInt8](data))
        return Response(
            status: .ok,
            headers: [.contentType: "application/pdf"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try ProtocolDocument.pdf(of: record, certificate)))
        )
    }

    private func body<Value: Decodable>(_ type: Value.Type, of request: Request) async throws -> Value {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw Problem(415, "media_type", "application/json is expected")
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: Self.bodyLimit)
        } catch {
            throw Problem(413, "body_too_large", "at most \(Self.bodyLimit) bytes")
        }
        do {
            return try JSON.decode(type, from: Data(buffer.readableBytesView))
        } catch {
            throw Problem(400, "request_invalid", "the body is not what it should be: \(error)")
        }
    }
}
