// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit

extension TokenWorkWords {
    static let czech: TokenWorkWords = TokenWorkWords(
        event: { event in
            switch event {
            case .keyFound(let token):
                "klíč k certifikátu je na tokenu \(token.label.printable) (\(token.serial.printable))"
            case .passedOver(let parts):
                "vedle certifikátů je v souboru i \(CzechErrorWords().naming(parts)); to zůstalo stranou"
            case .alreadyThere: "certifikát už na tokenu je"
            case .doubted(let finding): czech.warning("jeho certifikát: " + czech.finding(finding))
            case .writingCertificate: "certifikát se zapisuje na token …"
            case .writingKey: "klíč se zapisuje na token …"
            case .testingKey: "zkušební podpis klíčem …"
            case .removing(let candidate): "odstraňuje se \(czech.short(candidate)); může to trvat minuty …"
            case .removed(let candidate): "odstraněno a ověřeno: \(czech.short(candidate)) na tokenu není"
            case .protected(let candidate):
                "ponecháno: \(czech.short(candidate)); jeho žádost \((candidate.request ?? "").printable) je otevřená, nebo ji nelze přečíst"
            case .removalInterrupted(let removal, let state):
                switch state {
                case .begun:
                    "odstranění klíče (\(removal.label.printable)) bylo přerušeno; dokončí je isignum clean --expert"
                case .removed: "přerušené odstranění (\(removal.label.printable)) je dokončeno: na tokenu to není"
                case .failed: "přerušené odstranění (\(removal.label.printable)) neproběhlo: na tokenu to stále je"
                }
            case .completingBackup(let file):
                "do zálohy klíče \(file.printable) se doplňuje certifikát …"
            case .oldPasswordForm(let file):
                czech.warning(
                    "\(file.printable) je chráněn heslem tak, jak to dělaly jen staré programy; uložte ho raději znovu"
                )
            case .writingBackup(let file): "záloha klíče se šifruje do \(file.printable) …"
            }
        },
        finding: { CzechErrorWords().finding($0) },
        warning: { "pozor: \($0)" },
        installQuestion: { "Zapsat tento certifikát na \($0)? [a/N]" },
        importKeyQuestion: {
            "Zapsat tento klíč a certifikát na \($0)? Klíč ze souboru nikdy neponese příznak. [a/N]"
        },
        removeQuestion: { $0 == 1 ? "Odstranit? Nelze to vzít zpět. [a/N]" : "Odstranit vybrané (\($0))? [a/N]" },
        removeKeysQuestion: {
            "Bez \($0 == 1 ? "klíče" : "klíčů") už nepůjde podepisovat ani číst šifrovanou poštu, a to navždy. "
                + "Opravdu odstranit? [a/N]"
        },
        protectedQuestion: { request, isUnsent in
            isUnsent
                ? "Žádost k tomuto klíči, \(request), ještě nebyla odeslána; byla by stažena. "
                    + "Chcete-li klíč přesto odstranit, napište \(request):"
                : "K tomuto klíči ještě může přijít certifikát: žádost \(request) je otevřená. "
                    + "Chcete-li ho přesto odstranit, napište \(request):"
        },
        chooseQuestion: "Co odstranit? Čísla, prázdný řádek znamená nic:",
        chooseHelp: "čísla ze seznamu, třeba 1 3",
        yesLetters: "ay",
        consentHelp: "a znamená ano; n nebo Enter ne, a vše zůstane, jak je.",
        passwordPrompt: { file, isNew in isNew ? "Nové heslo k \(file)" : "Heslo k \(file)" },
        passwordAgain: "Stejné heslo znovu",
        reasons: { reason in
            switch reason {
            case .expired: "prošlý"
            case .revoked: "zneplatněný"
            case .replaced: "nahrazený"
            case .current: "platný"
            case .unreadable: "nečitelný"
            case .unpaired: "bez certifikátu"
            }
        },
        headings: ["č.", "druh", "název", "konec", "stav", "žádost", "klíč"],
        certificate: "certifikát",
        key: "klíč",
        publicHalf: "veřejná část klíče",
        openRequest: "otevřená",
        nothingToClean: "Není co odstranit.",
        nothingRemoved: "Nic nebylo odstraněno.",
        keysStay: "Klíče na tokenu zůstaly a zabírají místo; odstraní je isignum clean --expert --unpaired-keys",
        dates: MomentText(.czech),
        types: ResultWords.czech.types,
        lastSigner: {
            "na prostředku \($0) pak nebude certifikát, kterým by se podepsalo zrušení vazby; chcete-li ho předat, nejprve isignum binding release"
        },
        removedCount: { "Odstraněno: \($0)." },
        installed: "Certifikát je na tokenu a jeho klíč podepisuje.",
        importedKey: "Klíč i certifikát jsou na tokenu a klíč podepisuje.",
        importedBareKey: "Klíč je na tokenu a podepisuje; certifikát k němu přidá isignum import.",
        neverMarked: "Vznikl mimo token: žádná žádost s ním nikdy neponese příznak.",
        bareBackup: { "V záloze klíče \($0) je jen klíč; certifikát do ní doplní \($1)." },
        storeMade: { "softwarové úložiště vzniklo v \($0); na jeho heslo se program ptá jako na PIN" }
    )
}

extension CzechErrorWords {
    func tokenWork(_ error: TokenWorkError) -> Wording {
        switch error {
        case .certificateUnreadable(let error): bundle(error)
        case .authorityCertificate(let name):
            Wording(
                "tohle je certifikát autority (\(name.printable)) a žádný certifikát osoby ani pečeti v souboru není",
                "importuje se certifikát, který autorita vydala k vaší žádosti",
                "autoritě se důvěřuje přes isignum config add-ca, nebo přes anchors v config.toml"
            )
        case .keyKindNotHeld(let kind):
            Wording(
                "klíč certifikátu je druhu, který se tu nepoužívá: \(kind.printable)",
                "lze RSA 2048 až 4096, P-256, P-384"
            )
        case .keyFile:
            Wording(
                "soubor je PKCS#12",
                "je-li v něm klíč, zapíše ho i s certifikátem isignum import-key",
                "není-li, vyjměte z něj certifikáty a importujte je: openssl pkcs12 -in SOUBOR -nokeys -out certs.pem"
            )
        case .certificateRefused(let findings, let entry):
            Wording("certifikát ze souboru neprošel: \(findings.map(finding).joined(separator: "; "))")
                .adding(
                    entry.map { "patří k žádosti \($0.handle) a nic se nezapsalo; oznamte to autoritě" }
                        ?? "na token se nic nezapsalo"
                )
                .adding(
                    findings.allSatisfy(\.isAboutChainAlone)
                        ? "sám certifikát může být v pořádku: je od jiné autority? zvolte ji přes --ca, nebo její kořen přes --ca-file"
                        : nil
                )
        case .severalCertificates(let names):
            Wording(
                "v souboru je víc certifikátů, jejichž klíče tu jsou: \(names.map(\.printable).joined(separator: ", "))",
                "ten, o který jde, dejte do vlastního souboru"
            )
        case .keyNowhere(let tokens):
            Wording(
                "klíč k tomuto certifikátu na žádném tokenu není (prohledáno: \(tokens.map(\.printable).joined(separator: ", ")))",
                "připojte token, na kterém žádost vznikla"
            )
            .adding(tokens.count > 1 ? "token vybraný přes --token se prohledá i s PINem" : nil)
        case .keyOnSeveralTokens(let tokens):
            Wording(
                "klíč je na více tokenech: \(tokens.map(\.printable).joined(separator: ", "))",
                "vyberte jeden přes --token"
            )
        case .keyWithoutIdentifier(let token):
            Wording(
                "klíč k tomuto certifikátu nemá na \(token.printable) identifikátor (CKA_ID), takže by ho žádný program "
                    + "nenašel; nic se nezapsalo",
                "doplnit ho umí program, který klíč vytvořil; nebo si pořiďte nový klíč: isignum new"
            )
        case .keyHalfMissing(let token):
            Wording(
                "z klíče k tomuto certifikátu je na \(token.printable) jen veřejná polovina; nic se nezapsalo",
                "je to správný token? soukromou polovinu nelze obnovit"
            )
        case .keysIndistinct(let token, let identifier):
            Wording(
                "na \(token.printable) má stejný identifikátor (\(identifier.hexadecimal)) více klíčů a podle ničeho se "
                    + "nepozná, který patří k tomuto certifikátu; nic se nezapsalo",
                "dejte každému vlastní identifikátor v programu, který je vytvořil"
            )
        case .noKeyFile(let parts, let count): noKeyFile(parts, count)
        case .declined: Wording("zrušeno; vše zůstalo, jak bylo")
        case .nobodyToAsk: Wording("není koho se zeptat", "souhlas lze dát předem přepínačem --yes")
        case .file(let error): file(error)
        case .passwordNeeded:
            Wording("je potřeba heslo k souboru", "předejte je přes --password-from fd:N nebo file:CESTA")
        case .passwordsDiffer: Wording("hesla se liší; nic se nestalo")
        case .passwordTooShort(let count):
            Wording("heslo má méně než \(count) znaků; nic se nestalo", "nic jiného klíč nechrání")
        case .fileExists(let file):
            Wording("soubor už existuje: \(file.printable)", "zvolte jiný název; záloha nic nepřepisuje")
        case .cannotWrite(let file): backupPlace(file)
        case .backupNotWritten(let file, let entry):
            backupPlace(file).adding(
                "klíč už existuje a čeká na svou zálohu: isignum resume \(entry.argument), jinam s přepínačem "
                    + "--backup-key SOUBOR"
            )
        case .backupTaken(let file, let entry):
            Wording(
                "na místě zálohy je jiný soubor: \(file.printable)",
                "zůstal, jak je; klíč už existuje a čeká na svou zálohu: "
                    + "isignum resume \(entry.argument) --backup-key SOUBOR"
            )
        case .backupLost(let file, let entry):
            Wording(
                "záloha klíče byla zapsána, ale už tam není: \(file.printable)",
                "další vytvořit nelze, klíč podruhé úložiště neopustí",
                "vraťte soubor zpět, nebo řekněte, kde je: isignum resume \(entry.argument) --backup-key SOUBOR"
            )
            .adding("nebo klíč odstraňte přes isignum clean --expert a začněte znovu")
        case .backupMissing(let file, let entry):
            Wording(
                "záloha klíče tam není: \(file.printable)",
                "řekněte, kde je, a certifikát se doplní: isignum resume \(entry.argument) --backup-key SOUBOR"
            )
        case .backupChanged(let file, let entry):
            Wording(
                "soubor není ta záloha, která byla zapsána, a zůstal, jak je: \(file.printable)",
                "je-li záloha jinde: isignum resume \(entry.argument) --backup-key SOUBOR"
            )
        case .backupNotOpen(let entry):
            Wording("u žádosti \(entry.handle) už žádná záloha nechybí", "vynechte --backup-key")
        case .backupRefused(let token):
            Wording(
                "z \(token.printable) soukromý klíč nesmí, zálohovat ho proto nelze",
                "vynechte --backup-key, nebo mějte klíč v softwarovém úložišti (--software-store)"
            )
        }
    }

    private func backupPlace(_ file: String) -> Wording {
        Wording("nelze zapsat: \(file.printable)", "existuje ta složka, je vaše a je na disku místo?")
    }

    private func file(_ error: PKCS12Error) -> Wording {
        switch error.code {
        case .tooLarge: Wording("soubor je na klíč s certifikáty příliš velký")
        case .malformed: Wording("soubor není PKCS#12 (.p12, .pfx), nebo je poškozený")
        case .passwordWrong: Wording("heslo k souboru je chybné, nebo byl soubor změněn")
        case .keyPasswordDiffers:
            Wording(
                "heslo soubor otevře, klíč v něm má ale jiné",
                "uložte klíč znovu tak, aby obě hesla byla stejná"
            )
        case .noKey: keyless(error.certificates ?? 0)
        case .severalKeys:
            Wording("v souboru je více soukromých klíčů", "uložte ten, o který jde, do vlastního souboru")
        case .keyNotSupported:
            Wording("klíč v souboru je druhu, který se nepoužívá", "lze RSA 2048 až 4096, P-256, P-384")
        case .certificateMissing: Wording("v souboru není certifikát k jeho klíči")
        case .tooCostly: Wording("soubor chce tolik počítání, že nemůže být poctivý")
        case .algorithmUnknown:
            Wording(
                "soubor je chráněn algoritmem, který tu není znám",
                "uložte ho znovu s AES-256 a HMAC-SHA-256"
            )
            .quoting(error.detail)
        case .cipherUnavailable:
            Wording(
                "soubor je zašifrován starou šifrou, kterou toto OpenSSL nemá",
                "nainstalujte balík openssl-provider-legacy, nebo soubor vytvořte znovu"
            )
        case .failed: Wording("soubor se nepodařilo zpracovat").quoting(error.detail)
        }
    }

    private func keyless(_ certificates: Int) -> Wording {
        guard certificates > 0 else { return Wording("v souboru není soukromý klíč ani certifikát") }
        return Wording(
            certificates == 1
                ? "v souboru není soukromý klíč, jen certifikát"
                : "v souboru není soukromý klíč, jen certifikáty (\(certificates))",
            "isignum import bere certifikáty jako PEM; tak je z něj vytáhne: openssl pkcs12 -nokeys -in SOUBOR -out certifikat.pem"
        )
    }
}
