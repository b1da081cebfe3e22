// SPDX-License-Identifier: Apache-2.0

extension ConfigWords {
    static let czech = ConfigWords(
        file: "Konfigurace",
        notThere: "zatím není",
        state: "Deník",
        cache: "Mezipaměť",
        softwareStore: "Softwarové úložiště",
        defaultAuthority: "Výchozí CA",
        language: "Jazyk",
        expert: "Pro odborníky",
        qrCode: "Kód QR",
        modules: "Moduly",
        systemModules: "Moduly z p11-kit",
        localeDecides: "podle prostředí",
        none: "žádné",
        yes: "ano",
        no: "ne",
        authority: "CA",
        address: "Adresa",
        anchors: "Kořeny důvěry",
        chain: "Vydavatelé",
        systemStore: "úložiště systému",
        wireProtocol: "Protokol",
        authorityName: "Říká si",
        server: "Certifikát serveru",
        device: "Zařízení",
        certifiedUntil: "Certifikováno do",
        releaseMail: "Pošta pro uvolnění",
        anchor: "Kořen důvěry",
        validUntil: "Platí do",
        fingerprint: "SHA-256",
        isDefault: "používá se, není-li zadána jiná",
        added: "Autorita byla přidána.",
        presented: { "\($0) se prokazuje těmito certifikáty. Zatím mu nebylo nic odesláno." },
        trustQuestion: "Zveřejňuje CA právě tento otisk? [a/N]",
        trustHelp: "Porovnejte ho s otiskem na webu CA, v jejích dokumentech nebo na pobočce. Kdo má klíč tohoto "
            + "certifikátu, může se za CA vydávat. Bez jistého ano se nic nezmění.",
        yesLetters: "ay",
        isThere: { "autorita \($0) už v konfiguraci je, s touto adresou i kořenem důvěry" },
        change: { code, subjects in
            let first = subjects.first ?? ""
            let second = subjects.dropFirst().first ?? ""
            switch code {
            case .keyUnknown:
                return Wording(
                    "klíč \(first) v konfiguraci nic neznamená",
                    "jsou tyto: \(ConfigurationKey.forms.joined(separator: ", "))"
                )
            case .valueUnusable: return Wording("toto nemůže být hodnota \(first)", "patří tam: \(second)")
            case .cannotFollow:
                return Wording(
                    "\(first) nelze změnit, aniž by se narušil zbytek souboru",
                    "nic se nezměnilo; upravte \(second) sami"
                )
            case .changedMeanwhile:
                return Wording("\(first) mezitím změnil někdo jiný", "nic se nezapsalo; zkuste to znovu")
            case .nameUnusable:
                return Wording("autorita se nemůže jmenovat \(first)", "zadejte přes --name 1 až 64 znaků")
            case .nameTaken:
                return Wording(
                    "jiná autorita se už jmenuje \(first)",
                    "zadejte jméno přes --name, nebo ji nahraďte s --force"
                )
            case .fingerprintMalformed:
                return Wording("toto není otisk SHA-256: \(first)", "má 64 šestnáctkových číslic")
            case .fingerprintDiffers:
                return Wording(
                    "server vede k jinému kořeni důvěry: \(second)",
                    "očekáván byl \(first)",
                    "nic se neodeslalo ani nezměnilo; mezi vámi a CA může někdo stát"
                )
            case .rootNotShown:
                return Wording(
                    "\(first) neukazuje kořen, kterému by šlo důvěřovat",
                    "opatřete si kořenový certifikát od CA a zadejte ho přes --ca-file SOUBOR"
                )
            }
        }
    )
}
