// SPDX-License-Identifier: Apache-2.0

import CP11Kit
import Credentials
import TestSupport
import Testing

@testable import Token

/// Keys that want a code for every signature without having said so beforehand, and people in a hurry.
@Suite struct SignatureCodeTests {
    @Test(arguments: [("SoftHSM", "pin"), ("unknown", "qpin")])
    func `a key found without its claims is tried first, then the profile says whose code it wants`(
        profile: String,
        asked: String
    ) async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) {
            [path = hsm.path as String, name = profile as String, asked = asked as String] in
            SoftHSM.adopt(path)
            let slot = try #require(try Slot.all(of: Module.load(path: SoftHSM.loggingModule)).first)
            let catalogue = DeviceCatalogue.builtIn
            let maker = try #require(catalogue.profiles.first { $0.name == "ProID+Q" })
            let secrets = TypedSecrets(pin: ["123456"])
            let identifier = KeyIdentifier.random()
            let made = try await PKCS11Token(Device(general: slot, signature: nil, profile: maker))
                .generateKey(Story.key(.rsa2048, in: .qualified, identifier), secrets: secrets)

            let finder = catalogue.profiles.first { $0.name == name } ?? .unknown
            let token = PKCS11Token(Device(general: slot, signature: nil, profile: finder))
            let person = TypedSecrets(pin: ["123456", "123456"], qpin: ["123456"])
            let key = try #require(
                try await token.findKey(
                    identifier,
                    in: .general,
                    matching: made.signingKey.publicKey,
                    for: .installCertificate,
                    secrets: person
                )
            )
            #expect(key.claims.alwaysAuthenticate == .unreported)
            let signature = try await key.signingKey.sign(Story.content, secrets: person)
            #expect(try await opensslVerifies(signature, of: Story.content, under: made.signingKey.publicKey))
            #expect(person.questions.map(\.rawValue) == ["pin", asked])
        }
    }

    @Test func `two who need the PIN at once cause one question`() async throws {
        let hsm = try await SoftHSM.provision([.init(label: "DEV", pin: "123456")])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let token = try await Story.directory(path).open(nil)
            let secrets = TypedSecrets(pin: ["123456"])
            async let first = token.generateKey(Story.key(.p256), secrets: secrets)
            async let second = token.generateKey(Story.key(.p256), secrets: secrets)
            let keys = try await [first, second]
            #expect(keys[0].signingKey.publicKey != keys[1].signingKey.publicKey)
            #expect(secrets.questions == [.pin])
        }
        #expect(try hsm.calls().filter { $0 == "C_Login" }.count == 1)
    }

    @Test func `a QPIN slot without its partner is not offered as a device`() async throws {
        // SoftHSM gives each token its own serial number, so that the two are no device together.
        let hsm = try await SoftHSM.provision([
            .init(label: "DEV", pin: "123456"), .init(label: "DEV (QPIN)", pin: "654321"),
        ])
        await #expect(processExitsWith: .success) { [path = hsm.path as String] in
            let tokens = try await Story.directory(path).tokens()
            #expect(tokens.map(\.identity.label) == ["DEV"])
            #expect(tokens.first?.qpin == nil)
        }
    }

    @Test(arguments: [
        (CKF_USER_PIN_INITIALIZED, SecretState.ok), (CKF_USER_PIN_INITIALIZED | CKF_USER_PIN_COUNT_LOW, .low),
        (CKF_USER_PIN_INITIALIZED | CKF_USER_PIN_COUNT_LOW | CKF_USER_PIN_FINAL_TRY, .final),
        (CKF_USER_PIN_INITIALIZED | CKF_USER_PIN_LOCKED, .locked), (0, .notInitialised),
    ])
    func `flags tell the state of the PIN, and absurd numbers tell nothing`(flags: CK_FLAGS, state: SecretState) {
        var info = CK_TOKEN_INFO()
        info.flags = flags | CKF_LOGIN_REQUIRED
        info.ulMinPinLen = 9
        info.ulMaxPinLen = 3
        info.ulTotalPublicMemory = CK_ULONG.max
        let token = TokenInfo(info)
        #expect(token.secretState == state)
        #expect(token.secretLengths == nil && token.memory == nil && token.firmware == nil)
    }
}
