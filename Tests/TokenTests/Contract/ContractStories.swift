// SPDX-License-Identifier: Apache-2.0

import Credentials
import Foundation
import OpenSSLKit
import TestSupport
import Testing

@testable import Token

/// The contract, point by point; each runs in a process of its own on a new device.
struct ContractStories {
    let device: LaneView
    let directory: TokenDirectory

    /// To be called once in a process, before any module is loaded.
    init(adopting device: LaneView) {
        for (name, value) in device.environment { setenv(name, value, 1) }
        self.device = device
        directory = TokenDirectory(modules: .files([device.module]))
    }

    func keep(_ point: ContractPoint) async throws {
        switch point {
        case .enumerate: try await enumerate()
        case .logIn: try await logIn()
        case .wrongPIN: try await wrongPIN()
        case .lockedPIN: try await lockedPIN()
        case .changePIN: try await changePIN()
        case .unblockPIN: try await unblockPIN()
        case .makeRSA2048: try await make(.rsa2048, in: .general)
        case .makeRSA4096: try await make(.rsa4096, in: .general)
        case .makeP256: try await make(.p256, in: .general)
        case .makeP384: try await make(.p384, in: .general)
        case .qualifiedArea: try await make(.rsa2048, in: .qualified)
        case .install: try await install()
        case .list: try await list()
        case .remove: try await remove()
        case .unplug: try await unplug()
        case .replug: try await replug()
        }
        await directory.shutdown()
    }

    /// A person who knows the secrets.
    private var holder: TypedSecrets {
        TypedSecrets(
            pin: Array(repeating: device.pin, count: 8),
            qpin: device.qpin.map { Array(repeating: $0, count: 8) } ?? []
        )
    }

    private func enumerate() async throws {
        let all = try await directory.tokens()
        try #require(all.count == 1)
        try #require(!all[0].identity.label.isEmpty && !all[0].identity.serial.isEmpty)
        try #require(all[0].pin == .ok)
        try #require(all[0].qpin == (device.qpin == nil ? nil : .ok))
        let token = try await directory.open(TokenSelector(all[0].identity))
        try #require(token.token.identity == all[0].identity)
    }

    private func logIn() async throws {
        let token = try await directory.open(nil)
        let secrets = holder
        for _ in 0..<2 {
            let found = try await token.findKey(
                .random(),
                in: .general,
                matching: nil,
                for: .signRequest,
                secrets: secrets
            )
            try #require(found == nil)
        }
        try #require(secrets.questions == [.pin])
    }

    private func wrongPIN() async throws {
        let token = try await directory.open(nil)
        let secrets = TypedSecrets(pin: ["909090", device.pin])
        let error = try await #require(throws: KeyStoreError.self) {
            try await token.generateKey(Story.key(), secrets: secrets)
        }
        try #require(error.code == .secretWrong && error.secret == .pin)
        try #require(error.state == device.stateAfterWrong, "\(String(describing: error.state))")
        try #require(secrets.questions == [.pin])
        _ = try await token.generateKey(Story.key(), secrets: secrets)
        try #require(secrets.questions == [.pin, .pin])
    }

    private func lockedPIN() async throws {
        let wrong = TypedSecrets(pin: Array(repeating: "909090", count: device.tries))
        let token = try await directory.open(nil)
        var last: KeyStoreError?
        for _ in 0..<device.tries {
            last = try await #require(throws: KeyStoreError.self) {
                try await token.generateKey(Story.key(), secrets: wrong)
            }
        }
        // Some say so with the last wrong one, some only when they are asked again.
        if device.tellsTries { try #require(last?.state == .locked) }
        let right = holder
        let locked = try await #require(throws: KeyStoreError.self) {
            try await directory.open(nil).generateKey(Story.key(), secrets: right)
        }
        try #require(locked.code == .secretLocked && locked.secret == .pin)
        // A device that tells saves the person the typing.
        try #require(right.questions == (device.tellsTries ? [] : [.pin]))
        if device.qpin != nil {
            _ = try await directory.open(nil).findKey(
                .random(),
                in: .qualified,
                matching: nil,
                for: .signRequest,
                secrets: right
            )
        }
    }

    private func make(_ algorithm: KeyAlgorithm, in area: KeyArea) async throws {
        let token = try await directory.open(nil)
        let secrets = holder
        try #require(try await token.algorithms(in: area).contains(algorithm))
        let identifier = KeyIdentifier.random()
        let key = try await token.generateKey(Story.key(algorithm, in: area, identifier), secrets: secrets)
        try #require(!key.claims.denyOnDeviceKey, "\(key.claims)")
        let content = ContentToSign.hashing(Array("to be signed".utf8), with: algorithm.digest)
        for _ in 0..<2 {
            let signature = try await key.signingKey.sign(content, secrets: secrets)
            try #require(try await opensslVerifies(signature, of: content, under: key.signingKey.publicKey))
        }
        let again = try await token.findKey(
            identifier,
            in: area,
            matching: key.signingKey.publicKey,
            for: .signRequest,
            secrets: secrets
        )
        try #require(again?.signingKey.publicKey == key.signingKey.publicKey)
    }

    private func install() async throws {
        let token = try await directory.open(nil)
        let (key, certificate) = try await keyWithCertificate(on: token, holder)
        let stored = try #require(try await token.certificates().first)
        try #require(stored.der == certificate.der && stored.identifier == key.identifier && stored.hasKey)
        let signature = try await key.signingKey.sign(Story.content, secrets: holder)
        try #require(certificate.publicKey?.verify(signature, of: Story.content) == true)
    }

    private func list() async throws {
        let first = try await directory.open(nil)
        let (_, certificate) = try await keyWithCertificate(on: first, holder)
        await first.close()
        // As another run would: nobody is asked for anything.
        let second = try await directory.open(nil)
        let all = try await second.certificates()
        try #require(all.map(\.der) == [certificate.der])
        try #require(all.first?.label == "contract")
        await second.close()
    }
}

extension ContractStories {
    private func remove() async throws {
        let secrets = holder
        let first = try await directory.open(nil)
        let (key, certificate) = try await keyWithCertificate(on: first, secrets)
        // A TPM holds three objects at a time: its module makes a second key only in a new session.
        await first.close()
        let token = try await directory.open(nil)
        let kept = try await token.generateKey(Story.key(), secrets: secrets)
        let stored = try #require(try await token.certificates().first { $0.der == certificate.der })
        try await token.remove(stored, secrets: secrets)
        try #require(try await token.certificates().isEmpty)
        let pairs = try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets)
        try #require(pairs.count == 2)
        try await token.remove(try #require(pairs.first { $0.identifier == key.identifier }), secrets: secrets)
        let left = try await token.keyPairs(in: .general, for: .removeObjects, secrets: secrets)
        try #require(left.map(\.identifier) == [kept.identifier])
        // What was not meant still works.
        let signature = try await kept.signingKey.sign(Story.content, secrets: secrets)
        try #require(try await opensslVerifies(signature, of: Story.content, under: kept.signingKey.publicKey))
        try #require(secrets.questions == [.pin, .pin])
    }

    private func unplug() async throws {
        let token = try await directory.open(nil)
        let secrets = holder
        let key = try await token.generateKey(Story.key(), secrets: secrets)
        let started = ContinuousClock.now
        let error: KeyStoreError
        if try await device.unplugDuringGeneration() {
            error = try await #require(throws: KeyStoreError.self) {
                try await token.generateKey(Story.key(), secrets: secrets)
            }
            try #require(error.code == .tokenRemoved, "\(error)")
        } else {
            try await device.unplug()
            error = try await #require(throws: KeyStoreError.self) {
                try await key.signingKey.sign(Story.content, secrets: secrets)
            }
            try #require(error.code == .functionFailed, "\(error)")
        }
        try #require(ContinuousClock.now - started < .seconds(20))
        // Nobody was asked again, and nothing was called a wrong secret.
        try #require(error.secret == nil)
        try #require(secrets.questions == [.pin])
    }

    private func replug() async throws {
        let secrets = holder
        let token = try await directory.open(nil)
        let key = try await token.generateKey(Story.key(), secrets: secrets)
        try await device.unplug()
        _ = try await #require(throws: KeyStoreError.self) {
            try await key.signingKey.sign(Story.content, secrets: secrets)
        }
        if device.lane != .tpm { try await untilNobodyIsThere() }
        try await device.plug()
        if device.lane == .tpm {
            // Its module keeps the broken connection until it is started anew, as the next run does.
            await token.close()
            await directory.shutdown()
        }
        let again = try await directory.open(nil)
        let found = try await again.findKey(
            key.identifier,
            in: .general,
            matching: key.signingKey.publicKey,
            for: .signRequest,
            secrets: secrets
        )
        let signature = try await #require(found).signingKey.sign(Story.content, secrets: secrets)
        try #require(try await opensslVerifies(signature, of: Story.content, under: key.signingKey.publicKey))
        try #require(secrets.questions == [.pin, .pin])
        await again.close()
    }

    /// OpenSC looks at its reader once a second; a card that is back sooner was never away, and fails.
    private func untilNobodyIsThere() async throws {
        let patience = ContinuousClock.now + .seconds(5)
        while try await !directory.tokens().isEmpty {
            try #require(ContinuousClock.now < patience)
            try await Task.sleep(for: .milliseconds(100))
        }
    }

    /// A key on the device and a certificate for it, from another CA than ours: `openssl`.
    private func keyWithCertificate(
        on token: PKCS11Token,
        _ secrets: TypedSecrets
    ) async throws -> (StoredKey, Certificate) {
        let key = try await token.generateKey(Story.key(), secrets: secrets)
        let folder = try TemporaryFolder(named: "contract")
        let (authority, publicKey) = (folder.file("ca.pem").path, folder.file("key.der").path)
        try Data(try key.signingKey.publicKey.subjectPublicKeyInfo()).write(to: folder.file("key.der"))
        try await ChildProcess.output(
            of: "openssl",
            ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", authority]
        )
        try await ChildProcess.output(of: "openssl", ["pkey", "-pubin", "-in", publicKey, "-out", "\(publicKey).pem"])
        try await ChildProcess.output(
            of: "openssl",
            [
                "x509", "-new", "-subj", "/CN=Contract", "-force_pubkey", "\(publicKey).pem", "-signkey", authority,
                "-outform", "DER", "-out", folder.file("certificate.der").path,
            ]
        )
        let der = try Data(contentsOf: folder.file("certificate.der"))
        let certificate = try Certificate(parsing: Array(der))
        try await token.write(certificate, beside: key.identifier, label: "contract", in: .general, secrets: secrets)
        return (key, certificate)
    }
}
