// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation
internal import OpenSSLKit

extension EnrollmentAPIClient {
    /// The JSON document that `POST /v1/renewals` wants signed.
    public func document(of order: RenewalOrder) throws(CAError) -> [UInt8] {
        try WireRequest.bytes(WireRequest.RenewalOrder(order))
    }

    /// Asks `POST /v1/renewals`.
    public func renew(signed message: [UInt8], idempotencyKey: String) async throws(CAError) -> SubmissionReceipt {
        var request = try requests.signed(message, to: "renewals")
        try requests.add([("Idempotency-Key", idempotencyKey)], of: nil, to: &request)
        return try await send(request, expecting: [200, 201]).receipt()
    }
}

extension APIAnswer {
    /// The receipt of a request or an order.
    func receipt() throws(CAError) -> SubmissionReceipt {
        let receipt = try json(WireAnswer.Receipt.self)
        if let token = receipt.accessToken, HTTPField.bearer(token) == nil { throw invalid("unusable access token") }
        return SubmissionReceipt(
            id: receipt.id,
            state: receipt.status,
            accessToken: receipt.accessToken,
            retryAfter: retryAfter(orSeconds: receipt.retryAfter)
        )
    }
}

extension WireRequest {
    fileprivate struct RenewalOrder: Encodable {
        /// How the API names a certificate.
        struct Replaced: Encodable {
            var issuer: String
            var serial: String
        }

        var csr: String
        var replaces: Replaced
        var term: RenewalTerm
        var voucher: String?
        var device: Device?
        var contact: Contact?
        var locale: String

        init(_ order: CAClient.RenewalOrder) {
            csr = order.request.pem
            replaces = Replaced(
                issuer: Data(order.replaces.issuer).base64EncodedString(),
                serial: order.replaces.serial
            )
            term = order.term
            voucher = order.voucher
            device = order.device.map(Device.init)
            contact = order.contact == Contact() ? nil : order.contact
            locale = order.locale
        }
    }
}
