// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird

/// An error as RFC 9457 has it.
struct Problem: Error, Codable, Sendable {
    struct Field: Codable, Sendable {
        var pointer: String
        var detail: String
    }

    var type: String
    var title: String
    var status: Int
    var detail: String
    var code: String
    var errors: [Field]?
    var certificates: [Wire.BoundCertificate]?
    var retryAfter: Int?

    init(_ status: Int, _ code: String, _ detail: String, errors: [Field]? = nil, retryAfter: Int? = nil) {
        type = "urn:isignum:problem:\(code)"
        title = Self.titles[code] ?? code.replacingOccurrences(of: "_", with: " ")
        self.status = status
        self.detail = detail
        self.code = code
        self.errors = errors
        self.retryAfter = retryAfter
    }

    private static let titles = [
        "csr_invalid": "The request cannot be read or does not verify",
        "key_weak": "The key is too weak",
        "key_reused": "The key was used in another request",
        "marker_not_allowed": "The marker cannot be granted",
        "device_unknown": "The device is not known as a qualified one",
        "device_certification_ended": "The certification of the device has ended",
        "request_unknown": "There is no such request",
        "too_early": "It is too early for that",
        "binding_conflict": "The device is bound to somebody else",
        "binding_certificates_valid": "Certificates on the device are still valid",
        "binding_unknown": "There is no such binding",
        "voucher_invalid": "The voucher cannot be used",
        "multi_year_not_enabled": "Certificates for several years are not enabled",
        "certificate_revoked": "The certificate is revoked",
        "certificate_expired": "The certificate has expired",
        "certificate_unknown": "The certificate was not issued here",
        "already_renewed": "The certificate was renewed before",
        "renewal_not_offered": "Such a certificate is not renewed",
        "signature_invalid": "The signature of the order does not hold",
        "client_certificate_required": "A client certificate is needed",
        "not_authorised": "Not allowed",
        "service_not_offered": "There is no such service here",
        "rate_limited": "Too many questions",
        "maintenance": "The service is being maintained",
    ]

    /// The status that goes with a code, as the API's document has it.
    static func usualStatus(of code: String) -> Int {
        switch code {
        case "request_unknown", "binding_unknown": 404
        case "binding_conflict", "binding_certificates_valid", "certificate_revoked", "certificate_expired",
            "too_early",
            "already_renewed":
            409
        case "request_withdrawn": 410
        case "client_certificate_required", "not_authorised": 403
        case "rate_limited": 429
        case "service_not_offered": 501
        case "maintenance": 503
        default: 422
        }
    }

    func response() -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json"]
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        if status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        var body = self
        body.retryAfter = nil
        let data = (try? JSON.encode(body)) ?? Data()
        return Response(
            status: HTTPResponse.Status(code: status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        )
    }
}

/// JSON as the API writes it: sorted keys, times in RFC 3339 with "Z".
enum JSON {
    static func encode(_ value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return try encoder.encode(value)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return try decoder.decode(type, from: data)
    }

    static func response(_ value: some Encodable, status: Int = 200, headers: HTTPFields = [:]) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        var data = try encode(value)
        if let field = Ordered.field, var document = try JSONSerialization.jsonObject(with: data) as? [String: Any] {
            document[field.name] = field.value
            data = try JSONSerialization.data(withJSONObject: document, options: [.sortedKeys])
        }
        return Response(
            status: HTTPResponse.Status(code: status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: data))
        )
    }
}
