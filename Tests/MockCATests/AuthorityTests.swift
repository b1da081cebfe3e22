// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// The CA under test keeps the API's promises to anybody, not only to our client.
@Suite struct AuthorityTests {
    @Test func `the same idempotency key gives the same receipt, with another body it is refused`() async throws {
        let applicant = try Applicant(try RunningCA())
        let body = try applicant.submission(try await applicant.request())
        let first = try await applicant.submit(body, key: "key-12345")
        let second = try await applicant.submit(body, key: "key-12345")
        #expect(first.status == 201)
        #expect(first.body == second.body)
        let other = try applicant.submission(try await applicant.request())
        let third = try await applicant.submit(other, key: "key-12345")
        #expect(third.status == 422)
        #expect(third.code == "idempotency_key_reused")
        let without = try await applicant.ask("v1/requests", body: body)
        #expect(without.status == 400)
    }

    @Test func `a key is good for one request, and a weak one for none`() async throws {
        let applicant = try Applicant(try RunningCA())
        let body = try applicant.submission(try await applicant.request())
        #expect(try await applicant.submit(body).status == 201)
        #expect(try await applicant.submit(body).code == "key_reused")
        let weak = try applicant.submission(try await applicant.request(["-newkey", "rsa:1024"]))
        #expect(try await applicant.submit(weak).code == "key_weak")
        let broken = try applicant.submission(
            "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n"
        )
        #expect(try await applicant.submit(broken).code == "csr_invalid")
    }

    @Test func `a marker needs a certified device that does not deny it`() async throws {
        let applicant = try Applicant(try RunningCA("--device", "ProID+Q=2099-01-01", "--device", "Old=2020-01-01"))
        func code(_ device: [String: Any]?) async throws -> String? {
            let csr = try await applicant.request(extensions: Applicant.qescd)
            let answer = try await applicant.submit(try applicant.submission(csr, device: device))
            return answer.status == 201 ? (answer.json["id"] as? String).map { String($0.prefix(2)) } : answer.code
        }
        #expect(try await code(Applicant.device()) == "BP")
        #expect(try await code(nil) == "marker_not_allowed")
        #expect(try await code(Applicant.device("Unheard")) == "device_unknown")
        #expect(try await code(Applicant.device("Old")) == "device_certification_ended")
        #expect(try await code(Applicant.device(local: "no")) == "marker_not_allowed")
        #expect(try await code(Applicant.device(local: "unreported")) == "BP")
    }

    @Test func `without the access token only the bare state is told`() async throws {
        let applicant = try Applicant(try RunningCA())
        let (id, token) = try await applicant.approved(try applicant.submission(try await applicant.request()))
        let bare = try await applicant.ask("v1/requests/\(id)")
        #expect(bare.status == 200)
        #expect(bare.json["status"] as? String == "issued")
        #expect(!String(decoding: bare.body, as: UTF8.self).contains("Žižka"))
        let owned = try await applicant.ask("v1/requests/\(id)", token: token)
        #expect(String(decoding: owned.body, as: UTF8.self).contains("Žižka"))
        #expect(try await applicant.ask("v1/requests/\(id)/certificate").status == 401)
        #expect(try await applicant.ask("v1/requests/\(id)/certificate", token: "wrong").status == 403)
        #expect(try await applicant.ask("v1/requests/BP0000000000").code == "request_unknown")
    }

    @Test func `a decision is final and may be repeated`() async throws {
        let applicant = try Applicant(try RunningCA())
        let (id, token) = try await applicant.approved(try applicant.submission(try await applicant.request()))
        let path = "v1/requests/\(id)/decision"
        for _ in 0..<2 {
            let answer = try await applicant.ask(path, token: token, body: Data(#"{"accepted":true}"#.utf8))
            #expect(answer.json["status"] as? String == "accepted")
        }
        let late = Data(#"{"accepted":false,"reason":"late"}"#.utf8)
        #expect(try await applicant.ask(path, token: token, body: late).status == 409)
    }

    @Test func `the list of devices is not sent twice`() async throws {
        let applicant = try Applicant(try RunningCA())
        let first = try await applicant.ask("v1/devices")
        let line = try #require(first.headers.split(separator: "\r\n").first { $0.lowercased().hasPrefix("etag:") })
        let tag = line.dropFirst(5).trimmingCharacters(in: .whitespaces)
        #expect(try await applicant.ask("v1/devices", ["-H", "If-None-Match: \(tag)"]).status == 304)
    }

    @Test func `requests survive a restart on the same port`() async throws {
        let folder = try TemporaryFolder(named: "ca")
        let first = try RunningCA(in: folder)
        let receipt = try await Applicant(first).submit(
            Applicant(first).submission(try await Applicant(first).request())
        )
        let id = try #require(receipt.json["id"] as? String)
        let address = first.url
        first.stop()
        let second = try RunningCA(in: folder)
        #expect(second.url == address)
        #expect(try await Applicant(second).ask("v1/requests/\(id)").json["status"] as? String == "received")
    }
}
