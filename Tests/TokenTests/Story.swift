// SPDX-License-Identifier: Apache-2.0

import Credentials
import OpenSSLKit
import TestSupport

@testable import Token

/// What the stories on a SoftHSM token share. Each runs in a process of its own.
enum Story {
    static let content = ContentToSign.hashing(Array("to be signed".utf8), with: .sha256)

    /// The simulated device of a folder, open, with a person who knows its secrets.
    static func device(_ path: String) async throws -> (PKCS11Token, TypedSecrets, TokenDirectory) {
        SimulatedDevice.adopt(path)
        let directory = TokenDirectory(modules: .files([try SimulatedDevice.module()]))
        let pin = try SimulatedDevice.secret("pin", of: path)
        let qpin = try SimulatedDevice.secret("qpin", of: path)
        let secrets = TypedSecrets(
            pin: Array(repeating: pin, count: 4),
            qpin: Array(repeating: qpin, count: 4)
        )
        return (try await directory.open(nil), secrets, directory)
    }

    static func directory(_ path: String, module: String = SoftHSM.loggingModule) -> TokenDirectory {
        SoftHSM.adopt(path)
        return TokenDirectory(modules: .files([module]))
    }

    static func key(
        _ algorithm: KeyAlgorithm = .rsa2048,
        in area: KeyArea = .general,
        _ identifier: KeyIdentifier = .random()
    ) -> KeySpecification {
        KeySpecification(identifier: identifier, algorithm: algorithm, area: area, label: "story", mayDecrypt: false)
    }

    /// A certificate as far as a token looks into one.
    static let certificate = Certificate(
        der: [0x30, 0x03, 0x02, 0x01, 0x05],
        subject: [0x30, 0x00],
        issuer: [0x30, 0x00],
        serialNumber: [0x02, 0x01, 0x01],
        publicKey: nil
    )

    /// Two tokens of SoftHSM as the two slots of one device.
    static func twoSlots(_ path: String) throws -> PKCS11Token {
        SoftHSM.adopt(path)
        let slots = try Slot.all(of: Module.load(path: SoftHSM.loggingModule))
        let general = try slot(slots, "DEV")
        let signature = try slot(slots, "DEV (QPIN)")
        return PKCS11Token(Device(general: general, signature: signature, profile: .unknown))
    }

    private static func slot(_ slots: [Slot], _ label: String) throws -> Slot {
        guard let slot = slots.first(where: { $0.token.identity.label == label }) else {
            throw KeyStoreError(.tokenNotFound)
        }
        return slot
    }
}
