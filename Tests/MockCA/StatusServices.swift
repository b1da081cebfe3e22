// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Hummingbird
import X509

/// Revocation lists, the OCSP responder, and the issuers' certificates, at the addresses that certificates name.
struct StatusServices: Sendable {
    let registry: Registry

    private static let kinds: [String: Profile.Kind] = ["qualified": .qualified, "public": .commercial]

    func add(to router: Router<CAContext>) {
        router.get("crl/:file") { _, context in
            let (kind, issuer) = try await issuer(context, suffix: ".crl")
            let list = try RevocationList.make(
                by: issuer,
                revoked: await registry.revoked(by: kind),
                number: try await registry.nextListNumber(),
                now: Date()
            )
            return Self.response(list, "application/pkix-crl")
        }
        router.get("crt/:file") { _, context in
            Self.response(try (try await issuer(context, suffix: ".crt").1).certificate.der, "application/pkix-cert")
        }
        router.post("ocsp/:file") { request, context in
            let (kind, issuer) = try await issuer(context, suffix: "")
            let buffer = try await request.body.collect(upTo: 16_384)
            let answer = try await OCSPResponder.answer(Array(buffer.readableBytesView), by: issuer) { serial in
                await registry.standing(of: serial, by: kind)
            }
            return Self.response(answer, "application/ocsp-response")
        }
    }

    private func issuer(_ context: CAContext, suffix: String) async throws -> (Profile.Kind, Issuer) {
        let file = try context.parameters.require("file")
        guard file.hasSuffix(suffix), let kind = Self.kinds[String(file.dropLast(suffix.count))] else {
            throw Problem(404, "not_found", file)
        }
        return (kind, registry.authority.issuer(of: kind))
    }

    private static func response(_ bytes: [UInt8], _ type: String) -> Response {
        Response(status: .ok, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
