// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import OpenSSLKit

extension EnrollmentAPIClient {
    /// Asks `POST /v1/revocations`.
    public func revoke(_ order: RevocationOrder, signed message: [UInt8]) async throws(CAError) -> Revocation {
        let answer = try await send(requests.signed(message, to: "revocations"), expecting: [200])
        let told = try answer.json(WireAnswer.Revocation.self)
        guard told.serial.lowercased() == order.certificate.serial,
            let reason = RevocationReason.allCases.first(where: { $0.name == told.reason })
        else { throw answer.invalid("the revocation of another certificate, or for no known reason") }
        return Revocation(revokedAt: told.revokedAt.date, reason: reason)
    }

    /// Asks `GET /v1/bindings/{deviceSerial}`.
    public func binding(of deviceSerial: String, accessToken: String?) async throws(CAError) -> DeviceBinding {
        let answer = try await send(requests.binding(of: deviceSerial, accessToken: accessToken), expecting: [200])
        return try Self.binding(try answer.json(WireAnswer.Binding.self), of: deviceSerial, in: answer)
    }

    /// Asks `POST /v1/bindings/{deviceSerial}/release`.
    public func releaseBinding(
        _ order: ReleaseOrder,
        signed message: [UInt8]
    ) async throws(CAError) -> DeviceBinding {
        let path = "bindings/\(try requests.segment(order.deviceSerial))/release"
        let answer = try await send(requests.signed(message, to: path), expecting: [200])
        let told = try Self.binding(
            try answer.json(WireAnswer.Binding.self),
            of: order.deviceSerial,
            in: answer
        )
        guard !told.isBound else { throw answer.invalid("released and still bound") }
        return told
    }

    /// Asks `GET /v1/bindings`.
    public func findBindings(_ query: BindingQuery) async throws(CAError) -> [DeviceBinding] {
        let answer = try await send(requests.bindings(query), expecting: [200])
        let list = try answer.json(WireAnswer.BindingList.self).bindings
        guard list.count <= 1_000 else { throw answer.invalid("more bindings than may be") }
        var found: [DeviceBinding] = []
        for binding in list { found.append(try Self.binding(binding, of: binding.deviceSerial, in: answer)) }
        return found
    }

    private static func binding(
        _ told: WireAnswer.Binding,
        of deviceSerial: String,
        in answer: APIAnswer
    ) throws(CAError) -> DeviceBinding {
        guard told.deviceSerial == deviceSerial else { throw answer.invalid("the binding of another device") }
        guard let binding = told.bounded else { throw answer.invalid("a text that is too long") }
        return binding
    }
}

extension APIRequests {
    func signed(_ message: [UInt8], to path: String) throws(CAError) -> HTTPRequest {
        var request = HTTPRequest(method: .post, url: try address(path), answerLimit: limits.json)
        request.body = message
        try add(
            [
                ("Content-Type", "application/pkcs7-mime; smime-type=signed-data"),
                ("Accept", "application/json, application/problem+json"),
            ],
            of: nil,
            to: &request
        )
        return request
    }

    func binding(of deviceSerial: String, accessToken: String?) throws(CAError) -> HTTPRequest {
        var request = HTTPRequest(
            method: .get,
            url: try address("bindings/\(try segment(deviceSerial))"),
            answerLimit: limits.json
        )
        try add([("Accept", "application/json, application/problem+json")], of: nil, to: &request)
        guard let accessToken else { return request }
        guard let field = HTTPField.bearer(accessToken) else {
            throw CAError(.answerInvalid, exchange: request.summary, detail: "unusable access token")
        }
        request.fields.append(field)
        return request
    }

    func bindings(_ query: BindingQuery) throws(CAError) -> HTTPRequest {
        var parts = URLComponents(url: try address("bindings"), resolvingAgainstBaseURL: false)
        let items = [
            ("name", query.name), ("employeeNumber", query.employeeNumber), ("deviceSerial", query.deviceSerial),
        ]
        parts?.queryItems = items.compactMap { name, value in value.map { URLQueryItem(name: name, value: $0) } }
        // A plus sign is a space to many servers.
        let encoded = parts?.percentEncodedQuery?.replacingOccurrences(of: "+", with: "%2B")
        parts?.percentEncodedQuery = encoded
        guard let url = parts?.url else { throw CAError(.profileInvalid, detail: profile.url.absoluteString) }
        var request = HTTPRequest(method: .get, url: url, answerLimit: limits.json)
        try add([("Accept", "application/json, application/problem+json")], of: nil, to: &request)
        return request
    }

    /// A serial number as a part of a path: it comes from a device, whose bytes are foreign.
    func segment(_ text: String) throws(CAError) -> String {
        let allowed = CharacterSet(charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:")
        guard !text.isEmpty, text.utf8.count <= 64, text != ".", text != "..",
            let segment = text.addingPercentEncoding(withAllowedCharacters: allowed)
        else { throw CAError(.answerInvalid, detail: "unusable serial number of a device") }
        return segment
    }
}
