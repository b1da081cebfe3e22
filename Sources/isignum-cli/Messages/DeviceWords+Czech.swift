// SPDX-License-Identifier: Apache-2.0

internal import Token

extension DeviceWords {
    static let czech = DeviceWords(
        dates: MomentText(.czech),
        device: "Zařízení",
        qualified: "Kvalifikované",
        reader: "Čtečka",
        answerToReset: "ATR",
        keys: "Klíče",
        inQualifiedArea: "v kvalifikované oblasti",
        certificates: "Certifikáty",
        module: "Modul",
        firmware: "Firmware",
        sources: "Zdroje údajů",
        puk: "PUK",
        problem: "Potíž",
        wanted: "Potřebuje",
        found: "Nalezeno",
        lookedIn: "Hledáno v",
        mind: "Pozor",
        cardIn: { "Karta ve čtečce \($0)" },
        unknownKind: "neznámého druhu",
        byAnswerToReset: "podle ATR",
        mute: "neodpovídá: není vložena obráceně?",
        kinds: [
            "qualifiedDevice": "kvalifikovaného druhu", "card": "karta", "tpm": "TPM", "software": "software",
            "unknown": "neznámého druhu",
        ],
        profileNames: [
            "OpenSC card": "karta přes OpenSC",
            "OpenSC card (emulated PKCS#15)": "karta přes OpenSC (napodobené PKCS#15)",
            "NSS database": "databáze NSS",
        ],
        factGroups: [
            "match": "druh", "modules": "moduly", "secrets": "kódy", "keys": "klíče",
            "qualifiedCertificates": "místo pro certifikáty", "claims": "atributy", "care": "změna a odblokování",
        ],
        or: "nebo",
        notQualified: "ne: zařízení tohoto druhu nikdy certifikována nebyla",
        certified: { "ano, certifikováno do \($0)" },
        ended: { "už ne: certifikace skončila \($0)" },
        unknownEnd: "neznámo dokdy",
        byConfiguration: "podle konfigurace",
        nobodyToAsk: "není nastavena žádná autorita",
        authoritySaysNoEnd: "autorita to neuvádí",
        unreachable: "autority se nepodařilo zeptat",
        byAuthority: { "podle autority \($0)" },
        unreachableSince: { "podle autority \($0); znovu se jí zeptat nepodařilo" },
        noMarker: "bez příznaku, komerční certifikáty jako obvykle",
        noModule: "této kartě neslouží žádný modul",
        noModuleKnown: "této kartě neslouží žádný modul a není známo, který by měl",
        addToConfiguration: "přidejte ho k modules v config.toml",
        confused: { "používá se \($0): je pro jiná zařízení a často se s tím pravým zaměňuje" },
        blind: { "používá se \($0), ale kartu nevidí: je to správná verze?" },
        nothing: "Není připojeno žádné zařízení.",
        readers: "Čtečky",
        emptyReader: "prázdná",
        noService: "Služba čipových karet (pcscd) neodpovídá; tokeny bez čtečky ji nepotřebují.",
        brokenModules: "Moduly, které nelze použít",
        notReadFurther: "dál se ho nepodařilo přečíst",
        cardsNeedService: "služba pro čipové karty (pcscd) neodpovídá a karty ji potřebují; víc řekne isignum doctor",
        memoryUsed: { "\($0) z \($1) KB (\($2) %)" },
        triesLeft: { left in
            switch left {
            case 0: "nezbývá žádný pokus"
            case 1: "zbývá jediný pokus"
            case 2...4: "zbývají \(left) pokusy"
            default: "zbývá \(left) pokusů"
            }
        },
        ofFactory: { "ještě tovární: změní ho \($0)" },
        plugIn: { "připojte \($0.map { "token \($0)" } ?? "token") … (Ctrl-C čekání ukončí)" },
        events: [
            "reader_plugged": "připojena čtečka", "reader_unplugged": "odpojena čtečka",
            "card_inserted": "vložena karta", "card_removed": "vyjmuta karta",
            "device_plugged": "připojeno", "device_unplugged": "odpojeno",
            "card_service_up": "služba čipových karet je zpět", "card_service_down": "služba čipových karet skončila",
        ],
        expertMode:
            "Expertní režim: průvodce nabízí každý druh klíče, který zařízení má, a clean i klíče bez certifikátu.",
        profiles: { error in
            let place = error.location.printable
            switch error.code {
            case .unreadable: return Wording("profily zařízení nelze přečíst: \(place)").quoting(error.detail)
            case .syntax: return Wording("\(place): toto není JSON").quoting(error.detail)
            case .unknownKey: return Wording("\(place): tento klíč tu nic neznamená", "platné uvádí docs/profiles.md")
            case .badValue:
                return Wording("\(place): hodnota chybí nebo ji nelze použít")
                    .quoting(error.detail.map { "patří sem: \($0)" })
                    .adding("ze souboru se nepoužilo nic; co kam patří, říká docs/profiles.md")
            }
        }
    )
}
