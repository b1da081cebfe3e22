// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// What shows that a secret is not what its owner means by it, and how to mend that. The value itself is never quoted.
enum SecretFlawWords {
    /// - Parameters:
    ///   - place: the file or descriptor; empty for what was typed.
    ///   - secret: what it was to be.
    static func english(_ flaw: SecretFlaw?, _ place: String, _ secret: String, isPassword: Bool) -> Wording {
        let place = place.isEmpty ? "what was typed" : place
        let wording =
            switch flaw {
            case .byteOrderMark:
                Wording(
                    "\(place) begins with a byte-order mark, which is no part of the \(secret)",
                    "save it without one"
                )
            case .zeroByte:
                Wording(
                    "\(place) holds a zero byte, as text in UTF-16 does: it is no \(secret)",
                    "save it as plain text, in UTF-8 without a byte-order mark"
                )
            case .outerBlank:
                Wording(
                    "\(place) begins or ends with a blank, which can hardly be meant as a part of the \(secret)",
                    "take away spaces, tabs and invisible characters at its beginning and end"
                )
            case .controlCharacter, nil:
                Wording(
                    "\(place) holds a control character, which is no part of the \(secret)",
                    "its first line is to be the \(secret), alone"
                )
            }
        return wording.adding(isPassword ? nil : "nothing was sent to the device; no try was used")
    }

    /// Likewise, česky.
    static func czech(_ flaw: SecretFlaw?, _ place: String, isPassword: Bool) -> Wording {
        let place = place.isEmpty ? "zadaný údaj" : place
        let wording =
            switch flaw {
            case .byteOrderMark:
                Wording(
                    "\(place): na začátku je značka pořadí bajtů (BOM), která k tajnému údaji nepatří",
                    "uložte soubor bez ní"
                )
            case .zeroByte:
                Wording(
                    "\(place): obsahuje nulový bajt jako text v UTF-16; tajný údaj to není",
                    "uložte soubor jako prostý text v UTF-8 bez značky pořadí bajtů"
                )
            case .outerBlank:
                Wording(
                    "\(place): na začátku nebo na konci je mezera, která k tajnému údaji sotva patří",
                    "odstraňte z obou konců mezery, tabulátory a neviditelné znaky"
                )
            case .controlCharacter, nil:
                Wording(
                    "\(place): obsahuje řídicí znak, který k tajnému údaji nepatří",
                    "na prvním řádku má být jen tajný údaj"
                )
            }
        return wording.adding(isPassword ? nil : "zařízení se nic neposlalo; žádný pokus se nespotřeboval")
    }
}
