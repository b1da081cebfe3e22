// SPDX-License-Identifier: Apache-2.0

internal import Credentials
public import Foundation

/// What a CA says of itself. Its texts are foreign: bounded, not yet safe for a terminal.
public struct AuthorityInformation: Sendable, Equatable {
    /// A kind of certificate that the CA offers.
    public struct Offer: Sendable, Equatable {
        /// "qualified" or "commercial", as the CA wrote it.
        public let profile: String
        /// "person" or "seal", likewise.
        public let holder: String
    }

    /// The name of the CA, at most 256 characters.
    public let name: String
    /// The versions of the API that it speaks.
    public let versions: [String]
    /// The kinds of certificates.
    public let offers: [Offer]
    /// The server's clock when it answered.
    public let serverTime: Date?
}

extension EnrollmentAPIClient {
    /// The version of the API that this client speaks.
    public static let version = "v1"

    /// Asks `GET /v1/`: who the CA is and what it offers.
    ///
    /// - Throws: `answerInvalid` also when the CA does not speak `version`.
    public func information() async throws(CAError) -> AuthorityInformation {
        let answer = try await send(requests.information(), expecting: [200])
        let document = try answer.json(WireAnswer.Information.self)
        guard document.isBounded else { throw answer.invalid("a text that is too long") }
        guard document.versions.contains(Self.version) else { throw answer.invalid("no version \(Self.version)") }
        return AuthorityInformation(
            name: document.name,
            versions: document.versions,
            offers: document.profiles.map { .init(profile: $0.profile, holder: $0.holder) },
            serverTime: answer.serverTime
        )
    }
}

extension WireAnswer {
    /// What stands in `GET /v1/` and is of use here.
    struct Information: Decodable {
        struct Offer: Decodable {
            var profile: String
            var holder: String
        }

        var name: String
        var versions: [String]
        var profiles: [Offer]

        var isBounded: Bool {
            let texts = [name] + versions + profiles.flatMap { [$0.profile, $0.holder] }
            return !name.isEmpty && texts.count <= 64 && texts.allSatisfy { $0.utf8.count <= 256 }
        }
    }
}
