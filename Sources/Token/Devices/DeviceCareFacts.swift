// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// How the secrets of a kind of device are changed and unblocked: the part `care` of a profile.
struct DeviceCareFacts: Codable, Sendable {
    /// How C_SetPIN changes PIN and QPIN.
    enum Change: String, Codable, CaseIterable, Sendable {
        /// In a session that nobody is logged in to: one call, one try.
        case publicSession
        /// Only after a login. The value that the login proved right is given again within the same session.
        case userSession
    }

    /// How PKCS#11 gives a blocked PIN a new value.
    enum Unblock: String, Codable, CaseIterable, Sendable {
        /// The PUK is the security officer's PIN: C_Login, C_InitPIN.
        case initPIN
        /// C_SetPIN takes the PUK for the old value while nobody is logged in.
        case setPIN
        /// Not at all.
        case none
    }

    let change: Change
    let unblock: Unblock
    /// Whether PIN and QPIN each have a PUK of their own.
    let pukPerSecret: Bool?
    /// Whether the chip is lost when PIN, QPIN and PUK are all blocked.
    let allBlockedDestroys: Bool?
    /// Cards whose commands are known.
    let cards: [CardFacts]?
    let source: String

    /// What PKCS#11 2.40 says (section 5.6, C_InitPIN, C_SetPIN).
    static let standard = DeviceCareFacts(
        change: .publicSession,
        unblock: .initPIN,
        pukPerSecret: nil,
        allBlockedDestroys: nil,
        cards: nil,
        source: ""
    )

    /// Whether the PUK is the security officer's PIN, so that its state shows and it can be changed.
    var pukIsOfficerPIN: Bool { unblock == .initPIN }
}

/// How a kind of card takes its secrets in commands of ISO 7816-4.
struct CardFacts: Codable, Sendable {
    /// The secret's number (P2 of VERIFY and RESET RETRY COUNTER).
    struct References: Codable, Sendable {
        let pin: UInt8?
        let qpin: UInt8?
    }

    let atrs: [DeviceProfile.ATR]
    /// The application that has to be selected first, hexadecimal.
    let application: String?
    let references: References
    /// Every secret is filled up to this length, in bytes.
    let paddedLength: Int
    let padding: UInt8
    let source: String

    func reference(of secret: SecretKind) -> UInt8? {
        switch secret {
        case .pin: references.pin
        case .qpin: references.qpin
        case .puk, .password: nil
        }
    }

    func fits(_ answerToReset: [UInt8]) -> Bool { atrs.contains { $0.pattern?.fits(answerToReset) ?? false } }
}

/// Bytes from hexadecimal text; `nil` when it is none.
func hexadecimal(_ text: String) -> [UInt8]? {
    let digits = Array(text.utf8)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
        guard let byte = UInt8(String(decoding: digits[index...index + 1], as: UTF8.self), radix: 16) else {
            return nil
        }
        bytes.append(byte)
    }
    return bytes
}
