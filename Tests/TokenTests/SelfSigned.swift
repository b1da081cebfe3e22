// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport

/// Keys and certificates that `openssl` makes, as people bring them in files.
enum SelfSigned {
    /// A certificate of a key that nobody has.
    static func certificate() async throws -> Certificate {
        let folder = try TemporaryFolder()
        let file = folder.file("certificate.der")
        try await ChildProcess.output(
            of: "openssl",
            [
                "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder.file("key.pem").path, "-subj",
                "/CN=story", "-days", "30", "-outform", "DER", "-out", file.path,
            ]
        )
        return try Certificate(parsing: [UInt8](try Data(contentsOf: file)))
    }

    /// A PKCS#12 file with one key and its certificate.
    static func file(_ key: [String], password: String, _ options: [String] = []) async throws -> [UInt8] {
        let folder = try TemporaryFolder()
        let pem = folder.file("key.pem").path
        let certificate = folder.file("certificate.pem").path
        try await ChildProcess.output(
            of: "openssl",
            ["req", "-x509", "-nodes", "-subj", "/CN=story", "-days", "30", "-keyout", pem, "-out", certificate] + key
        )
        let target = folder.file("key.p12")
        try await ChildProcess.output(
            of: "openssl",
            [
                "pkcs12", "-export", "-inkey", pem, "-in", certificate, "-out", target.path, "-passout",
                "pass:\(password)", "-name", "story",
            ] + options
        )
        return [UInt8](try Data(contentsOf: target))
    }
}

extension Secret {
    /// What a test types.
    static func typed(_ text: String) throws -> Secret {
        let secret = Secret(filling: { room in
            room.copyBytes(from: text.utf8)
            return text.utf8.count
        })
        guard let secret else { throw KeyStoreError(.secretInvalid) }
        return secret
    }
}
