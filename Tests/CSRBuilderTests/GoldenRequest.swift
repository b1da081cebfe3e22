// SPDX-License-Identifier: Apache-2.0

import CSRBuilder
import Credentials
import Foundation
import Testing

/// A row of the table of markers: what is asked for, and what the openssl command made of the same.
struct GoldenRequest: Sendable, CustomTestStringConvertible {
    let type: CertificateType
    let holder: Holder
    let onDevice: Bool
    let name: String?
    let email: String?
    /// The identifier of the policy.
    let policy: String

    static let holderName = "Žluťoučký kůň ěščřžýáíéúů"
    static let keys = ["rsa2048", "p256", "p384"]
    static let all = [
        GoldenRequest(.qualified, .person, true, holderName, "kun@example.cz", "0.4.0.194112.1.2"),
        GoldenRequest(.qualified, .seal, true, holderName, "kun@example.cz", "0.4.0.194112.1.3"),
        GoldenRequest(.qualified, .person, false, holderName, "kun@example.cz", "0.4.0.194112.1.0"),
        GoldenRequest(.qualified, .seal, false, holderName, nil, "0.4.0.194112.1.1"),
        GoldenRequest(.commercial, .person, true, holderName, "kun@example.cz", "0.4.0.2042.1.2"),
        GoldenRequest(.commercial, .seal, true, holderName, nil, "0.4.0.2042.1.2"),
        GoldenRequest(.commercial, .person, false, nil, nil, "0.4.0.2042.1.1"),
        GoldenRequest(.commercial, .seal, false, nil, "kun@example.cz", "0.4.0.2042.1.1"),
    ]

    private init(
        _ type: CertificateType,
        _ holder: Holder,
        _ onDevice: Bool,
        _ name: String?,
        _ email: String?,
        _ policy: String
    ) {
        self.type = type
        self.holder = holder
        self.onDevice = onDevice
        self.name = name
        self.email = email
        self.policy = policy
    }

    var testDescription: String { "\(type.rawValue)-\(holder.rawValue)\(onDevice ? "-device" : "")" }

    /// What the openssl command made.
    func expected(_ key: String) throws -> [UInt8] {
        let file = SoftwareKey.folder.appendingPathComponent("\(testDescription).\(key).csr")
        let text = try String(contentsOf: file, encoding: .utf8)
        return try #require(PEM.decode(text, label: "CERTIFICATE REQUEST")?.first)
    }

    /// What the client makes.
    func build(signingWith key: some SigningKey) async throws -> CertificateRequest {
        let builder = CSRBuilder(
            subject: try SubjectName(name: name, email: email),
            type: type,
            holder: holder,
            onQualifiedDevice: onDevice
        )
        return try await builder.build(signingWith: key, secrets: NoSecrets())
    }
}

extension [UInt8] {
    func contains(run: [UInt8]) -> Bool { Data(self).range(of: Data(run)) != nil }
}
