// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Foundation

extension ResultWords {
    static let czech = ResultWords(
        locale: Locale(identifier: "cs_CZ"),
        request: "Žádost",
        status: "Stav",
        type: "Typ",
        holder: "Držitel",
        name: "Jméno",
        email: "E-mail",
        phone: "Telefon",
        token: "Token",
        key: "Klíč",
        marker: "Příznak",
        authority: "CA",
        created: "Vytvořena",
        updated: "Změněna",
        reason: "Důvod",
        file: "Soubor",
        size: "Velikost",
        noRequests: "Zatím tu nejsou žádné žádosti.",
        noOpenRequests: "Žádná žádost není otevřená.",
        keyOnDevice: "Klíč",
        askAgainAfter: "Ptát se znovu po",
        backup: "Záloha",
        backupOfKey: "jen klíč",
        backupOfBoth: "klíč i certifikát",
        certificate: "Certifikát",
        serialNumber: "Sériové číslo",
        subject: "Předmět",
        issuer: "Vydavatel",
        validFrom: "Platí od",
        validUntil: "Platí do",
        fingerprint: "SHA-256",
        area: "Oblast",
        label: "Název",
        noCertificates: "žádné certifikáty",
        withoutKey: "bez klíče",
        imported: "importovaný, nikdy s příznakem",
        expired: "platnost skončila",
        unreadable: "nečitelné certifikáty",
        malformedStatements: "co o tom certifikát říká, nelze přečíst",
        unreadableCount: { count in
            count == 1
                ? "1 certifikát nelze přečíst"
                : count < 5 ? "\(count) certifikáty nelze přečíst" : "\(count) certifikátů nelze přečíst"
        },
        daysLeft: { days in
            switch days {
            case 1: "zbývá 1 den"
            case 2...4: "zbývají \(days) dny"
            default: "zbývá \(days) dní"
            }
        },
        serial: "sériové číslo",
        profile: "Zařízení",
        pin: "PIN",
        qpin: "QPIN",
        devices: .czech,
        memory: "Paměť",
        qualifiedCertificates: "Kvalifikované certifikáty",
        nextSteps: "Dále",
        bringID: "S tímto ID a dokladem totožnosti přijďte na pobočku.",
        goOnWithSeal:
            "S tímto ID pokračujte podle pokynů pro pečetě na stránkách autority; kvalifikované pobočka nevydává.",
        howToCheck: "zjistit, zda je vydán:",
        howToInstall: "přijmout a nainstalovat:",
        howToReadProtocol: "přečíst, co bylo vydáno:",
        howToResume: "pokračovat v přerušeném:",
        howToCompleteBackup: "doplnit certifikát do zálohy:",
        howToList: "podívat se, co je na tokenech:",
        howToBegin: "začít novou žádost:",
        howToFree: "odstranit její klíč z tokenu:",
        standing: .czech,
        handover: .czech,
        renewal: .czech,
        certificates: .czech,
        errors: CzechErrorWords(),
        states: [
            "planned": "přerušena, než byl klíč zapsán",
            "key-generated": "přerušena po vytvoření klíče",
            "csr-signed": "přerušena před odesláním",
            "submitted": "odeslána, zatím bez potvrzení",
            "pending": "čeká na vyřízení",
            "received": "přijata",
            "verifying": "ověřuje se",
            "approved": "schválena",
            "issued": "vydán certifikát",
            "accepted": "přijat držitelem",
            "installed": "nainstalován",
            "rejected": "zamítnuta",
            "expired": "propadla",
            "withdrawn": "stažena",
            "revoked": "zneplatněn",
            "unknown": "neznámá",
        ],
        types: [.qualified: "kvalifikovaný", .commercial: "komerční"],
        holders: [.person: "osoba", .seal: "pečeť"],
        secretStates: [
            .ok: "v pořádku", .low: "byly chybné pokusy", .final: "poslední pokus", .locked: "zablokován",
            .notInitialised: "není nastaven",
        ],
        areas: [.general: "obecná", .qualified: "kvalifikovaná (CC část)"],
        refusals: [
            "not_a_qualified_device": "žádný: token není kvalifikovaný prostředek",
            "certification_ended": "žádný: certifikace zařízení skončila",
            "certification_unknown": "žádný: není známo, dokdy je zařízení certifikováno",
            "key_not_generated_here": "žádný: zařízení nepotvrzuje, že klíč vytvořilo samo",
            "device_denies": "žádný: podle zařízení může být klíč znám i mimo něj",
        ]
    )
}
