// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Somebody who talks to the CA with curl and the openssl command alone.
struct Applicant {
    let ca: RunningCA
    let folder: TemporaryFolder

    init(_ ca: RunningCA) throws {
        self.ca = ca
        folder = try TemporaryFolder(named: "applicant")
    }

    /// An answer of the CA.
    struct Answer {
        let status: Int
        let body: Data
        let headers: String

        var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body) as? [String: Any]) ?? [:] }
        var code: String? { json["code"] as? String }
    }

    /// The qualified statements of a CSR for a key on a device, as a line of an OpenSSL configuration: QcCompliance,
    /// QcSSCD, QcType esign.
    static let qescd =
        "1.3.6.1.5.5.7.1.3 = DER:30293008060604008E4601013008060604008E4601043013060604008E4601063009060704008E46010601"

    /// Makes a key and a request.
    func request(_ options: [String] = ["-newkey", "rsa:2048"], extensions: String = "") async throws -> String {
        let configuration = folder.file("request.cnf")
        try Data("[req]\ndistinguished_name = dn\n[dn]\n[ext]\n\(extensions)\n".utf8).write(to: configuration)
        var arguments = [
            "req", "-new", "-nodes", "-keyout", folder.file("key.pem").path, "-subj", "/CN=Jan Žižka", "-utf8",
        ]
        arguments += ["-config", configuration.path] + options
        if !extensions.isEmpty { arguments += ["-reqexts", "ext"] }
        return try await ChildProcess.output(of: "openssl", arguments)
    }

    /// The body of a submission.
    func submission(
        _ csr: String,
        profile: String = "qualified",
        device: [String: Any]? = nil
    ) throws -> Data {
        var body: [String: Any] = ["profile": profile, "holder": "person", "csr": csr, "locale": "cs"]
        body["device"] = device
        return try JSONSerialization.data(withJSONObject: body)
    }

    static func device(_ model: String = "ProID+Q", local: String = "yes") -> [String: Any] {
        [
            "model": model, "serial": "C6B67B431DB714B4",
            "keyClaims": [
                "local": local, "sensitive": "yes", "neverExtractable": "yes", "alwaysAuthenticate": "no",
            ],
        ]
    }

    func submit(_ body: Data, key: String = UUID().uuidString) async throws -> Answer {
        try await ask("v1/requests", ["-H", "Idempotency-Key: \(key)"], body: body)
    }

    /// Asks the CA.
    func ask(
        _ path: String,
        _ options: [String] = [],
        token: Any? = nil,
        body: Data? = nil
    ) async throws -> Answer {
        var arguments = [
            "--silent", "--show-error", "--cacert", ca.bundle, "--dump-header", folder.file("headers").path,
        ]
        arguments += ["--output", folder.file("body").path, "--write-out", "%{http_code}"] + options
        if let token = token as? String { arguments += ["-H", "Authorization: Bearer \(token)"] }
        if body != nil { arguments += ["-H", "Content-Type: application/json", "--data-binary", "@-"] }
        arguments.append(ca.url.absoluteString + path)
        try? FileManager.default.removeItem(at: folder.file("body"))
        let text = try await ChildProcess.output(of: "curl", arguments, input: body ?? Data())
        return Answer(
            status: try #require(Int(text)),
            body: (try? Data(contentsOf: folder.file("body"))) ?? Data(),
            headers: try String(contentsOf: folder.file("headers"), encoding: .utf8)
        )
    }

    /// A request that the branch has approved, with its certificates in `chain.pem`, the first alone in `leaf.pem`.
    func approved(_ body: Data) async throws -> (id: String, token: String) {
        let receipt = try await submit(body).json
        let id = try #require(receipt["id"] as? String)
        let token = try #require(receipt["accessToken"] as? String)
        try await ca.operate("approve", id)
        let answer = try await ask("v1/requests/\(id)/certificate", token: token)
        try answer.body.write(to: folder.file("chain.pem"))
        try await ChildProcess.output(
            of: "openssl",
            ["x509", "-in", folder.file("chain.pem").path, "-out", folder.file("leaf.pem").path]
        )
        return (id, token)
    }
}

/// The validators that `scripts/setup` installs.
enum Tools {
    static func path(_ name: String) throws -> String {
        let folder =
            ProcessInfo.processInfo.environment["ISIGNUM_TOOLS"]
            ?? BuildProducts.sources.appendingPathComponent(".build-tools/venv/bin").path
        let path = "\(folder)/\(name)"
        guard FileManager.default.isExecutableFile(atPath: path) else { throw Missing(path: path) }
        return path
    }

    struct Missing: Error, CustomStringConvertible {
        let path: String
        var description: String { "\(path) is not there: run scripts/setup first" }
    }
}
