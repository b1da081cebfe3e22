// SPDX-License-Identifier: Apache-2.0

internal import Credentials

extension CzechErrorWords {
    /// Co se nepovedlo s údaji samotného zařízení.
    func care(_ error: KeyStoreError, of secret: String) -> Wording {
        let command = error.secret?.rawValue ?? "pin"
        switch error.code {
        case .secretIsFactory:
            let change =
                error.canBeMendedHere
                ? "změňte ho příkazem isignum device \(command)"
                : "změňte ho v programu výrobce: odtud to podle toho, co je známo, nejde"
            guard error.keyWasMade else {
                return Wording(
                    "\(secret) je ještě tovární, proto klíč nevznikl; žádný pokus se nespotřeboval",
                    "\(change); pak začněte znovu"
                )
            }
            return Wording(
                "\(secret) je ještě tovární, proto se nic nepodepsalo; žádný pokus se nespotřeboval",
                change,
                "klíč vznikl a zůstává; \(carryOn)"
            )
        case .secretUncertain:
            return Wording(
                "zařízení přestalo odpovídat uprostřed změny (\(secret)); nelze zjistit, která hodnota platí",
                "příště zadejte nejprve novou; bude-li chybná, platí stará",
                "zjišťovat se to nezkoušelo, stálo by to pokus"
            )
        case .changeNotOffered:
            return Wording(
                "není znám způsob, jak na tomto zařízení odtud \(secret) změnit",
                "umí to program jeho výrobce"
            )
        case .unblockNotOffered where error.returnValue != nil:
            return Wording(
                "modul tokenu \(secret) neodblokuje; to neznamená, že je PUK chybný",
                "u OpenSC je v opensc.conf potřeba user_pin_unblock_style = set_pin_in_unlogged_session",
                "nebo použijte program výrobce"
            )
        case .unblockNotOffered:
            return Wording(
                "není znám způsob, jak na tomto zařízení v tomto stavu pomocí PUKu \(secret) nastavit",
                "víc možná umí program výrobce"
            )
            .adding(error.canBeMendedHere ? "není-li zablokovaný, změní ho isignum device \(command)" : nil)
        case .newSecretOnDevice:
            return Wording(
                "na nový \(secret) se zařízení ptá samo; to, co uvádí --new-\(command)-from, použít nelze",
                "vynechte ho a nový zadejte na zařízení; nic se nezměnilo"
            )
        default:
            return Wording(
                "nový \(secret) nelze použít: \(refusal(error.refusal))",
                "platí dosavadní; žádný pokus se nespotřeboval"
            )
        }
    }

    /// Zablokovaný PIN nebo QPIN a kdo ho znovu nastaví.
    func blocked(_ error: KeyStoreError, _ secret: String) -> Wording {
        let command = "isignum device unblock \(error.secret == .qpin ? "qpin" : "pin")"
        return Wording(
            "\(secret) je zablokovaný",
            error.canBeMendedHere
                ? "pomocí PUKu ho znovu nastaví \(command); nic se neztratilo"
                : "způsob, jak ho odtud nastavit, není znám: pomocí PUKu to umí program výrobce; nic se neztratilo"
        )
    }

    /// Proč nová hodnota není dobrá.
    func refusal(_ refusal: NewSecretRefusal?) -> String {
        switch refusal {
        case .tooShort: "je příliš krátký"
        case .tooLong: "je příliš dlouhý"
        case .characters: "má na konci mezeru nebo znaky, které nejdou zadat na každé klávesnici"
        case .sequence: "je to řada znaků jako 1234"
        case .repetition: "opakuje se jako 0000 nebo 1212"
        case .date: "je to datum nebo rok, a ty by zloděj zkusil první"
        case .sameAsOld: "je stejný jako dosavadní"
        case .sameAsPUK: "je stejný jako PUK"
        case .factory: "je tovární, každý si ho může přečíst"
        case .byDevice: "zařízení ho odmítá"
        case nil: "žádný tu není"
        }
    }
}
