// SPDX-License-Identifier: Apache-2.0

internal import Credentials

extension CzechErrorWords {
    /// Co se nepovedlo s údaji samotného zařízení.
    func care(_ error: KeyStoreError, of secret: String) -> Wording {
        let command = error.secret?.rawValue ?? "pin"
        switch error.code {
        case .secretIsFactory:
            return Wording(
                "\(secret) je ještě tovární, proto klíč nevznikl; žádný pokus se nespotřeboval",
                "změňte ho příkazem isignum device \(command) a začněte znovu"
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
                "není-li zablokovaný, změní ho isignum device \(command)",
                "víc možná umí program výrobce"
            )
        default:
            return Wording(
                "nový \(secret) nelze použít: \(refusal(error.refusal))",
                "platí dosavadní; žádný pokus se nespotřeboval"
            )
        }
    }

    /// Proč nová hodnota není dobrá.
    func refusal(_ refusal: NewSecretRefusal?) -> String {
        switch refusal {
        case .tooShort: "je příliš krátký"
        case .tooLong: "je příliš dlouhý"
        case .characters: "má znaky, které nejdou zadat na každé klávesnici"
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
