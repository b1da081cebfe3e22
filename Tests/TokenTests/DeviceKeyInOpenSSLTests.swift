// SPDX-License-Identifier: Apache-2.0

import CAClient
import CSRBuilder
import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

@testable import Token

/// A key that never leaves the device, in CMS and in TLS handshakes of OpenSSL; each story in a process of its own.
@Suite struct DeviceKeyInOpenSSLTests {
    @Test func `with its own slot, the QPIN is asked once for everything`() async throws {
        let device = try await SimulatedDevice.provision(model: .separateSlot)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let holder = try await CertificateHolder(path, in: .qualified)
            try await holder.signMessages()
            try await holder.shakeHands()
            #expect(holder.secrets.questions == [.qpin])
        }
        #expect(try device.count(of: "C_Login") == 1)
        #expect(try device.count(of: "C_Sign") == 5, "request, two messages, two handshakes")
    }

    @Test func `a key that always asks gets the QPIN once a signature, and never the PIN`() async throws {
        let device = try await SimulatedDevice.provision(model: .alwaysAuthenticate)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let holder = try await CertificateHolder(path, in: .qualified)
            let before = holder.secrets.questions
            try await holder.signMessages()
            try await holder.shakeHands()
            #expect(before.last == .qpin)
            #expect(holder.secrets.questions.dropFirst(before.count) == [.qpin, .qpin, .qpin, .qpin])
        }
        #expect(try device.count(of: "C_Sign") == 5)
    }

    @Test func `a commercial key asks for the PIN, once`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let holder = try await CertificateHolder(path, in: .general)
            try await holder.signMessages()
            try await holder.shakeHands()
            #expect(holder.secrets.questions == [.pin])
        }
    }

    @Test func `a wrong QPIN in the middle of a handshake costs one try and is told as what it is`() async throws {
        let device = try await SimulatedDevice.provision(model: .alwaysAuthenticate)
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let holder = try await CertificateHolder(path, in: .qualified)
            let wrong = TypedSecrets(qpin: ["00000001"])
            let error = try await holder.handshakeFailure(asking: wrong)
            #expect(error?.code == .clientKeyFailed)
            #expect(error?.keyStoreError == KeyStoreError(.secretWrong))
            #expect(error?.keyStoreError?.secret == .qpin)
            #expect(wrong.questions == [.qpin])
            // The next signature meets nothing of it.
            try await holder.signMessages()
        }
    }

    @Test func `a token that is pulled in the middle of a handshake is told as such`() async throws {
        let device = try await SimulatedDevice.provision()
        await #expect(processExitsWith: .success) { [path = device.path as String] in
            let holder = try await CertificateHolder(path, in: .general)
            let file = URL(fileURLWithPath: "\(path)/simulator.conf")
            let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
            try Data((text + "fault = C_Sign:2 return 0x32\n").utf8).write(to: file, options: .atomic)
            let error = try await holder.handshakeFailure(asking: holder.secrets)
            #expect(error?.code == .clientKeyFailed)
            #expect(error?.keyStoreError?.code == .tokenRemoved)
        }
    }
}

/// A person with a key on the device and a certificate for it.
private struct CertificateHolder {
    let secrets: TypedSecrets
    private let root: TLSServer.Root
    private let token: PKCS11Token
    private let directory: TokenDirectory
    private let certificate: Certificate
    private let key: any SigningKey

    init(_ path: String, in area: KeyArea) async throws {
        setenv("no_proxy", "127.0.0.1", 1)
        (token, _, directory) = try await Story.device(path)
        secrets = TypedSecrets(
            pin: [try SimulatedDevice.secret("pin", of: path)],
            qpin: Array(repeating: try SimulatedDevice.secret("qpin", of: path), count: 8)
        )
        key = try await token.generateKey(Story.key(.rsa2048, in: area), secrets: secrets).signingKey
        let request = try await CSRBuilder(
            subject: SubjectName(name: "Žofie Příšerná", email: nil),
            type: area == .qualified ? .qualified : .commercial,
            holder: .person,
            onQualifiedDevice: false
        ).build(signingWith: key, secrets: secrets)
        root = try await TLSServer.Root()
        certificate = try Certificate(parsing: try await root.issue(for: request.der, named: "holder"))
    }

    /// Two messages, with either padding, read by `openssl cms`.
    func signMessages() async throws {
        let content = Array("a renewal order".utf8)
        for padding in [RSAPadding.pkcs1, .pss] {
            let message = try await SignedMessage.sign(content, as: identity(secrets), padding: padding)
            try Data(message).write(to: root.folder.file("message"))
            let read = try await ChildProcess.output(
                of: "openssl",
                [
                    "cms", "-verify", "-binary", "-inform", "DER", "-in", root.file("message"), "-CAfile",
                    root.file("root.crt"), "-purpose", "any",
                ]
            )
            #expect(Array(read.utf8) == content)
        }
    }

    /// A handshake in each version of TLS.
    func shakeHands() async throws {
        for version in ["-tls1_2", "-tls1_3"] {
            let server = try TLSServer(root, version)
            let client = try client(of: server, asking: secrets)
            #expect(try await client.certifiedDevices(unless: nil)?.devices.isEmpty == true)
        }
    }

    func handshakeFailure(asking secrets: TypedSecrets) async throws -> CAError? {
        let server = try TLSServer(root)
        let client = try client(of: server, asking: secrets)
        do throws(CAError) {
            _ = try await client.certifiedDevices(unless: nil)
            return nil
        } catch {
            return error
        }
    }

    private func identity(_ secrets: TypedSecrets) throws -> SigningIdentity {
        try SigningIdentity(certificate: certificate, chain: [], key: key, secrets: secrets)
    }

    private func client(of server: TLSServer, asking secrets: TypedSecrets) throws -> EnrollmentAPIClient {
        let url = try #require(URL(string: "https://127.0.0.1:\(server.port)/"))
        return try EnrollmentAPIClient(
            profile: CAProfile(name: "test", url: url, anchorFile: root.file("root.crt")),
            identity: try identity(secrets)
        )
    }
}
