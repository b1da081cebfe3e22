// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import X509

/// Renewals, revocations and bindings, as `docs/enrollment-api.yaml` has them.
struct OrderRoutes: Sendable {
    let registry: Registry

    /// The largest order that is read.
    private static let bodyLimit = 131_072

    func add(to router: Router<CAContext>) {
        router.post("v1/renewals") { request, _ in
            try await require(.renewals)
            let key = try Routes.idempotencyKey(of: request)
            let (order, signer) = try await order(Wire.RenewalOrder.self, in: request)
            try Routes.check(order)
            let record = try await registry.renew(order, signedBy: signer, idempotencyKey: key)
            return try Routes.receipt(record, retryAfter: 1)
        }
        router.post("v1/revocations") { request, _ in
            try await require(.revocations)
            let (order, signer) = try await order(Wire.RevocationOrder.self, in: request)
            return try JSON.response(try await registry.revoke(order, signedBy: signer))
        }
        router.get("v1/bindings") { request, context in
            try await require(.search)
            return try await search(request, context)
        }
        router.get("v1/bindings/:serial") { request, context in
            try await require(.bindings)
            let asker = try await asker(request, context)
            return try JSON.response(try await registry.binding(of: try Self.serial(in: context), to: asker))
        }
        router.post("v1/bindings/:serial/release") { request, context in
            try await require(.release)
            let serial = try Self.serial(in: context)
            let (order, signer) = try await order(Wire.ReleaseOrder.self, in: request)
            guard order.deviceSerial == serial else {
                throw Problem(422, "request_invalid", "the order is about another device")
            }
            return try JSON.response(try await registry.release(order, signedBy: signer))
        }
    }

    private func require(_ service: Service) async throws {
        guard await !registry.ledger.withheld.contains(service) else {
            throw Problem(501, "service_not_offered", service.rawValue)
        }
    }

    private func search(_ request: Request, _ context: CAContext) async throws -> Response {
        guard let certificate = try await context.clientCertificate else {
            throw Problem(403, "client_certificate_required", "the search is for authorised persons")
        }
        func criterion(_ name: String, longest: Int) throws -> String? {
            guard let value = request.uri.queryParameters[Substring(name)].map(String.init) else { return nil }
            guard (1...longest).contains(value.unicodeScalars.count) else {
                throw Problem(400, "request_invalid", "\(name): 1 to \(longest) characters")
            }
            return value
        }
        let name = try criterion("name", longest: 64)
        let employeeNumber = try criterion("employeeNumber", longest: 32)
        let deviceSerial = try criterion("deviceSerial", longest: 64)
        guard name != nil || employeeNumber != nil || deviceSerial != nil else {
            throw Problem(400, "request_invalid", "name, employeeNumber or deviceSerial is needed")
        }
        let list = try await registry.bindings(
            name: name,
            employeeNumber: employeeNumber,
            deviceSerial: deviceSerial,
            for: certificate
        )
        return try JSON.response(list)
    }

    private func asker(_ request: Request, _ context: CAContext) async throws -> Asker {
        if let header = request.headers[.authorization] {
            guard header.hasPrefix("Bearer ") else { throw Problem(403, "token_wrong", "no bearer token") }
            return .token(String(header.dropFirst("Bearer ".count)))
        }
        return try await context.clientCertificate.map { .certificate($0) } ?? .anybody
    }

    private static func serial(in context: CAContext) throws -> String {
        let text = try context.parameters.require("serial")
        let serial = text.removingPercentEncoding ?? text
        guard serial.wholeMatch(of: /[0-9A-Za-z._:-]{1,64}/) != nil else {
            throw Problem(400, "request_invalid", "no serial number of a device")
        }
        return serial
    }

    /// The document of a signed order whose signature verifies, and who signed it.
    private func order<Order: Decodable>(
        _ type: Order.Type,
        in request: Request
    ) async throws -> (Order, signer: Certificate) {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/pkcs7-mime") == true else {
            throw Problem(415, "media_type", "application/pkcs7-mime is expected")
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: Self.bodyLimit)
        } catch {
            throw Problem(413, "body_too_large", "at most \(Self.bodyLimit) bytes")
        }
        let signed = try SignedOrder(Array(buffer.readableBytesView))
        try signed.verify()
        do {
            return (try JSON.decode(type, from: Data(signed.content)), signed.signer)
        } catch {
            throw Problem(400, "request_invalid", "the signed document is not what it should be: \(error)")
        }
    }
}
