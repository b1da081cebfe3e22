// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

/// A folder in which the openssl command makes keys, certificates and signatures: other code than the client's, or at
/// least another way into it.
struct Laboratory: Sendable {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder(named: "laboratory") }

    func path(_ name: String) -> String { folder.file(name).path }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.file(name))) }

    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: folder.file(name)) }

    @discardableResult
    func openssl(_ arguments: String...) async throws -> String {
        try await ChildProcess.output(of: "openssl", arguments)
    }

    /// Makes `name.key`, of one of the kinds "rsa:BITS", "ec:CURVE" and "ed25519".
    func key(_ name: String, _ kind: String) async throws {
        let parts = kind.split(separator: ":").map(String.init)
        var arguments = ["genpkey", "-out", path("\(name).key"), "-algorithm", parts[0]]
        if parts[0] == "rsa" { arguments += ["-pkeyopt", "rsa_keygen_bits:\(parts[1])"] }
        if parts[0] == "ec" { arguments += ["-pkeyopt", "ec_paramgen_curve:\(parts[1])"] }
        try await ChildProcess.output(of: "openssl", arguments)
    }

    /// What a certificate is to say.
    struct Wish {
        var kind = "ec:P-256"
        /// As `openssl -subj` takes it.
        var subject: String?
        /// Lines of an extension section of openssl.cnf(5).
        var extensions: [String] = []
        /// The name of the issuer; `nil` for a root.
        var issuer: String?
        var digest = "sha256"
        /// The moments of validity as `openssl ca` takes them.
        var validity = ("20260101000000Z", "20360101000000Z")
        var serial = "01"

        /// A certification authority.
        static func authority(issuer: String? = nil) -> Wish {
            Wish(
                extensions: ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"],
                issuer: issuer
            )
        }

        /// A certificate of a person.
        static func leaf(issuer: String) -> Wish {
            Wish(extensions: ["keyUsage=critical,digitalSignature,nonRepudiation"], issuer: issuer)
        }

        func with(_ change: (inout Wish) -> Void) -> Wish {
            var wish = self
            change(&wish)
            return wish
        }
    }

    /// Makes `name.key` (unless it is there) and `name.crt`.
    ///
    /// - Returns: the certificate, DER.
    @discardableResult
    func certificate(_ name: String, _ wish: Wish) async throws -> [UInt8] {
        if !FileManager.default.fileExists(atPath: path("\(name).key")) { try await key(name, wish.kind) }
        let identifiers =
            ["subjectKeyIdentifier=hash"] + (wish.issuer == nil ? [] : ["authorityKeyIdentifier=keyid:always"])
        let configuration = """
            [ca]
            default_ca=here
            [here]
            new_certs_dir=\(path(""))
            database=\(path("\(name).index"))
            serial=\(path("\(name).serial"))
            policy=any
            x509_extensions=ext
            string_mask=utf8only
            [any]
            [req]
            distinguished_name=dn
            string_mask=utf8only
            utf8=yes
            [dn]
            [ext]
            \((identifiers + wish.extensions).joined(separator: "\n"))

            """
        try write(Array(configuration.utf8), to: "\(name).cnf")
        try write([], to: "\(name).index")
        try write(Array("\(wish.serial)\n".utf8), to: "\(name).serial")
        try await openssl(
            "req",
            "-new",
            "-config",
            path("\(name).cnf"),
            "-key",
            path("\(name).key"),
            "-utf8",
            "-subj",
            wish.subject ?? "/CN=\(name)",
            "-out",
            path("\(name).csr")
        )
        let signer = wish.issuer ?? name
        var arguments = [
            "ca", "-batch", "-config", path("\(name).cnf"), "-preserveDN", "-notext", "-md", wish.digest, "-in",
            path("\(name).csr"), "-keyfile", path("\(signer).key"), "-out", path("\(name).crt"), "-startdate",
            wish.validity.0, "-enddate", wish.validity.1, "-utf8",
        ]
        arguments += wish.issuer.map { ["-cert", path("\($0).crt")] } ?? ["-selfsign"]
        try await ChildProcess.output(of: "openssl", arguments)
        try await openssl("x509", "-in", path("\(name).crt"), "-outform", "DER", "-out", path("\(name).der"))
        return try bytes("\(name).der")
    }
}

/// A moment in which the certificates of `Laboratory.Wish` are valid.
let inTheMiddle = Date(timeIntervalSince1970: 1_900_000_000)
