// SPDX-License-Identifier: Apache-2.0

import Crypto
import Foundation
import SwiftASN1
import X509

/// One certification authority: a key, its certificate, and what leads to the root.
struct Issuer: Sendable {
    let name: String
    let key: P256.Signing.PrivateKey
    let certificate: Certificate
    let chain: [Certificate]

    /// Signs a certificate.
    func issue(
        to subject: DistinguishedName,
        key publicKey: Certificate.PublicKey,
        from notBefore: Date,
        to notAfter: Date,
        extensions: [Certificate.Extension]
    ) throws -> Certificate {
        try Certificate(
            version: .v3,
            serialNumber: .random(),
            publicKey: publicKey,
            notValidBefore: notBefore,
            notValidAfter: notAfter,
            issuer: certificate.subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions(extensions),
            issuerPrivateKey: Certificate.PrivateKey(key)
        )
    }

    /// The same issuer with a key that its certificate does not know.
    var withOtherKey: Issuer {
        Issuer(name: name, key: P256.Signing.PrivateKey(), certificate: certificate, chain: chain)
    }

    /// Signs anything else: revocation lists and answers of the responder.
    func sign(_ bytes: [UInt8]) throws -> [UInt8] { [UInt8](try key.signature(for: bytes).derRepresentation) }
}

/// The hierarchy: a root, the CA for qualified certificates, the one for commercial certificates, and the server's own
/// certificate, which the root signs too. Kept as PEM files, made when they are missing.
struct Authority: Sendable {
    let root: Issuer
    let qualified: Issuer
    let commercial: Issuer
    let serverCertificate: URL
    let serverKey: URL
    /// The file that clients trust.
    let bundle: URL

    init(directory: URL) throws {
        let folder = directory.appending(path: "ca")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        root = try Self.issuer("Mock Root CA", in: folder, file: "root", under: nil)
        qualified = try Self.issuer("Mock Qualified CA", in: folder, file: "qualified", under: root)
        commercial = try Self.issuer("Mock Public CA", in: folder, file: "public", under: root)
        bundle = directory.appending(path: "ca-bundle.pem")
        try Data(try root.certificate.serializeAsPEM().pemString.utf8 + [10]).write(to: bundle, options: .atomic)
        serverCertificate = folder.appending(path: "server.pem")
        serverKey = folder.appending(path: "server.key")
        if !FileManager.default.fileExists(atPath: serverCertificate.path) { try makeServerCertificate() }
    }

    func issuer(of type: Profile.Kind) -> Issuer { type == .qualified ? qualified : commercial }

    func issuer(named name: String) -> Issuer? { ["qualified": qualified, "public": commercial, "root": root][name] }

    /// A chain that leads nowhere: the same names, other keys.
    func impostor(of type: Profile.Kind) throws -> Issuer {
        let genuine = issuer(of: type)
        let folder = FileManager.default.temporaryDirectory.appending(path: "impostor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let root = try Self.issuer("Mock Root CA", in: folder, file: "root", under: nil)
        return try Self.issuer(genuine.name, in: folder, file: "impostor", under: root)
    }

    private static func issuer(_ name: String, in folder: URL, file: String, under parent: Issuer?) throws -> Issuer {
        let keyFile = folder.appending(path: "\(file).key")
        let certificateFile = folder.appending(path: "\(file).pem")
        let key: P256.Signing.PrivateKey
        if let pem = try? String(contentsOf: keyFile, encoding: .utf8) {
            key = try P256.Signing.PrivateKey(pemRepresentation: pem)
        } else {
            key = P256.Signing.PrivateKey()
            try writeSecret(key.pemRepresentation, to: keyFile)
        }
        let certificate: Certificate
        if let pem = try? String(contentsOf: certificateFile, encoding: .utf8) {
            certificate = try Certificate(pemEncoded: pem)
        } else {
            certificate = try authorityCertificate(name, key: key, under: parent)
            try Data(try certificate.serializeAsPEM().pemString.utf8).write(to: certificateFile)
        }
        let chain = parent.map { [$0.certificate] + $0.chain } ?? []
        return Issuer(name: name, key: key, certificate: certificate, chain: chain)
    }

    private static func authorityCertificate(
        _ name: String,
        key: P256.Signing.PrivateKey,
        under parent: Issuer?
    ) throws -> Certificate {
        let subject = try Subject.authority(name)
        let publicKey = Certificate.PublicKey(key.publicKey)
        let identifier = SubjectKeyIdentifier(hash: publicKey)
        let parentIdentifier = parent.map {
            SubjectKeyIdentifier(hash: Certificate.PublicKey($0.key.publicKey)).keyIdentifier
        }
        let constraints = BasicConstraints.isCertificateAuthority(maxPathLength: parent == nil ? nil : 0)
        var extensions = [
            try Certificate.Extension(constraints, critical: true),
            try Certificate.Extension(KeyUsage(keyCertSign: true, cRLSign: true), critical: true),
            try Certificate.Extension(identifier, critical: false),
        ]
        if let parentIdentifier {
            let authority = AuthorityKeyIdentifier(keyIdentifier: parentIdentifier)
            extensions.append(try Certificate.Extension(authority, critical: false))
            let anyPolicy: ASN1ObjectIdentifier = [2, 5, 29, 32, 0]
            extensions.append(try Profile.policies([anyPolicy]))
        }
        return try Certificate(
            version: .v3,
            serialNumber: .random(),
            publicKey: publicKey,
            notValidBefore: Date() - 3_600,
            notValidAfter: Date() + 10 * 365 * 86_400,
            issuer: parent?.certificate.subject ?? subject,
            subject: subject,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: Certificate.Extensions(extensions),
            issuerPrivateKey: Certificate.PrivateKey(parent?.key ?? key)
        )
    }

    private func makeServerCertificate() throws {
        let key = P256.Signing.PrivateKey()
        let publicKey = Certificate.PublicKey(key.publicKey)
        let address = GeneralName.ipAddress(ASN1OctetString(contentBytes: [127, 0, 0, 1]))
        let names = SubjectAlternativeNames([.dnsName("localhost"), address])
        let rootIdentifier = SubjectKeyIdentifier(hash: Certificate.PublicKey(root.key.publicKey)).keyIdentifier
        let certificate = try root.issue(
            to: try DistinguishedName { CommonName("localhost") },
            key: publicKey,
            from: Date() - 3_600,
            to: Date() + 397 * 86_400,
            extensions: [
                try Certificate.Extension(names, critical: false),
                try Certificate.Extension(KeyUsage(digitalSignature: true), critical: true),
                try Certificate.Extension(try ExtendedKeyUsage([.serverAuth]), critical: false),
                try Certificate.Extension(AuthorityKeyIdentifier(keyIdentifier: rootIdentifier), critical: false),
                try Certificate.Extension(SubjectKeyIdentifier(hash: publicKey), critical: false),
            ]
        )
        try Self.writeSecret(key.pemRepresentation, to: serverKey)
        // The root goes along, as many a CA does it that is in no system's store.
        let chain = try [certificate, root.certificate].map { try $0.serializeAsPEM().pemString + "\n" }.joined()
        try Data(chain.utf8).write(to: serverCertificate)
    }

    private static func writeSecret(_ text: String, to file: URL) throws {
        let done = FileManager.default.createFile(
            atPath: file.path,
            contents: Data(text.utf8),
            attributes: [.posixPermissions: 0o600]
        )
        guard done else { throw CocoaError(.fileWriteUnknown) }
    }
}

extension Certificate.SerialNumber {
    /// Sixteen random bytes, positive whatever they are (RFC 5280, section 4.1.2.2).
    fileprivate static func random() -> Self {
        var bytes = (0..<16).map { _ in UInt8.random(in: .min ... .max) }
        bytes[0] = bytes[0] & 0x7F | 0x40
        return Self(bytes: bytes)
    }
}
