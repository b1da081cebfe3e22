// SPDX-License-Identifier: Apache-2.0

public import Credentials

/// What can be said of a secret before anybody types anything.
public struct SecretStanding: Hashable, Sendable {
    /// Which one.
    public let kind: SecretKind
    /// How near to its blocking it is; `nil` where the device does not tell.
    public let state: SecretState?
    /// How many tries are left, where the device tells exactly.
    public let triesLeft: Int?
    /// Whether the device says that it still has the value of the factory. `false` says nothing: most devices do not
    /// tell, and a try would have to be spent to find out.
    public let isOfFactory: Bool
    /// The lengths in characters that the device takes.
    public let lengths: ClosedRange<Int>
}

extension PKCS11Token {
    /// How a secret stands, read anew; none is asked for.
    ///
    /// - Returns: `nil` for a QPIN that the device does not have.
    public func standing(of kind: SecretKind) -> SecretStanding? {
        if kind == .qpin, !device.secretKinds.contains(.qpin) { return nil }
        let fresh = device.slot(of: kind).flatMap { try? $0.refreshed() }
        let facts = device.profile.knownCare
        var state: SecretState?
        var isOfFactory = false
        if kind != .puk {
            state = fresh?.token.secretState
            isOfFactory = fresh?.token.isUserSecretOfFactory ?? false
        } else if facts.pukIsOfficerPIN {
            state = fresh?.token.officerState
            isOfFactory = fresh?.token.isOfficerSecretOfFactory ?? false
        }
        let left = state == .notInitialised || kind == .puk ? nil : cardSecrets()?.triesLeft(of: kind)
        return SecretStanding(
            kind: kind,
            state: state,
            triesLeft: left,
            isOfFactory: isOfFactory,
            lengths: device.lengths(of: kind)
        )
    }

    /// How many tries are left of each secret, where the card tells exactly: none is asked for, and no try is used.
    public func triesLeft() -> [SecretKind: Int] {
        guard let card = cardSecrets() else { return [:] }
        let told = [SecretKind.pin, .qpin].filter { device.slot(of: $0) != nil }
        return told.reduce(into: [:]) { $0[$1] = card.triesLeft(of: $1) }
    }

    /// Whether the device asks for a secret by itself, so that nobody is asked here.
    public nonisolated func asksByItself(for kind: SecretKind) -> Bool {
        device.asksByItself(for: kind, in: device.slot(of: kind) ?? device.general)
    }

    /// What is lost with a secret that gets blocked.
    func stake(of kind: SecretKind) -> SecretRequest.Stake {
        guard device.profile.knownCare.allBlockedDestroys == true else { return .ordinary }
        let others = [SecretKind.pin, .qpin, .puk].filter { $0 != kind }
        return others.allSatisfy { standing(of: $0)?.state == .locked } ? .lastOfAll : .oneOfSeveral
    }

    /// The card behind the device, where its commands are known and the smart-card service has it.
    func cardSecrets() -> CardSecrets? {
        guard let known = device.profile.knownCare.cards, !known.isEmpty,
            let name = try? device.general.readerName(),
            let atr = (try? CardReader.all())?.first(where: { $0.name == name })?.answerToReset,
            let facts = known.first(where: { $0.fits(atr) })
        else { return nil }
        return CardSecrets(facts: facts, reader: name)
    }
}
