// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// A folder in which the openssl command makes keys, certificates and signatures: other code than the client's, or at
/// least another way into it.
public struct Laboratory: Sendable {
    /// Where everything lies.
    public let folder: TemporaryFolder

    /// Makes the folder.
    public init() throws { folder = try TemporaryFolder(named: "laboratory") }

    /// Where a file of the folder is.
    public func path(_ name: String) -> String { folder.file(name).path }

    /// What a file of the folder holds.
    public func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.file(name))) }

    /// Writes a file of the folder.
    public func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: folder.file(name)) }

    /// Runs the openssl command and gives what it says.
    @discardableResult
    public func openssl(_ arguments: String...) async throws -> String {
        try await ChildProcess.output(of: "openssl", arguments)
    }

    /// Makes `name.key`, of one of the kinds "rsa:BITS", "ec:CURVE", "ec:CURVE:explicit" and "ed25519".
    public func key(_ name: String, _ kind: String) async throws {
        let parts = kind.split(separator: ":").map(String.init)
        var arguments = ["genpkey", "-out", path("\(name).key"), "-algorithm", parts[0]]
        if parts[0] == "rsa" { arguments += ["-pkeyopt", "rsa_keygen_bits:\(parts[1])"] }
        if parts[0] == "ec" { arguments += ["-pkeyopt", "ec_paramgen_curve:\(parts[1])"] }
        if parts.count > 2 { arguments += ["-pkeyopt", "ec_param_enc:\(parts[2])"] }
        try await ChildProcess.output(of: "openssl", arguments)
    }

    /// What a certificate is to say.
    public struct Wish: Sendable {
        /// The kind of its key, as `key` takes it.
        public var kind = "ec:P-256"
        /// As `openssl -subj` takes it.
        public var subject: String?
        /// Lines of an extension section of openssl.cnf(5).
        public var extensions: [String] = []
        /// The name of the issuer; `nil` for a root.
        public var issuer: String?
        /// What its issuer signs it with.
        public var digest = "sha256"
        /// The moments of validity as `openssl ca` takes them.
        public var validity = ("20260101000000Z", "20360101000000Z")
        /// The serial number, hexadecimal.
        public var serial = "01"
        /// Lines for the identifiers of the keys; `nil` for those that are usual.
        public var identifiers: [String]?

        /// Begins a wish.
        public init(
            kind: String = "ec:P-256",
            subject: String? = nil,
            extensions: [String] = [],
            issuer: String? = nil
        ) {
            self.kind = kind
            self.subject = subject
            self.extensions = extensions
            self.issuer = issuer
        }

        /// A certification authority.
        public static func authority(issuer: String? = nil) -> Wish {
            Wish(
                extensions: ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"],
                issuer: issuer
            )
        }

        /// A certificate of a person.
        public static func leaf(issuer: String) -> Wish {
            Wish(extensions: ["keyUsage=critical,digitalSignature,nonRepudiation"], issuer: issuer)
        }

        /// The same with a change.
        public func with(_ change: (inout Wish) -> Void) -> Wish {
            var wish = self
            change(&wish)
            return wish
        }
    }

    /// Makes `name.key` (unless it is there) and `name.crt`.
    ///
    /// - Returns: the certificate, DER.
    @discardableResult
    public func certificate(_ name: String, _ wish: Wish) async throws -> [UInt8] {
        if !FileManager.default.fileExists(atPath: path("\(name).key")) { try await key(name, wish.kind) }
        let identifiers =
            wish.identifiers
            ?? ["subjectKeyIdentifier=hash"] + (wish.issuer == nil ? [] : ["authorityKeyIdentifier=keyid:always"])
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

    /// Makes `name.key` and `name.crt`, a certificate of version 1, which has no extensions.
    ///
    /// - Returns: the certificate, DER.
    public func oldCertificate(_ name: String, signedBy issuer: String?) async throws -> [UInt8] {
        try await key(name, "ec:P-256")
        let request = path("\(name).csr")
        try await openssl("req", "-new", "-key", path("\(name).key"), "-subj", "/CN=\(name)", "-out", request)
        var arguments = ["x509", "-req", "-in", request, "-out", path("\(name).crt"), "-days", "7000"]
        if let issuer {
            arguments += ["-CA", path("\(issuer).crt"), "-CAkey", path("\(issuer).key"), "-CAcreateserial"]
        } else {
            arguments += ["-signkey", path("\(name).key")]
        }
        try await ChildProcess.output(of: "openssl", arguments)
        try await openssl("x509", "-in", path("\(name).crt"), "-outform", "DER", "-out", path("\(name).der"))
        return try bytes("\(name).der")
    }
}

/// A moment in which the certificates of `Laboratory.Wish` are valid.
public let inTheMiddle = Date(timeIntervalSince1970: 1_900_000_000)
