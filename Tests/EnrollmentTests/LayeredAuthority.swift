// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport

/// A root, an authority under it, one under that, and what they issue: made by the openssl command, with the addresses
/// that a test wants in them.
struct LayeredAuthority {
    let folder: TemporaryFolder
    let anchors: TrustAnchors
    /// DER.
    let root, upper, lower: [UInt8]
    /// Where issuers are said to be.
    let address: String

    /// - Parameters:
    ///   - address: the authorities' certificates are said to be here, as `/root.crt` and so on.
    ///   - names: what their names begin with.
    init(at address: String = "http://ca.example", called names: String = "") async throws {
        self.address = address
        folder = try TemporaryFolder(named: "authority")
        let authority = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"]
        root = try await Self.make("root", by: nil, authority, subject: "/CN=\(names)root", in: folder)
        upper = try await Self.make(
            "upper",
            by: "root",
            authority + [Self.access("root", at: address)],
            subject: "/CN=\(names)upper",
            in: folder
        )
        lower = try await Self.make(
            "lower",
            by: "upper",
            authority + [Self.access("upper", at: address)],
            subject: "/CN=\(names)lower",
            in: folder
        )
        anchors = try TrustAnchors(bundle: root)
    }

    /// What one of the authorities issues for a person.
    ///
    /// - Parameter lines: further extensions, as openssl.cnf(5) has them; without any the issuer's address stands in it.
    func leaf(
        _ name: String = "leaf",
        by issuer: String = "lower",
        _ lines: [String]? = nil
    ) async throws -> Certificate {
        let extensions = ["keyUsage=critical,digitalSignature"] + (lines ?? [Self.access(issuer, at: address)])
        return try Certificate(parsing: try await Self.make(name, by: issuer, extensions, in: folder))
    }

    /// A line that says where an issuer is.
    static func access(_ issuer: String, at address: String) -> String {
        "authorityInfoAccess=caIssuers;URI:\(address)/\(issuer).crt"
    }

    /// An empty revocation list of one of the authorities, DER.
    func list(of issuer: String) async throws -> [UInt8] {
        let configuration = "[ca]\ndefault_ca=here\n[here]\ndatabase=\(path("index"))\n"
        try Data(configuration.utf8).write(to: folder.file("crl.cnf"))
        try Data().write(to: folder.file("index"))
        try await ChildProcess.output(
            of: "openssl",
            [
                "ca", "-gencrl", "-config", path("crl.cnf"), "-md", "sha256", "-crldays", "2", "-keyfile",
                path("\(issuer).key"), "-cert", path("\(issuer).pem"), "-out", path("crl.pem"),
            ]
        )
        try await ChildProcess.output(
            of: "openssl",
            ["crl", "-in", path("crl.pem"), "-outform", "DER", "-out", path("crl.der")]
        )
        return [UInt8](try Data(contentsOf: folder.file("crl.der")))
    }

    private func path(_ name: String) -> String { folder.file(name).path }

    /// The certificate of an authority with the same name and key, and another end.
    func reissued(_ name: String, by issuer: String, days: Int) async throws -> [UInt8] {
        try await Self.sign(name, as: "\(name)-again", by: issuer, days: days, in: folder)
    }

    /// - Parameter issuer: signs; `nil` for a root.
    static func make(
        _ name: String,
        by issuer: String?,
        _ extensions: [String],
        subject: String? = nil,
        in folder: TemporaryFolder
    ) async throws -> [UInt8] {
        func path(_ name: String) -> String { folder.file(name).path }
        try Data((["[x]", "subjectKeyIdentifier=hash"] + extensions).joined(separator: "\n").utf8)
            .write(to: folder.file("\(name).cnf"))
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path("\(name).key")]
        try await ChildProcess.output(
            of: "openssl",
            ["req", "-new", "-subj", subject ?? "/CN=\(name)", "-out", path("\(name).csr")] + key
        )
        return try await sign(name, as: name, by: issuer, days: 1_000, in: folder)
    }

    private static func sign(
        _ name: String,
        as file: String,
        by issuer: String?,
        days: Int,
        in folder: TemporaryFolder
    ) async throws -> [UInt8] {
        func path(_ name: String) -> String { folder.file(name).path }
        let signer =
            issuer.map { ["-CA", path("\($0).pem"), "-CAkey", path("\($0).key")] } ?? ["-signkey", path("\(name).key")]
        try await ChildProcess.output(
            of: "openssl",
            [
                "x509", "-req", "-in", path("\(name).csr"), "-days", "\(days)", "-extfile", path("\(name).cnf"),
                "-extensions", "x", "-out", path("\(file).pem"), "-set_serial", "\(UInt32.random(in: 1...UInt32.max))",
            ] + signer
        )
        try await ChildProcess.output(
            of: "openssl",
            ["x509", "-in", path("\(file).pem"), "-outform", "DER", "-out", path("\(file).der")]
        )
        return [UInt8](try Data(contentsOf: folder.file("\(file).der")))
    }
}
