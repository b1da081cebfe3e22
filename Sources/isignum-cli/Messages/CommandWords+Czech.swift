// SPDX-License-Identifier: Apache-2.0

extension CzechErrorWords {
    func command(_ error: CommandError) -> Wording {
        let subjects = error.subjects.map(\.printable)
        let all = subjects.joined(separator: ", ")
        let first = subjects.first ?? ""
        switch error.code {
        case .usage:
            return Wording("příkaz takto zadat nelze", "příkazy a přepínače ukáže isignum help")
                .quoting(CzechUsage.translated(first))
        case .answersMissing:
            return Wording(
                "chybí odpovědi: \(all)",
                "zadejte je přepínači, nebo odpovídejte v terminálu bez --no-input"
            )
        case .requestIDInvalid:
            return Wording("toto není ID žádosti: \(all)", "ID je BP nebo KC a deset číslic, nebo jen deset číslic")
        case .requestNotFound: return Wording("žádost \(all) v deníku není", "všechny ukáže isignum requests")
        case .requestAmbiguous:
            return Wording("vyhovuje více žádostí: \(all)", "zadejte jednu z nich, nebo její autoritu přes --ca")
        case .nothingToInstall: return Wording("žádná žádost nečeká na certifikát", "všechny ukáže isignum requests")
        case .certificateNotFound:
            return Wording("žádný certifikát na tokenech neodpovídá \(first)", "všechny ukáže isignum list")
        case .certificateAmbiguous:
            let lines = error.certificates.map(ResultWords.czech.line) + subjects
            return Wording(
                "vyhovuje více certifikátů:\n  \(lines.joined(separator: "\n  "))",
                error.option.map { "vyberte jeden z nich: \($0) SÉRIOVÉ-ČÍSLO" }
                    ?? "zadejte sériové číslo nebo začátek SHA-256"
            )
        case .requestNotSigned:
            return Wording("žádost \(first) ještě nemá CSR", "pokračujte v ní příkazem isignum resume")
        case .requestNotSent:
            return Wording(
                "žádost \(first) ještě nemá od autority ID",
                "pokračujte v ní příkazem isignum resume"
            )
        case .authorityDiffers:
            return Wording("žádost \(first) patří autoritě \(subjects.dropFirst().first ?? "")", "vynechte --ca")
        case .serialDiffers:
            return Wording("to není sériové číslo zařízení (\(first)); nic se neprovedlo", "je to správné zařízení?")
        case .fileExists:
            return Wording("soubor už existuje: \(first)", "zvolte jiný název, nebo ho přepište s --force")
        case .notRegularFile:
            return Wording(
                "\(first) není obyčejný soubor, je to \(FileKind(named: error.subjects.last).czech)",
                "nic se do něj nezapisuje ani ho nenahrazuje; zvolte jiný název"
            )
        case .fileUnreadable: return Wording("soubor nelze přečíst: \(first)")
        case .fileTooLarge: return Wording("soubor je příliš velký na to, čím má být: \(first)")
        case .fileUnusable:
            return Wording(
                "soubor není text s ID žádostí: \(first)",
                "na každém řádku jedno ID; přečte se i tabulka uložená jako CSV"
            )
        case .cannotWrite: return Wording("nelze zapsat: \(first)", "není plný disk nebo cizí složka?")
        case .pageNotDrawn:
            return Wording(
                "stránku se programem \(first) nepodařilo nakreslit",
                "potřebuje knihovny libpangocairo-1.0-0 a libqrencode4 a své místo vedle isignum"
            )
            .quoting(subjects.dropFirst().first)
        case .fontsMissing:
            return Wording("chybí písmo, které má znaky stránky", "nainstalujte nějaké, třeba fonts-dejavu-core")
        case .printerUnavailable:
            return Wording(
                "nepodařilo se tisknout",
                "je tu tiskárna? ukáže ji lpstat -p; nebo dokument uložte do souboru"
            )
            .quoting(subjects.first)
        case .viewerUnavailable:
            return Wording("není tu čím dokument zobrazit", "je uložen jako \(first)")
        case .outputClosed: return Wording("výstup už nikdo nečte")
        case .interrupted:
            return Wording(
                "přerušeno (\(first))",
                carryingOn == .resume
                    ? "nic se neztratilo; co je otevřené, ukáže isignum requests, a isignum resume v tom pokračuje"
                    : "nic se neztratilo; \(carryOn)"
            )
        }
    }

    func configuration(_ error: ConfigurationError) -> Wording {
        let key = (error.key ?? "").printable
        let names = error.candidates.map(\.printable).joined(separator: ", ")
        switch error.code {
        case .unreadable: return Wording("konfiguraci nelze přečíst: \(error.file.printable)")
        case .syntax: return Wording("\(error.place.printable): toto není TOML").quoting(error.detail)
        case .tooIntricate:
            return Wording(
                "\(error.place.printable): řádek je příliš dlouhý nebo příliš hluboko vnořený",
                "řádek má nejvýš \(TOMLBounds.longestLine) bajtů, závorky a jména s tečkami nejvýš \(TOMLBounds.deepest) úrovní"
            )
        case .unknownKey: return Wording("\(error.place.printable): \(key) tu nic neznamená")
        case .badValue: return Wording("\(error.place.printable): hodnotu \(key) nelze použít").quoting(error.detail)
        case .authorityUnset where names.isEmpty:
            return Wording(
                "není nastavena žádná certifikační autorita",
                "přidá ji isignum config add-ca URL",
                "nebo připište do \(error.file.printable): ca.JMENO = { url = \"https://…\", anchors = \"ca.pem\" }",
                "nebo zadejte --ca-url a --ca-file"
            )
        case .authorityUnset:
            return Wording(
                "je nastaveno více autorit: \(names)",
                "vyberte ji přes --ca, nebo nastavte default-ca v \(error.file.printable)"
            )
        case .authorityUnknown:
            return Wording(
                "autorita \(key) v \(error.place.printable) není",
                names.isEmpty ? "přidejte ji jako [ca.\"\(key)\"], nebo zadejte --ca-url" : "jsou tam: \(names)"
            )
        }
    }

    func secretSource(_ error: SecretSourceError) -> Wording {
        switch error {
        case .malformed:
            Wording("takto tajný údaj předat nelze", "pište fd:N, file:CESTA nebo pinentry; nikdy údaj sám")
        case .unreadable(let path): Wording("tajný údaj nelze přečíst z \(path.printable)")
        case .tooLong(let path): Wording("obsah \(path.printable) je na tajný údaj příliš dlouhý")
        case .flawed(let path, let flaw): SecretFlawWords.czech(flaw, path.printable, isPassword: true)
        case .pinentryFailed: Wording("program pinentry chybí nebo selhal")
        case .pinentrySilent: Wording("program pinentry mlčí")
        }
    }
}
