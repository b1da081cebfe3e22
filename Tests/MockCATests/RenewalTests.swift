// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Renewals, ordered with the openssl command.
@Suite struct RenewalTests {
    @Test(arguments: [
        (Holder.Keys.rsa, [], "sha256"),
        (.rsa, ["-keyopt", "rsa_padding_mode:pss", "-keyopt", "rsa_pss_saltlen:digest"], "sha384"),
        (.p256, [], "sha256"), (.p384, ["-keyid"], "sha512"), (.p256, ["-noattr"], "sha256"),
    ])
    func `an order is taken with every signature that the API knows`(
        _ keys: Holder.Keys,
        _ signing: [String],
        _ digest: String
    ) async throws {
        let holder = try await Holder(at: try Applicant(try RunningCA()), keys: keys)
        let answer = try await holder.renew(try await holder.renewal(), with: signing + ["-md", digest])
        #expect(answer.headers.lowercased().contains("location: /v1/requests/"))
        try await holder.collect(answer, into: "second.pem", approving: false)
        let arguments = [
            "x509", "-in", holder.folder.file("second.pem").path, "-noout", "-subject", "-nameopt", "utf8",
        ]
        #expect(try await ChildProcess.output(of: "openssl", arguments).contains("Jan Žižka"))
    }

    @Test func `one year is 385 days, several are 1,115 for whom they are enabled`() async throws {
        let ca = try RunningCA()
        let holder = try await Holder(at: try Applicant(ca))
        let wish = ["term": "multi-year"]
        #expect(try await holder.renew(try await holder.renewal(wish)).code == "multi_year_not_enabled")
        try await ca.operate("person", holder.name, "--organisation", "Obec Lhota")
        try await ca.operate("multi-year", holder.name)
        #expect(try await holder.renew(try await holder.renewal(wish)).code == "multi_year_not_enabled")
        try await ca.operate("multi-year", "Obec Lhota")
        let answer = try await holder.renew(try await holder.renewal(wish))
        try await holder.collect(answer, into: "second.pem", approving: false)
        func ends(within days: Int) async throws -> Bool {
            let path = holder.folder.file("second.pem").path
            let arguments = ["x509", "-in", path, "-noout", "-checkend", "\(days * 86_400)"]
            return try await !ChildProcess.run("openssl", arguments).succeeded
        }
        #expect(try await !ends(within: 1_114))
        #expect(try await ends(within: 1_115))
    }

    @Test func `a voucher is good once, and again when the renewal was refused`() async throws {
        let ca = try RunningCA("--renewals-wait")
        let holder = try await Holder(at: try Applicant(ca))
        let other = try await Holder("Eva Nová", at: holder.applicant, device: nil)
        #expect(try await holder.renew(try await holder.renewal(["voucher": "SLEVA"])).code == "voucher_invalid")
        try await ca.operate("voucher", "SLEVA")
        let taken = try await holder.renew(try await holder.renewal(["voucher": "SLEVA"]))
        #expect(taken.status == 201)
        #expect(try await other.renew(try await other.renewal(["voucher": "SLEVA"])).code == "voucher_invalid")
        try await ca.operate("reject", try #require(taken.json["id"] as? String), "no")
        #expect(try await other.renew(try await other.renewal(["voucher": "SLEVA"])).status == 201)
    }

    @Test func `the same order is one renewal, however often it is signed; a second one is refused`() async throws {
        let holder = try await Holder(at: try Applicant(try RunningCA()))
        let order = try await holder.renewal()
        let first = try await holder.renew(order, key: "order-0001")
        let again = try await holder.renew(order, key: "order-0001")
        #expect(first.status == 201)
        #expect(first.body == again.body)
        #expect(try await holder.renew(try await holder.renewal(), key: "order-0001").code == "idempotency_key_reused")
        #expect(try await holder.renew(try await holder.renewal()).code == "already_renewed")
    }

    @Test func `a certificate that is revoked, a stranger's, or one of another CA orders nothing`() async throws {
        let ca = try RunningCA()
        let applicant = try Applicant(ca)
        let holder = try await Holder(at: applicant)
        let other = try await Holder("Eva Nová", at: applicant, device: nil)
        let stranger = try await Holder(at: try Applicant(try RunningCA()))
        let order = try await holder.renewal()
        #expect(try await other.renew(order).code == "signature_invalid")
        let foreign = try await stranger.sign(order)
        let headers = ["Idempotency-Key: order-0001"]
        #expect(try await holder.hand(foreign, to: "v1/renewals", headers: headers).code == "certificate_unknown")
        try await ca.operate("revoke", try await holder.serial())
        #expect(try await holder.renew(order).code == "certificate_revoked")
    }

    @Test func `a changed order, a cut one and one without its document are refused`() async throws {
        let holder = try await Holder(at: try Applicant(try RunningCA()))
        let signed = try await holder.sign(try await holder.renewal())
        let headers = ["Idempotency-Key: order-0001"]
        func code(_ data: Data) async throws -> String? {
            try await holder.hand(data, to: "v1/renewals", headers: headers).code
        }
        var changed = signed
        let place = try #require(changed.range(of: Data("one-year".utf8)))
        changed[place.lowerBound] = UInt8(ascii: "0")
        #expect(try await code(changed) == "signature_invalid")
        #expect(try await code(signed.dropLast()) == "request_invalid")
        #expect(try await code(Data()) == "request_invalid")
        let body = try JSONSerialization.data(withJSONObject: try await holder.renewal())
        let arguments = ["cms", "-sign", "-binary", "-outform", "DER", "-signer", holder.certificate]
        let detached = try await ChildProcess.run("openssl", arguments + ["-inkey", holder.key], input: body).output
        #expect(try await code(detached) == "request_invalid")
        let nameless = try await holder.sign(try await holder.renewal(), with: ["-nocerts"])
        #expect(try await code(nameless) == "signature_invalid")
        let weak = try await holder.sign(try await holder.renewal(), with: ["-md", "sha1"])
        #expect(try await code(weak) == "request_invalid")
    }

    @Test func `too early for the operator's window is said so, and renewals can wait for the operator`() async throws {
        let narrow = try await Holder(at: try Applicant(try RunningCA("--renewal-window", "30")))
        #expect(try await narrow.renew(try await narrow.renewal()).code == "too_early")
        let ca = try RunningCA("--renewals-wait")
        let holder = try await Holder(at: try Applicant(ca))
        let answer = try await holder.renew(try await holder.renewal())
        let id = try #require(answer.json["id"] as? String)
        #expect(try await holder.applicant.ask("v1/requests/\(id)").json["status"] as? String == "approved")
        try await holder.collect(answer, into: "second.pem", approving: true)
    }
}
