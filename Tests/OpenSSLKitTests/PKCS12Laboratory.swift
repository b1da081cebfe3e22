// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport

/// PKCS#12 files as other programs write them, and what comes of opening one.
struct PKCS12Laboratory {
    let folder: TemporaryFolder

    init() async throws {
        folder = try TemporaryFolder(named: "pkcs12")
        try await ChildProcess.output(
            of: "openssl",
            ["req", "-x509", "-nodes", "-subj", "/CN=x", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
                + ["-keyout", folder.file("k.pem").path, "-out", folder.file("c.pem").path]
        )
    }

    /// A file of OpenSSL's command.
    func exported(_ options: [String] = [], password: String = "heslo") async throws -> [UInt8] {
        let target = folder.file("x.p12")
        try Data((password + "\n").utf8).write(to: folder.file("password"))
        let inputs =
            options.contains("-nokeys") ? [] : ["-inkey", folder.file("k.pem").path, "-name", "klíč"]
        try await ChildProcess.output(
            of: "openssl",
            ["pkcs12", "-export", "-in", folder.file("c.pem").path, "-out", target.path]
                + ["-passout", "file:\(folder.file("password").path)"] + inputs + options
        )
        return [UInt8](try Data(contentsOf: target))
    }

    /// A file without a check gets one that other code computes.
    func sealed(_ bytes: [UInt8], _ wishes: String) async throws -> [UInt8] {
        let (open, target) = (folder.file("open.p12"), folder.file("sealed.p12"))
        try Data(bytes).write(to: open)
        let script = BuildProducts.sources.appendingPathComponent("Tests/OpenSSLKitTests/seal-pkcs12").path
        try await ChildProcess.output(of: "python3", [script, open.path, target.path, wishes])
        return [UInt8](try Data(contentsOf: target))
    }

    /// What opening says; `nil` when key and certificate are there and belong together.
    static func code(_ bytes: [UInt8], _ text: String = "heslo") throws -> PKCS12Error.Code? {
        do throws(PKCS12Error) {
            _ = try open(bytes, text)
            return nil
        } catch {
            return error.code
        }
    }

    /// Opens a file and says whether the password had to be taken as old programs take it.
    static func open(_ bytes: [UInt8], _ text: String = "heslo") throws(PKCS12Error) -> Bool {
        let opened = try PKCS12(reading: bytes, password: try password(text))
        guard opened.key.publicKey.algorithm == .p256, opened.chain.count == 1 else { throw PKCS12Error(.failed) }
        return opened.usesOldPasswordForm
    }

    /// A password.
    static func password(_ text: String) throws(PKCS12Error) -> FilePassword {
        let made = FilePassword(filling: { room in
            room.copyBytes(from: text.utf8)
            return text.utf8.count
        })
        guard let made else { throw PKCS12Error(.failed) }
        return made
    }
}

extension String {
    /// The text whose UTF-8 is this text's UTF-8, each byte taken for a character.
    var byteWise: String { String(utf8.map { Character(Unicode.Scalar($0)) }) }

    /// The bytes as hexadecimal.
    var hexadecimal: String { Digests.hexadecimal(Array(utf8)) }

    /// UTF-16 with a terminator, as RFC 7292 wants passwords.
    var wideHexadecimal: String {
        Digests.hexadecimal(utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] } + [0, 0])
    }
}
