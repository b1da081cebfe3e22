// SPDX-License-Identifier: Apache-2.0

internal import Foundation

/// Certificates for a server on 127.0.0.1, made by the openssl command in a folder of their own.
public final class ServerCertificates: Sendable {
    /// What is right or wrong with one.
    public enum Kind: String, CaseIterable, Sendable {
        /// Valid for 127.0.0.1 and localhost.
        case right
        /// For another name.
        case wrongName
        /// Not valid any more.
        case expired
        /// Not valid yet.
        case notYetValid
    }

    private let folder: URL

    /// The anchor of every certificate here.
    public var anchorFile: String { folder.appending(path: "anchor.pem").path }
    /// An anchor that none of them leads to.
    public var otherAnchorFile: String { folder.appending(path: "other.pem").path }

    /// The certificate of a kind.
    public func certificateFile(_ kind: Kind) -> String { folder.appending(path: "\(kind.rawValue).pem").path }
    /// The key of every one of them.
    public var keyFile: String { folder.appending(path: "key.pem").path }

    /// Made once for all tests of this process.
    public static let shared = Result { try ServerCertificates() }

    private init() throws {
        // Whatever proxy this machine has, it is not for the loopback.
        setenv("no_proxy", "127.0.0.1,localhost", 1)
        atexit {
            if let own = try? ServerCertificates.shared.get() { try? FileManager.default.removeItem(at: own.folder) }
        }
        folder = FileManager.default.temporaryDirectory.appending(path: "isignum-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Self.configuration.utf8).write(to: folder.appending(path: "ca.cnf"))
        try Data().write(to: folder.appending(path: "index.txt"))
        let curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        for name in ["anchor", "other"] {
            try openssl(
                ["req", "-x509", "-config", "ca.cnf", "-subj", "/CN=\(name)", "-days", "2"] + curve
                    + ["-keyout", "\(name)-key.pem", "-out", "\(name).pem"]
            )
        }
        try openssl(
            ["req", "-new", "-config", "ca.cnf", "-subj", "/CN=server"] + curve
                + ["-keyout", "key.pem", "-out", "server.csr"]
        )
        for kind in Kind.allCases {
            let (start, end) =
                switch kind {
                case .right, .wrongName: ("20250101000000Z", "20990101000000Z")
                case .expired: ("20200101000000Z", "20210101000000Z")
                case .notYetValid: ("20980101000000Z", "20990101000000Z")
                }
            try openssl([
                "ca", "-batch", "-notext", "-config", "ca.cnf", "-rand_serial", "-in", "server.csr",
                "-startdate", start, "-enddate", end, "-out", "\(kind.rawValue).pem",
                "-extensions", kind == .wrongName ? "other_name" : "loopback",
            ])
        }
    }

    private func openssl(_ arguments: [String]) throws {
        let process = try RunningProcess("openssl", arguments, folder: folder.path, errors: .pipe)
        let words = try process.errors?.readToEnd() ?? Data()
        let ending = process.wait()
        // Not #require: every test that needs the certificates must fail, not the first one alone.
        guard ending == RunningProcess.Ending(status: 0, wasSignalled: false) else {
            throw Failed(words: String(decoding: words, as: UTF8.self))
        }
    }

    private struct Failed: Error {
        var words: String
    }

    private static let configuration = """
        [req]
        distinguished_name = name
        x509_extensions = root
        [name]
        [root]
        basicConstraints = critical, CA:true
        keyUsage = critical, keyCertSign
        [ca]
        default_ca = test
        [test]
        database = index.txt
        serial = serial
        new_certs_dir = .
        certificate = anchor.pem
        private_key = anchor-key.pem
        default_md = sha256
        policy = any
        unique_subject = no
        [any]
        commonName = supplied
        [loopback]
        subjectAltName = IP:127.0.0.1, DNS:localhost
        [other_name]
        subjectAltName = DNS:ca.example
        """
}
