// SPDX-License-Identifier: Apache-2.0

import CP11Kit
import Credentials
import Testing

@testable import Token

@Suite struct ReadingTests {
    @Test func `a URI names a token by its parts`() throws {
        let selector = try TokenSelector(parsing: "pkcs11:token=My%20Card;serial=0042")
        #expect(selector.matches(identity(label: "My Card", serial: "0042")))
        #expect(!selector.matches(identity(label: "My Card", serial: "0043")))
    }

    @Test(arguments: [
        "", "pkcs11:token=%zz", "pkcs11:token=T?pin-value=1234", "pkcs11:token=T?pin-source=file:/x",
        "PKCS11:token=T?pin-value=1234", "pkcs11:slot-id=1", "pkcs11:nonsense=1",
        "pkcs11:token=T?module-path=/x.so", "pkcs11:token=T?module-name=x", "pkcs11:library-manufacturer=x",
    ])
    func `a selector that is none, or carries a PIN, is refused without repeating it`(text: String) {
        let error = #expect(throws: KeyStoreError.self) { try TokenSelector(parsing: text) }
        #expect(error?.code == .selectorInvalid)
        #expect(error?.candidates == [])
    }

    @Test func `text of a token loses padding, control characters and direction marks`() {
        #expect(TokenText.clean(Array("  card \u{1B}[2J\u{202E}x   ".utf8), limit: 32) == "card \u{FFFD}[2J\u{FFFD}x")
        #expect(TokenText.clean([0x41, 0xFF, 0x42], limit: 32) == "A\u{FFFD}B")
        #expect(TokenText.clean(Array(repeating: 0x41, count: 999), limit: 32).count == 32)
    }

    @Test func `a list of CAs that programs believe is no device, and a token that takes a PIN is one`() {
        func info(_ model: String, _ flags: CK_FLAGS) -> TokenInfo {
            var info = CK_TOKEN_INFO()
            info.flags = flags
            withUnsafeMutableBytes(of: &info.model) { $0.copyBytes(from: Array(model.utf8)) }
            return TokenInfo(info)
        }
        let readOnly = CK_FLAGS(CKF_TOKEN_INITIALIZED | CKF_WRITE_PROTECTED)
        #expect(info("p11-kit-trust", CK_FLAGS(CKF_TOKEN_INITIALIZED)).isTrustStore)
        #expect(info("1", readOnly).isTrustStore)
        #expect(!info("card", readOnly | CK_FLAGS(CKF_LOGIN_REQUIRED)).isTrustStore)
        #expect(!info("card", readOnly | CK_FLAGS(CKF_USER_PIN_INITIALIZED)).isTrustStore)
        #expect(!info("SoftHSM v2", CK_FLAGS(CKF_TOKEN_INITIALIZED | CKF_RNG)).isTrustStore)
    }

    @Test(arguments: [
        (CKR_PIN_INCORRECT, KeyStoreError.Code.secretWrong), (CKR_PIN_LOCKED, .secretLocked),
        (CKR_PIN_LEN_RANGE, .secretInvalid), (CKR_DEVICE_MEMORY, .tokenFull), (CKR_DEVICE_REMOVED, .tokenRemoved),
        (CKR_TOKEN_NOT_PRESENT, .tokenRemoved), (CKR_GENERAL_ERROR, .functionFailed),
        (CKR_MECHANISM_INVALID, .algorithmNotOffered), (0x8000_0001, .functionFailed), (0x7FFF, .functionFailed),
    ])
    func `return values become errors, and an unknown one is never a wrong PIN`(
        value: CK_RV,
        code: KeyStoreError.Code
    ) {
        let error = #expect(throws: KeyStoreError.self) { try check(value, "C_Login", secret: .pin) }
        #expect(error?.code == code)
        #expect(error?.returnValue == UInt(value))
    }

    @Test func `the profiles are readable, and an unknown token is never qualified`() {
        let catalogue = DeviceCatalogue.builtIn
        #expect(catalogue.profiles.count >= 7)
        for label in ["ProID+Q", "QSCD", ""] {
            let profile = catalogue.profile(for: identity(label: label), moduleFile: "/usr/lib/libproidqcm11.so")
            #expect(profile.kind == .unknown)
        }
        #expect(catalogue.profile(for: identity(model: "ProID+Q"), moduleFile: "").kind == .qualifiedDevice)
        #expect(catalogue.profile(for: identity(model: "SoftHSM v2"), moduleFile: "").kind == .software)
    }

    @Test func `a denial that a profile knows to be wrong is unreported, an affirmation stays`() {
        let said = KeyClaims(local: .no, sensitive: .yes, neverExtractable: .no, alwaysAuthenticate: .no)
        let openSC = DeviceCatalogue.builtIn.profile(for: identity(model: "PKCS#15"), moduleFile: "")
        let corrected = openSC.corrected(said)
        #expect(corrected.local == .unreported && corrected.sensitive == .yes && !corrected.denyOnDeviceKey)
        #expect(DeviceProfile.unknown.corrected(said) == said)
    }
}

private func identity(label: String = "", serial: String = "", model: String = "") -> TokenIdentity {
    TokenIdentity(label: label, serial: serial, manufacturer: "", model: model)
}
