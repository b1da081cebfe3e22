// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Somebody with a certificate whose key is in a file, who signs orders with the openssl command alone.
struct Holder {
    let applicant: Applicant
    let name: String
    let folder: TemporaryFolder
    var certificate: String { folder.file("leaf.pem").path }
    var key: String { folder.file("key.pem").path }

    /// How keys are made.
    enum Keys: CaseIterable { case rsa, p256, p384 }

    /// Somebody who has got a first certificate.
    init(
        _ name: String = "Jan Žižka",
        at applicant: Applicant,
        profile: String = "commercial",
        device: [String: Any]? = Applicant.device(),
        keys: Keys = .p256
    ) async throws {
        (self.applicant, self.name) = (applicant, name)
        folder = try TemporaryFolder(named: "holder")
        let body: [String: Any?] = [
            "profile": profile, "holder": "person", "csr": try await request("key.pem", keys), "device": device,
        ]
        let data = try JSONSerialization.data(withJSONObject: body.compactMapValues(\.self))
        try await collect(try await applicant.submit(data), into: "leaf.pem", approving: true)
    }

    /// A request with a key of its own.
    func request(_ file: String, _ keys: Keys = .p256) async throws -> String {
        let options =
            switch keys {
            case .rsa: ["-newkey", "rsa:2048"]
            case .p256: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            case .p384: ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"]
            }
        let arguments = ["req", "-new", "-nodes", "-keyout", folder.file(file).path, "-subj", "/CN=\(name)", "-utf8"]
        return try await ChildProcess.output(of: "openssl", arguments + options)
    }

    /// Fetches what a receipt promises.
    func collect(_ receipt: Applicant.Answer, into file: String, approving: Bool) async throws {
        try #require(receipt.status == 201, "\(String(decoding: receipt.body, as: UTF8.self))")
        let id = try #require(receipt.json["id"] as? String)
        let token = try #require(receipt.json["accessToken"] as? String)
        if approving { try await applicant.ca.operate("approve", id) }
        let chain = try await applicant.ask("v1/requests/\(id)/certificate", token: token).body
        try chain.write(to: folder.file("\(file).chain"))
        try await ChildProcess.output(of: "openssl", ["x509", "-out", folder.file(file).path], input: chain)
    }

    /// How an order names the certificate.
    func reference(_ file: String = "leaf.pem") async throws -> [String: String] {
        let path = folder.file(file).path
        let serial = try await ChildProcess.output(of: "openssl", ["x509", "-in", path, "-noout", "-serial"])
        let lines = try await ChildProcess.output(of: "openssl", ["asn1parse", "-in", path]).split(separator: "\n")
        // Inside what is signed: version, serial number, algorithm, issuer.
        let issuer = lines.filter { $0.contains(":d=2 ") }[3].prefix { $0 != ":" }.trimmingCharacters(in: .whitespaces)
        let name = folder.file("issuer.der")
        try await ChildProcess.output(
            of: "openssl",
            ["asn1parse", "-in", path, "-strparse", issuer, "-noout", "-out", name.path]
        )
        return [
            "issuer": try Data(contentsOf: name).base64EncodedString(),
            "serial": serial.split(separator: "=")[1].trimmingCharacters(in: .whitespacesAndNewlines),
        ]
    }

    func serial() async throws -> String { try #require(try await reference()["serial"]) }

    /// The order of a renewal for a new key.
    func renewal(_ more: [String: Any] = [:], keys: Keys = .p256) async throws -> [String: Any] {
        let order: [String: Any] = [
            "csr": try await request("new.pem", keys), "replaces": try await reference(), "term": "one-year",
        ]
        return order.merging(more) { $1 }
    }

    /// Signs an order and hands it in.
    func order(
        _ path: String,
        _ order: [String: Any],
        with signing: [String] = [],
        headers: [String] = []
    ) async throws -> Applicant.Answer {
        try await hand(try await sign(order, with: signing), to: path, headers: headers)
    }

    func renew(
        _ order: [String: Any],
        with signing: [String] = [],
        key: String = UUID().uuidString
    ) async throws -> Applicant.Answer {
        try await self.order("v1/renewals", order, with: signing, headers: ["Idempotency-Key: \(key)"])
    }

    func sign(_ order: [String: Any], with signing: [String] = []) async throws -> Data {
        let arguments = [
            "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-signer", certificate, "-inkey", key,
        ]
        let content = try JSONSerialization.data(withJSONObject: order)
        return try await ChildProcess.run("openssl", arguments + signing, input: content).output
    }

    func hand(_ signed: Data, to path: String, headers: [String] = []) async throws -> Applicant.Answer {
        let file = folder.file("order.p7m")
        try signed.write(to: file)
        let all = headers + ["Content-Type: application/pkcs7-mime; smime-type=signed-data"]
        return try await applicant.ask(path, all.flatMap { ["-H", $0] } + ["--data-binary", "@\(file.path)"])
    }

    func revoke(_ reason: String = "superseded", _ file: String = "leaf.pem") async throws -> Applicant.Answer {
        try await order("v1/revocations", try await reference(file).merging(["reason": reason]) { $1 })
    }

    /// What the CA tells of a binding to the holder of this certificate.
    func binding(_ serial: String = "C6B67B431DB714B4") async throws -> [String: Any] {
        try await applicant.ask("v1/bindings/\(serial)", ["--cert", certificate, "--key", key]).json
    }

    func release(_ binding: String, _ serial: String = "C6B67B431DB714B4") async throws -> Applicant.Answer {
        try await order("v1/bindings/\(serial)/release", ["deviceSerial": serial, "binding": binding])
    }
}
