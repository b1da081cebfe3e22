// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Revocations and bindings, ordered with the openssl command.
@Suite struct HandoverTests {
    @Test func `a holder revokes, the responder says why, the same again changes nothing`() async throws {
        let holder = try await Holder(at: try Applicant(try RunningCA()))
        let first = try await holder.revoke("superseded")
        #expect(first.status == 200, "\(String(decoding: first.body, as: UTF8.self))")
        #expect(try await holder.revoke("superseded").body == first.body)
        #expect(try await holder.revoke("keyCompromise").code == "certificate_revoked")
        #expect(try await holder.revoke("certificateHold").code == "request_invalid")
        // The address is the one that the certificate names.
        let path = holder.certificate
        let uri = try await ChildProcess.output(of: "openssl", ["x509", "-in", path, "-noout", "-ocsp_uri"])
        let told = try await ChildProcess.output(
            of: "openssl",
            [
                "ocsp", "-issuer", try await issuer(of: holder), "-cert", path, "-CAfile", holder.applicant.ca.bundle,
                "-url", uri.trimmingCharacters(in: .whitespacesAndNewlines),
            ]
        )
        #expect(told.contains("revoked"))
        #expect(told.contains("superseded"))
    }

    private func issuer(of holder: Holder) async throws -> String {
        let file = holder.folder.file("issuer.pem")
        let bytes = try await holder.applicant.ask("crt/public.crt").body
        try await ChildProcess.output(of: "openssl", ["x509", "-inform", "DER", "-out", file.path], input: bytes)
        return file.path
    }

    @Test func `another certificate of the holder revokes too, one of somebody else does not`() async throws {
        let applicant = try Applicant(try RunningCA())
        let holder = try await Holder(at: applicant)
        let second = try await Holder(at: applicant, device: nil)
        let other = try await Holder("Eva Nová", at: applicant, device: nil)
        let order = try await holder.reference().merging(["reason": "keyCompromise"]) { $1 }
        #expect(try await other.order("v1/revocations", order).code == "signature_invalid")
        #expect(try await second.order("v1/revocations", order).status == 200)
    }

    @Test func `a device is bound, refused to others, released when nothing on it is valid, and bound anew`()
        async throws
    {
        let folder = try TemporaryFolder(named: "ca")
        let ca = try RunningCA(in: folder)
        let applicant = try Applicant(ca)
        #expect(try await applicant.ask("v1/bindings/C6B67B431DB714B4").json["state"] as? String == "free")
        let holder = try await Holder(at: applicant)
        let bare = try await applicant.ask("v1/bindings/C6B67B431DB714B4").json
        #expect(bare["state"] as? String == "bound")
        #expect(bare["holder"] == nil)
        let whole = try await holder.binding()
        #expect((whole["holder"] as? [String: Any])?["name"] as? String == "Jan Žižka")
        #expect((whole["certificates"] as? [Any])?.count == 1)
        #expect(whole["releasable"] as? Bool == false)
        let id = try #require(whole["id"] as? String)

        let refused = try await holder.release(id)
        #expect(refused.code == "binding_certificates_valid")
        #expect((refused.json["certificates"] as? [[String: Any]])?.first?["status"] as? String == "valid")
        let body: [String: Any] = [
            "profile": "commercial", "holder": "person", "device": Applicant.device(),
            "csr": try await (try await Holder("Eva Nová", at: applicant, device: nil)).request("new.pem"),
        ]
        let data = try JSONSerialization.data(withJSONObject: body)
        #expect(try await applicant.submit(data).code == "binding_conflict")
        #expect(try await holder.revoke().status == 200)

        // Bindings outlive the process.
        ca.stop()
        let second = try RunningCA(in: folder)
        #expect(second.url == ca.url)
        #expect(try await holder.release("another").code == "binding_unknown")
        let released = try await holder.release(id)
        #expect(released.json["state"] as? String == "free")
        #expect(try await holder.release(id).body == released.body)
        let heir = try await Holder("Eva Nová", at: try Applicant(second))
        let new = try await heir.binding()
        #expect((new["holder"] as? [String: Any])?["name"] as? String == "Eva Nová")
        #expect(new["id"] as? String != id)
        // What was signed for the binding of the past does nothing to today's.
        #expect(try await holder.release(id).body == released.body)
        #expect(try await heir.binding()["state"] as? String == "bound")
    }

    @Test func `a key that was stolen, and somebody else's, release nothing`() async throws {
        let applicant = try Applicant(try RunningCA())
        let holder = try await Holder(at: applicant)
        let other = try await Holder("Eva Nová", at: applicant, device: nil)
        let id = try #require(try await holder.binding()["id"] as? String)
        #expect(try await holder.revoke("keyCompromise").status == 200)
        #expect(try await holder.release(id).code == "certificate_revoked")
        #expect(try await other.release(id).code == "not_authorised")
        let second = try await Holder(at: applicant, device: nil)
        #expect(try await second.release(id).status == 200)
    }

    @Test func `an authorised person finds applicants of the organisation alone, and releases`() async throws {
        let ca = try RunningCA()
        let applicant = try Applicant(ca)
        let holder = try await Holder(at: applicant)
        let officer = try await Holder("Eva Nová", at: applicant, device: nil)
        func find(_ query: String, _ options: [String]? = nil) async throws -> Applicant.Answer {
            try await applicant.ask(
                "v1/bindings?\(query)",
                options ?? ["--cert", officer.certificate, "--key", officer.key]
            )
        }
        #expect(try await find("name=%C5%BEi%C5%BEka", []).code == "client_certificate_required")
        #expect(try await find("name=%C5%BEi%C5%BEka").code == "not_authorised")
        try await ca.operate("authorise", try await officer.serial(), "--organisation", "Obec Lhota")
        #expect((try await find("name=%C5%BEi%C5%BEka").json["bindings"] as? [Any])?.isEmpty == true)
        try await ca.operate("person", holder.name, "--organisation", "Obec Lhota", "--employee-number", "11192")
        for query in ["name=%C5%BEi%C5%BEka", "employeeNumber=11192", "deviceSerial=C6B67B431DB714B4&name=Jan"] {
            let found = try await find(query).json["bindings"] as? [[String: Any]]
            #expect(found?.count == 1, "\(query)")
            #expect((found?.first?["holder"] as? [String: Any])?["employeeNumber"] as? String == "11192")
        }
        #expect((try await find("employeeNumber=1119").json["bindings"] as? [Any])?.isEmpty == true)
        #expect(try await find("").code == "request_invalid")
        let id = try #require(try await officer.binding()["id"] as? String)
        try await ca.operate("revoke", try await holder.serial(), "--reason", "affiliationChanged")
        #expect(try await officer.release(id).status == 200)
        try await ca.operate("revoke", try await officer.serial())
        #expect(try await find("name=a").code == "not_authorised")
    }

    @Test func `a service that is not offered says so and is not listed`() async throws {
        let ca = try RunningCA()
        let holder = try await Holder(at: try Applicant(ca))
        let id = try #require(try await holder.binding()["id"] as? String)
        try await ca.operate("service", "release", "off")
        let answer = try await holder.release(id)
        #expect(answer.status == 501)
        #expect(answer.code == "service_not_offered")
        let services = try await holder.applicant.ask("v1").json["services"] as? [String]
        #expect(services == ["renewals", "revocations", "bindings", "search"])
        try await ca.operate("service", "release", "on")
        #expect(try await holder.release(id).code == "binding_certificates_valid")
    }
}
