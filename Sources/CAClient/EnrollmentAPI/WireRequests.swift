// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// The documents that the client sends, as `docs/enrollment-api.yaml` names their fields.
enum WireRequest {
    struct Submission: Encodable {
        var profile: CertificateType
        var holder: Holder
        var csr: String
        var contact: Contact?
        var device: Device?
        var locale: String

        init(_ submission: CAClient.Submission) {
            profile = submission.type
            holder = submission.holder
            csr = submission.request.pem
            contact = submission.contact == Contact() ? nil : submission.contact
            device = submission.device.map(Device.init)
            locale = submission.locale
        }
    }

    struct Device: Encodable {
        var model: String
        var serial: String
        var firmware: String?
        var keyClaims: KeyClaims

        init(_ statement: DeviceStatement) {
            model = statement.model
            serial = statement.serial
            firmware = statement.firmware
            keyClaims = statement.claims
        }
    }

    struct StatusQuery: Encodable {
        var ids: [RequestID]
    }

    struct Decision: Encodable {
        var accepted: Bool
        var reason: String?

        init(_ decision: CAClient.Decision) {
            switch decision {
            case .accepted: accepted = true
            case .rejected(let reason):
                accepted = false
                self.reason = reason
            }
        }
    }
}
