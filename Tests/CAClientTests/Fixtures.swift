// SPDX-License-Identifier: Apache-2.0

import CAClient
import Credentials
import Testing

/// What the tests hand in and ask for.
enum Fixture {
    static func id(_ text: String = "BP0000000001") throws -> RequestID { try #require(RequestID(text)) }

    static func ticket(token: String? = "secret-token") throws -> RequestTicket {
        RequestTicket(id: try id(), accessToken: token)
    }

    static let submission = Submission(
        type: .qualified,
        holder: .person,
        request: CertificateRequest(der: [0x30, 0x00]),
        contact: Contact(name: "Žofie Ěščřová", email: "zofie@example.cz"),
        device: DeviceStatement(
            model: "ProID+Q",
            serial: "0001",
            firmware: nil,
            claims: KeyClaims(local: .yes, sensitive: .yes, neverExtractable: .unreported, alwaysAuthenticate: .no)
        ),
        locale: "cs"
    )
}

/// The error that a call ends with; a call that succeeds is a failed test.
func failure<Value>(
    of body: () async throws(CAError) -> Value,
    sourceLocation: SourceLocation = #_sourceLocation
) async -> CAError? {
    do throws(CAError) {
        let value = try await body()
        Issue.record("no error, but \(value)", sourceLocation: sourceLocation)
        return nil
    } catch {
        return error
    }
}
