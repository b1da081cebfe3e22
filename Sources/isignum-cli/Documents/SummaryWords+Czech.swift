// SPDX-License-Identifier: Apache-2.0

extension SummaryWords {
    static let czech = SummaryWords(
        title: "Žádost o certifikát",
        device: "Zařízení",
        fingerprint: "Klíč (SHA-256)",
        bringHeading: "Na pobočku si vezměte",
        sealHeading: "Připravte si",
        nextHeading: "Jak dál",
        bringPage: "tuto stránku, nebo jen její ID",
        bringIdentity: "platný doklad totožnosti",
        bringAuthority: "doklad, že smíte jednat za organizaci",
        goToBranch: "Přijďte na pobočku certifikační autority. Ověří, kdo jste, a certifikát vydá.",
        goOnWithSeal:
            "S tímto ID pokračujte podle pokynů pro pečetě na stránkách certifikační autority; "
            + "kvalifikované pobočka nevydává. Autorita ověří organizaci a certifikát vydá.",
        askCA: "Zjistěte, zda je certifikát vydán: isignum check",
        install: "Připojte zařízení, přečtěte si, co bylo vydáno, a přijměte to: isignum install",
        keepDevice: "Do té doby zařízení opatrujte a klíče na něm nechte být: certifikát patří jen k tomuto klíči.",
        footer: { authority, moment in "Žádost pro \(authority), podaná \(moment). Na této stránce není nic tajného." },
        saved: "souhrn je uložen: ",
        printed: "souhrn je na cestě do tiskárny",
        copied: "ID je ve schránce",
        copiedByTerminal: "terminál dostal ID do své schránky",
        notCopied: "žádná schránka není dostupná; opište ID ručně"
    )
}
