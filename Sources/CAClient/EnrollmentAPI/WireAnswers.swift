// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

/// The documents that a CA sends, as `docs/enrollment-api.yaml` names their fields; fields besides these are ignored.
enum WireAnswer {
    struct Receipt: Decodable {
        var id: RequestID
        var status: RequestState
        var accessToken: String?
        var retryAfter: Int64?
    }

    struct Status: Decodable {
        var id: RequestID
        var status: RequestState
        var profile: CertificateType?
        var updatedAt: APITime?
        var retryAfter: Int64?
        var reason: String?
    }

    /// One line of the answer to many; a request that the CA does not know has no status.
    struct StatusLine: Decodable {
        var id: RequestID
        var status: RequestState?
        var profile: CertificateType?
        var updatedAt: APITime?

        private enum CodingKeys: CodingKey {
            case id, status, profile, updatedAt
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decode(RequestID.self, forKey: .id)
            let word = try container.decodeIfPresent(String.self, forKey: .status)
            if let word, word != "unknown" {
                guard let state = RequestState(rawValue: word) else {
                    throw DecodingError.dataCorruptedError(
                        forKey: .status,
                        in: container,
                        debugDescription: "unknown status"
                    )
                }
                status = state
            }
            profile = try container.decodeIfPresent(CertificateType.self, forKey: .profile)
            updatedAt = try container.decodeIfPresent(APITime.self, forKey: .updatedAt)
        }
    }

    struct StatusLines: Decodable {
        var requests: [StatusLine]
    }

    struct Devices: Decodable {
        struct Device: Decodable {
            var model: String
            var manufacturer: String?
            var name: String
            var certifiedUntil: APITime?
        }

        var devices: [Device]
    }

    /// RFC 9457, with the two members that the API adds.
    struct ProblemDocument: Decodable {
        struct Field: Decodable {
            var detail: String?
            var pointer: String?
            var field: String?
            var message: String?
        }

        var title: String?
        var detail: String?
        var code: String?
        var errors: [Field]?
    }
}
