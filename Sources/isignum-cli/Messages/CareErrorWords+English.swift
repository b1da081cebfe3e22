// SPDX-License-Identifier: Apache-2.0

internal import Credentials

extension EnglishErrorWords {
    /// What went wrong with the device's own secrets.
    func care(_ error: KeyStoreError, of secret: String) -> Wording {
        let command = error.secret?.rawValue ?? "pin"
        switch error.code {
        case .secretIsFactory:
            let change =
                error.canBeMendedHere
                ? "change it with isignum device \(command)"
                : "change it with its maker's own software: no way is known to do so from here"
            guard error.keyWasMade else {
                return Wording(
                    "the \(secret) is still the one that the device came with, so no key was made; no try was used",
                    "\(change), then begin again"
                )
            }
            return Wording(
                "the \(secret) is still the one that the device came with, so nothing was signed; no try was used",
                change,
                "the key was made and is kept; \(carryOn)"
            )
        case .secretUncertain:
            return Wording(
                "the device broke off while the \(secret) was changed; it cannot be known which value counts",
                "next time give the new one first; if it is wrong, the old one counts",
                "nothing was tried to find out, that would cost a try"
            )
        case .changeNotOffered:
            return Wording(
                "no way is known in which this device lets the \(secret) be changed from here",
                "its maker's own software can"
            )
        case .unblockNotOffered where error.returnValue != nil:
            return Wording(
                "the module of the token does not unblock the \(secret); the PUK was not called wrong",
                "with OpenSC, opensc.conf needs user_pin_unblock_style = set_pin_in_unlogged_session",
                "or use the maker's own software"
            )
        case .unblockNotOffered:
            return Wording(
                "no way is known in which this device lets the \(secret) be set anew with the PUK as it stands",
                "its maker's own software may know more"
            )
            .adding(error.canBeMendedHere ? "one that is not blocked is changed with isignum device \(command)" : nil)
        case .newSecretOnDevice:
            return Wording(
                "the device asks for the new \(secret) itself; what --new-\(command)-from names cannot serve",
                "leave it out and type the new one on the device; nothing was changed"
            )
        default:
            return Wording(
                "the new \(secret) was not taken: \(refusal(error.refusal))",
                "the old one counts; no try was used"
            )
        }
    }

    /// A PIN or QPIN that is blocked, and who sets it anew.
    func blocked(_ error: KeyStoreError, _ secret: String) -> Wording {
        let command = "isignum device unblock \(error.secret == .qpin ? "qpin" : "pin")"
        return Wording(
            "the \(secret) is blocked",
            error.canBeMendedHere
                ? "\(command) sets it anew with the PUK; nothing is lost"
                : "no way is known to set it anew from here: its maker's own software does, with the PUK; nothing is lost"
        )
    }

    /// Why a new value is no good.
    func refusal(_ refusal: NewSecretRefusal?) -> String {
        switch refusal {
        case .tooShort: "it is too short"
        case .tooLong: "it is too long"
        case .characters: "it has a blank at an end, or characters that not every keypad can type"
        case .sequence: "it is a row of characters, as 1234"
        case .repetition: "it repeats itself, as 0000 or 1212"
        case .date: "it is a date or a year, which a thief would try first"
        case .sameAsOld: "it is the old one"
        case .sameAsPUK: "it is the PUK"
        case .factory: "it is a value of the factory, which everybody can read about"
        case .byDevice: "the device refuses it"
        case nil: "there is none"
        }
    }
}
