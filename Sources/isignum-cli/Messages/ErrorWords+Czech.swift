// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit

/// Chyby česky.
struct CzechErrorWords: ErrorWords {
    let dates = MomentText(.czech)
    var carryingOn = CarryingOn.resume

    /// Jak pokračovat.
    var carryOn: String {
        carryingOn == .resume ? "pokračujte příkazem isignum resume" : "zadejte tentýž příkaz znovu"
    }

    func name(_ secret: SecretKind?) -> String {
        switch secret {
        case .qpin: "podpisový PIN (QPIN)"
        case .puk: "PUK"
        case .password: "heslo k souboru"
        case .pin, nil: "PIN"
        }
    }

    func keyStore(_ error: KeyStoreError) -> Wording {
        let secret = name(error.secret)
        let names = error.candidates.map(\.printable).joined(separator: ", ")
        switch error.code {
        case .tokenNotFound:
            return names.isEmpty
                ? Wording(
                    "není připojen žádný token",
                    "připojte token a zkuste to znovu",
                    "modul tokenu lze zadat přepínačem --module"
                )
                : Wording("token \(names) tu není", "připojené tokeny ukáže isignum list")
        case .tokenAmbiguous:
            return Wording(
                "vyhovuje více tokenů: \(names)",
                "vyberte jeden přepínačem --token, sériovým číslem nebo čtečkou"
            )
        case .tokensAlike:
            return Wording(
                "více tokenů se představuje stejně: \(names)",
                "nechte připojený jen ten, který myslíte; nic jiného je nerozliší"
            )
        case .selectorInvalid:
            return Wording(
                "takto token určit nelze",
                "zadejte název, sériové číslo nebo URI pkcs11:; PIN v URI se odmítá, viděli by ho i jiní"
            )
        case .tokenRemoved:
            return Wording("token byl odpojen", "připojte ho znovu", carryOn)
        case .moduleUnusable:
            return ModuleFault(error).czech(names)
        case .moduleCrashed, .moduleHung:
            return Wording(
                error.code == .moduleHung
                    ? "modul PKCS#11 se do 10 sekund nespustil: \(names)"
                    : "modul PKCS#11 při spuštění havaruje: \(names)",
                "aktualizujte ho, nebo ho vyřaďte z modules v config.toml či z p11-kit; znovu se zkusí za deset minut"
            )
        case .secretWrong where error.secret == .puk:
            return Wording("nesprávný PUK; jeden pokus je pryč\(tries(error))", "znovu se nezkoušel")
                .adding(error.state == .final ? "další chybný pokus ho nenávratně zablokuje" : nil)
        case .secretLocked where error.secret == .puk:
            return Wording(
                "PUK je zablokovaný a nic ho neodblokuje",
                "co zablokované není, slouží dál; s ostatním se obraťte na vydavatele zařízení"
            )
        case .secretWrong:
            return Wording("nesprávný \(secret); jeden pokus je pryč\(tries(error))")
                .adding("znovu se nezkoušel; PIN a podpisový PIN (QPIN) jsou dva různé údaje")
                .adding(error.state == .final ? "další chybný pokus ho zablokuje a bude potřeba PUK" : nil)
        case .secretLocked: return blocked(error, secret)
        case .secretAtFinalTry:
            return Wording(
                "pro \(secret) zbývá jediný pokus, proto se nic nezkoušelo",
                "jste-li si jisti, zopakujte příkaz s přepínačem --last-try"
            )
        case .secretInvalid:
            return Wording("\(secret) má délku, kterou token nepřijímá; žádný pokus se nespotřeboval")
        case .secretMalformed: return SecretFlawWords.czech(error.flaw, names, isPassword: error.secret == .password)
        case .secretNotInitialised:
            return Wording("\(secret) tohoto tokenu ještě nebyl nastaven", "nastavte ho nejprve v programu k tokenu")
        case .secretRefused, .secretIsFactory, .secretUncertain, .changeNotOffered, .unblockNotOffered,
            .newSecretOnDevice:
            return care(error, of: secret)
        case .secretUnavailable where !names.isEmpty:
            return Wording("v \(names) není \(secret)", "má být na prvním řádku, sám")
        case .secretUnavailable:
            let flag = "--\(error.secret?.rawValue ?? "pin")-from"
            return Wording(
                "je potřeba \(secret) a není terminál, kde se zeptat",
                "předejte ho přes \(flag) fd:N nebo file:CESTA"
            )
        case .cancelled:
            return Wording("zrušeno; nic se neztratilo")
        case .algorithmNotOffered where !names.isEmpty:
            return Wording("token tento druh nebo velikost klíče nenabízí", "nabízí: \(names)")
        case .algorithmNotOffered:
            return Wording("token tento druh nebo velikost klíče nenabízí", "bez přepínače --key se použije RSA 2048")
        case .tokenFull:
            let way = "odstraňte certifikáty i s klíči a klíče bez certifikátu: isignum clean --expert"
            // Whoever installs a certificate is doing that already.
            let waiting =
                error.function == "C_CreateObject"
                ? nil : "klíč bez certifikátu na něj možná čeká: isignum requests, isignum install"
            guard let limit = error.areaLimit else {
                return Wording(
                    "na tokenu není místo pro další klíč nebo certifikát",
                    "místo zabírají i klíče bez certifikátu",
                    way
                ).adding(waiting)
            }
            return Wording(
                "na tokenu není místo pro další klíč nebo certifikát (chyba 622)",
                "certifikátů, které pojme kvalifikovaná (CC) část: \(limit); počítají se i klíče bez certifikátu",
                way
            ).adding(waiting)
        case .keyNotFound:
            return Wording("klíč na tokenu není", "je to ten správný token? obsah ukáže isignum list")
        case .certificateNotFound:
            return Wording("certifikát na tokenu není", "co tam je, ukáže isignum list")
        case .notRemoved:
            return Wording("token hlásí odstranění, ale data na něm stále jsou", "zkuste program výrobce tokenu")
        case .importRefused where error.function != nil:
            return Wording(
                "token klíč nepřijal (\(place(of: error))); možná patří k těm, které žádné klíče zvenčí neberou",
                "vezme ho softwarové úložiště: isignum import-key --software-store SOUBOR",
                "nebo ať vznikne nový klíč přímo na tokenu: isignum new"
            )
        case .importRefused:
            return Wording(
                "do kvalifikované části nelze zapsat klíč zvenčí",
                "klíč v ní vytvoří isignum new; klíč ze souboru patří do obecné části"
            )
        case .writeProtected: return Wording("na token nelze zapisovat")
        case .functionFailed:
            return Wording(
                "token ohlásil chybu (\(place(of: error)))",
                "token odpojte a znovu připojte; \(carryOn)"
            )
        }
    }

    private func tries(_ error: KeyStoreError) -> String {
        if let left = error.triesLeft, left > 0 {
            return left == 1 ? ", zbývá jediný" : left < 5 ? ", zbývají \(left)" : ", zbývá jich \(left)"
        }
        return switch error.state {
        case .low: ", zbývá jich víc než jeden"
        case .final: ", zbývá jediný"
        case .locked: ", žádný nezbývá: je zablokovaný"
        case .ok, .notInitialised, nil: ""
        }
    }

    func request(_ problem: RequestProblem) -> Wording {
        switch problem {
        case .nameTooLong: Wording("jméno je delší než 64 znaků, které se do certifikátu vejdou")
        case .nameInvalid:
            Wording("jméno obsahuje znaky, které v certifikátu být nemohou", "terminál musí psát v kódování UTF-8")
        case .emailInvalid:
            Wording(
                "e-mailová adresa nemůže být v certifikátu",
                "smí mít jen znaky bez diakritiky, jako jmeno@example.cz"
            )
        case .phoneInvalid: Wording("toto není telefonní číslo", "například +420 601 234 567")
        case .selfCheckFailed:
            Wording(
                "podpis z tokenu nesouhlasí s jeho klíčem, nic se neposlalo",
                "token odpojte a znovu připojte; \(carryOn)"
            )
        case .failed: Wording("žádost se nepodařilo sestavit")
        }
    }

    func journal(_ error: JournalError) -> Wording {
        let path = (error.path ?? "").printable
        return switch error.code {
        case .cannotWrite:
            Wording("do deníku nelze zapsat: \(path)", "není plný disk nebo cizí složka? nic se neprovedlo").quoting(
                error.detail
            )
        case .corrupt:
            Wording(
                "deník je poškozený; byl odložen jako \(path)",
                "klíče na tokenech jsou v pořádku; příští spuštění začne nový deník",
                "soubor si nechte: ví o otevřených žádostech"
            )
        case .tooNew: Wording("deník zapsala novější verze programu isignum: \(path)", "použijte tu verzi")
        case .busy: Wording("na této žádosti pracuje jiný isignum", "počkejte, až skončí")
        case .notFound: Wording("taková žádost tu není", "všechny ukáže isignum requests")
        case .failed: Wording("deník selhal").quoting(error.detail)
        }
    }

    func finding(_ finding: CertificateFinding) -> String {
        switch finding {
        case .malformed: "nelze ho přečíst"
        case .keyDiffers: "patří k jinému klíči"
        case .chainRefused(let code):
            switch code {
            case .untrusted: "nevede k důvěryhodnému kořeni autority"
            case .expired, .notYetValid: "některý certifikát nad ním teď neplatí"
            case .badSignature: "některý podpis v jeho řetězci nesouhlasí"
            case .weak: "něco v jeho řetězci je příliš slabé"
            case .invalidIssuer: "jeho vydavatel ho vydat nesmí"
            case .malformed: "jeho řetězec nelze ověřit"
            }
        case .expired(let date): "jeho platnost skončila \(dates.day(date))"
        case .notYetValid(let date, let skew):
            "platí až od \(dates.moment(date))"
                + (skew.map { "; hodiny tohoto počítače jdou o \(dates.duration(.seconds($0))) pozadu" } ?? "")
        case .weak(let what): "je příliš slabý (\(what.printable))"
        case .markerMissing(let marker): "chybí v něm požadovaný příznak \(marker.rawValue)"
        case .typeDiffers: "je jiného typu, než se žádalo"
        case .holderDiffers(let requested, let issued):
            "je pro \(issued.printable), ale žádalo se pro \(requested.printable)"
        }
    }

    func refused(_ findings: [String]) -> Wording {
        Wording(
            "vydaný certifikát byl odmítnut: \(findings.joined(separator: "; "))",
            "na token se nic nezapsalo; oznamte to autoritě, nebo ho odmítněte: isignum install --reject DŮVOD"
        )
    }

    func ended(_ entry: JournalEntry) -> Wording {
        switch entry.state {
        case .expired: Wording("žádost \(entry.handle) propadla: na pobočku nikdo včas nepřišel")
        case .withdrawn: Wording("žádost \(entry.handle) byla vzata zpět")
        default: Wording("žádost \(entry.handle) byla zamítnuta\(because(entry.refusal))").quoting(entry.reason)
        }
    }

    func wrongState(_ entry: JournalEntry) -> Wording {
        Wording(
            "žádost \(entry.handle) není v bodě, kdy to jde udělat",
            "kde stojí, ukáže isignum requests \(entry.handle)"
        )
    }

    func keyMissing(_ token: TokenIdentity) -> Wording {
        Wording(
            "klíč této žádosti na tokenu \(token.label.printable) není",
            "je to ten správný token? nic se nezapsalo"
        )
    }

    func testSignatureWrong() -> Wording {
        Wording(
            "certifikát je zapsán, ale zkušební podpis klíče k němu nesedí",
            "nepoužívejte ho a oznamte to autoritě"
        )
    }

    func unexpected(_ detail: String) -> Wording {
        Wording("stalo se něco, co se stát nemá", "ohlaste to, prosím").quoting(detail)
    }
}
