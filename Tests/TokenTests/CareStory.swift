// SPDX-License-Identifier: Apache-2.0

import Credentials
import TestSupport
import Testing

@testable import Token

/// What the stories about secrets share.
extension Story {
    /// A person who knows the secrets of the device in a folder, each for two typings, and chooses new values.
    static func person(_ path: String, new: [String]) throws -> TypedSecrets {
        func twice(_ name: String) throws -> [String] {
            Array(repeating: try SimulatedDevice.secret(name, of: path), count: 2)
        }
        return TypedSecrets(pin: try twice("pin"), qpin: try twice("qpin"), puk: try twice("puk"), new: new)
    }

    /// Wrong tries until a secret is blocked.
    static func block(_ kind: SecretKind, on token: PKCS11Token) async throws {
        let wrong = Array(repeating: "99887766", count: 3)
        let secrets = TypedSecrets(pin: wrong, qpin: wrong)
        for _ in 0..<3 {
            do throws(KeyStoreError) {
                let area = kind == .qpin ? KeyArea.qualified : .general
                _ = try await token.generateKey(key(in: area), secrets: secrets)
            } catch {
                guard error.code == .secretWrong || error.code == .secretLocked else { throw error }
            }
        }
        await token.close()
    }

    /// OpenSC's ways: C_SetPIN takes the PUK while nobody is logged in.
    static let openSCCare = DeviceCareFacts(
        change: .userSession,
        unblock: .setPIN,
        pukPerSecret: true,
        allBlockedDestroys: nil,
        cards: nil,
        source: ""
    )

    /// The simulated device of a folder under a profile with other ways of care.
    static func device(
        _ path: String,
        care: DeviceCareFacts? = nil,
        qpinModel: DeviceProfile.QPINModel? = nil,
        protectedPath: [SecretKind] = []
    ) throws -> PKCS11Token {
        SimulatedDevice.adopt(path)
        let slots = try Slot.all(of: Module.load(path: try SimulatedDevice.module()))
        let known = try #require(Device.devices(in: slots).first)
        let profile = DeviceProfile(
            name: "test",
            kind: .card,
            match: known.profile.match,
            modules: nil,
            secrets: known.profile.secrets.map { secrets in
                DeviceProfile.Secrets(
                    pin: secrets.pin,
                    qpin: secrets.qpin,
                    puk: secrets.puk,
                    qpinModel: qpinModel ?? secrets.qpinModel,
                    qpinSlotLabels: nil,
                    contextLogin: secrets.contextLogin,
                    writingNeedsBothLogins: nil,
                    protectedPath: protectedPath,
                    source: ""
                )
            },
            keys: nil,
            qualifiedCertificates: nil,
            claims: nil,
            care: care
        )
        return PKCS11Token(Device(general: known.general, signature: known.signature, profile: profile))
    }
}
