// SPDX-License-Identifier: Apache-2.0

internal import Foundation
internal import OpenSSLKit

extension WireRequest {
    struct RevocationOrder: Encodable {
        var issuer: String
        var serial: String
        var reason: String

        init(_ order: CAClient.RevocationOrder) {
            issuer = Data(order.certificate.issuer).base64EncodedString()
            serial = order.certificate.serial
            reason = order.reason.name
        }
    }

    struct ReleaseOrder: Encodable {
        var deviceSerial: String
        var binding: String

        init(_ order: CAClient.ReleaseOrder) {
            deviceSerial = order.deviceSerial
            binding = order.binding
        }
    }

    /// The same document is the same bytes, whenever it is written.
    static func bytes(_ document: some Encodable) throws(CAError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do { return [UInt8](try encoder.encode(document)) } catch {
            throw CAError(.answerInvalid, detail: "the document cannot be written as JSON")
        }
    }
}

extension WireAnswer {
    struct Revocation: Decodable {
        var serial: String
        var reason: String
        var revokedAt: APITime
    }

    struct Binding: Decodable {
        enum State: String, Decodable { case free, bound }
        struct Holder: Decodable {
            var name: String
            var employeeNumber: String?
            var organisation: String?
        }

        var deviceSerial: String
        var state: State
        var id: String?
        var since: APITime?
        var model: String?
        var holder: Holder?
        var certificates: [BoundCertificate]?
        var releasable: Bool?
    }

    struct BoundCertificate: Decodable {
        var serial: String
        var subject: String
        var notAfter: APITime
        var status: CAClient.BoundCertificate.Status
    }

    struct BindingList: Decodable { var bindings: [Binding] }

    /// What a problem document has beside the rest with `binding_certificates_valid`.
    struct ProblemCertificates: Decodable { var certificates: [BoundCertificate] }
}

extension WireAnswer.Binding {
    /// - Returns: `nil` when a text is longer than any person or device needs.
    var bounded: DeviceBinding? {
        let texts = [deviceSerial, id, model, holder?.name, holder?.employeeNumber, holder?.organisation]
        let found = certificates?.compactMap(\.bounded)
        guard texts.allSatisfy({ ($0?.utf8.count ?? 0) <= 256 }), found?.count == certificates?.count,
            found?.count ?? 0 <= 1_000
        else { return nil }
        return DeviceBinding(
            deviceSerial: deviceSerial,
            isBound: state == .bound,
            id: id,
            since: since?.date,
            model: model,
            holder: holder.map {
                BindingHolder(name: $0.name, employeeNumber: $0.employeeNumber, organisation: $0.organisation)
            },
            certificates: found,
            isReleasable: releasable
        )
    }
}

extension WireAnswer.BoundCertificate {
    var bounded: BoundCertificate? {
        guard serial.utf8.count <= 64, subject.utf8.count <= 1_024 else { return nil }
        return BoundCertificate(serial: serial, subject: subject, notAfter: notAfter.date, status: status)
    }
}
