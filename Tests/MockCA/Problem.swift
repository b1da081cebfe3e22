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
        "too_early": "There is no certificate yet",
        "rate_limited": "Too many questions",
        "maintenance": "The service is being maintained",
    ]

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
        return Response(
            status: HTTPResponse.Status(code: status),
            headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try encode(value)))
        )
    }
}
