// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit
internal import Token

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
            return Wording(
                "\(secret) tohoto tokenu ještě nebyl nastaven",
                error.canBeMendedHere
                    ? "nastaví ho isignum device unblock \(error.secret?.rawValue ?? "pin"); je potřeba PUK nebo PIN správce"
                    : "nastavte ho nejprve v programu k tokenu"
            )
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
            Wording("z jména se cestou ztratila písmena", "terminál musí psát v kódování UTF-8")
        case .nameUnprintable:
            Wording(
                "jméno je prázdné, nebo obsahuje znaky, které v certifikátu být nemohou",
                "vynechte tabulátory, konce řádků a neviditelné znaky; jména oddělujte mezerami"
            )
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

    func finding(_ finding: CertificateFinding) -> String {
        switch finding {
        case .malformed: return "nelze ho přečíst"
        case .keyDiffers: return "patří k jinému klíči"
        case .chainRefused(let error): return CertificateWords.czech.chain(error)
        case .issuerMissing(let name, let addresses): return issuer(name, addresses)
        case .expired(let date): return "jeho platnost skončila \(dates.day(date))"
        case .notYetValid(let date, let skew):
            return "platí až od \(dates.moment(date))"
                + (skew.map { "; hodiny tohoto počítače jdou o \(dates.duration(.seconds($0))) pozadu" } ?? "")
        case .weak(let what): return "je příliš slabý (\(what.printable))"
        case .markerMissing(let marker): return "chybí v něm požadovaný příznak \(marker.rawValue)"
        case .statementsMalformed: return "nelze přečíst, co říká o tom, zda je kvalifikovaný"
        case .typeDiffers: return "je jiného typu, než se žádalo"
        case .revoked: return "je autoritou zneplatněný"
        case .isAuthority: return "udělal by ze svého držitele certifikační autoritu (basicConstraints)"
        case .signsForAuthority(let usages):
            return "jeho klíč smí, co smí jen klíč autority: \(usages.map(words.usage).joined(separator: ", "))"
        case .cannotSign(let usages):
            let others = usages.map(words.usage).joined(separator: ", ")
            return "jeho klíč nesmí nic podepsat (keyUsage\(others.isEmpty ? "" : ": \(others)"))"
        case .purposeForeign(let purposes):
            return "není ani pro osobu, ani pro pečeť: \(purposes.map(words.purpose).joined(separator: ", "))"
        case .extensionFault(let fault):
            return words.predicate(ChainError(.extensionFault(fault), isAboutLeaf: true))
        case .kindDiffers(let issued):
            return issued == .seal ? "je pro pečeť, ale žádalo se pro osobu" : "je pro osobu, ale žádalo se o pečeť"
        }
    }

    func refused(_ findings: [CertificateFinding]) -> Wording {
        let message = "vydaný certifikát byl odmítnut: \(findings.map(finding).joined(separator: "; "))"
        guard findings.allSatisfy(\.isAboutChainAlone) else {
            return Wording(
                message,
                "na token se nic nezapsalo; oznamte to autoritě, nebo ho odmítněte: isignum install --reject DŮVOD"
            )
        }
        return Wording(
            message,
            "sám certifikát může být v pořádku, proto ho neodmítejte: u autority na vás počká a nic se nezapsalo",
            "oznamte to autoritě nebo tomu, kdo tu nastavil její kořeny důvěry; prohlédne je isignum doctor",
            "až se to napraví, pokračuje isignum install"
        )
    }

    func holderDiffers(_ differences: [HolderDifference], _ entry: JournalEntry?) -> Wording {
        Wording(
            "certifikát nebyl přijat: \(differences.map(words.difference).joined(separator: "; "))",
            entry.map { "u žádosti \($0.handle) zůstává a na token se nic nezapsalo" } ?? "na token se nic nezapsalo",
            "je-li držitel správný, přidejte --accept-name; není-li, isignum install --reject DŮVOD"
        )
    }

    func authorityUnsound(_ name: String, _ faults: [AuthorityChain.Fault]) -> Wording {
        let reasons =
            faults.isEmpty
            ? "žádný z jejích kořenů důvěry na to nestačí" : faults.map(words.authority).joined(separator: "; ")
        return Wording(
            "žádnému certifikátu od \(name.printable) by nešlo věřit: \(reasons)",
            "klíč nevznikl a nic se neodeslalo",
            "vyžádejte si od autority certifikáty, které platí teď; převezme je isignum config add-ca --force"
        )
    }

    private var words: CertificateWords { .czech }

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
        ).adding(
            token.isSoftwareStore
                ? "databáze Chromia může být jinde než dřív: zda jedna nezakrývá druhou, řekne isignum doctor" : nil
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
