// SPDX-License-Identifier: Apache-2.0

internal import CAClient

// Co se může pokazit u autority a na cestě k ní, česky.
extension CzechErrorWords {
    func authority(_ error: CAError) -> Wording {
        let later = error.retryAfter.map { "autorita žádá o nový pokus nejdříve za \(dates.duration($0))" }
        let journal = "nic se neztratilo; \(carryOn)"
        switch error.code {
        case .profileInvalid:
            return Wording("adresu certifikační autority nelze použít", "musí začínat https://").quoting(error.detail)
        case .anchorsUnusable: return anchors(error)
        case .issuersUnusable:
            return Wording(
                "soubor s vydavateli v profilu autority nelze použít",
                "chain musí uvádět soubor s certifikáty; ukáže ho isignum config"
            ).quoting(error.detail)
        case .unreachable:
            return Wording("certifikační autorita je nedostupná", "zkontrolujte síť a adresu", journal).quoting(
                error.detail
            )
        case .proxyRefused where error.status == 407:
            return Wording(
                "proxy chce vědět, kdo se ptá (stav 407)",
                "jméno a heslo patří do https_proxy, jak řekne správce proxy",
                journal
            )
        case .proxyRefused:
            return Wording(
                "proxy spojení s autoritou nenavázala",
                "je to ta správná? určuje ji https_proxy, obejde ji no_proxy",
                journal
            ).quoting(error.detail)
        case .serverNameMismatch:
            return Wording("certifikát serveru patří jinému jménu, nic se neposlalo", "zkontrolujte adresu autority")
        case .serverCertificateExpired:
            return Wording(
                "certifikát serveru teď neplatí, nic se neposlalo",
                "zkontrolujte datum počítače, nebo to oznamte autoritě"
            )
        case .serverIssuerUnknown:
            return Wording(
                "certifikát serveru vydal někdo, komu se zde nedůvěřuje, nic se neposlalo",
                "zadejte kořenový certifikát autority přes --ca-file nebo jako anchors v config.toml"
            )
        case .tlsFailed: return Wording("nepodařilo se zabezpečené spojení s autoritou", journal).quoting(error.detail)
        case .clientCertificateRefused:
            return Wording(
                "server nepřijal klientský certifikát",
                "je to jeden z certifikátů, které tu autorita očekává?"
            ).quoting(error.detail)
        case .clientKeyFailed:
            return error.keyStoreError.map(keyStore) ?? Wording("klíč klientského certifikátu nepodepsal")
        case .answerCutOff: return Wording("odpověď autority se přerušila", journal)
        case .answerTooLarge: return Wording("odpověď autority je příliš velká a byla odmítnuta", journal)
        case .answerInvalid:
            return Wording(
                "odpověď autority není taková, jaká má být",
                "nechce se síť nejprve přihlásit, nebo není adresa jiná?",
                journal
            ).quoting(error.detail)
        case .redirectRefused:
            return Wording("autorita odkazuje jinam a tam se nešlo", "zkontrolujte adresu autority").quoting(
                error.detail
            )
        case .problem(let problem): return refusal(problem).quoting(error.detail).adding(later)
        case .serverError:
            let what =
                switch error.status {
                case 429: "autorita byla dotazována příliš často"
                case 503: "autorita právě nepřijímá dotazy"
                default: "autorita ohlásila chybu"
                }
            let status = error.status.map { " (stav \($0))" } ?? ""
            return Wording(what + status, journal).quoting(error.detail).adding(later)
        case .cancelled: return Wording("zrušeno", journal)
        }
    }

    func refusal(_ problem: CAError.Problem) -> Wording {
        switch problem {
        case .csrInvalid: Wording("autorita žádost nemůže použít")
        case .keyWeak: Wording("klíč je podle autority příliš slabý", "zvolte větší přepínačem --key")
        case .keyReused:
            Wording(
                "tento klíč autorita zná z jiné žádosti",
                "začněte novou žádost; každý certifikát potřebuje nový klíč"
            )
        case .idempotencyKeyReused:
            Wording(
                "toto podání už autorita zná, ale v jiném znění",
                "oznamte to autoritě: žádost má, jen k ní nedává ID"
            )
        case .markerNotAllowed: Wording("autorita pro tento klíč příznak nepřizná")
        case .deviceUnknown: Wording("autorita tento prostředek jako kvalifikovaný nezná")
        case .deviceCertificationEnded:
            Wording("certifikace tohoto prostředku skončila", "pro komerční certifikáty slouží dál")
        case .bindingConflict:
            Wording(
                "prostředek je vázán na jinou osobu",
                "dosavadní držitel ji zjistí příkazem isignum binding show a zruší příkazem isignum binding release"
            )
        case .bindingCertificatesValid:
            Wording("certifikáty držitele na tomto prostředku ještě platí", "nejprve je třeba je zneplatnit")
        case .voucherInvalid: Wording("kód poukázky neplatí, nebo už byl použit")
        case .multiYearNotEnabled: Wording("víceleté certifikáty nemáte povoleny")
        case .certificateRevoked: Wording("certifikát byl zneplatněn", "požádejte o nový: isignum new")
        case .certificateExpired: Wording("platnost certifikátu skončila", "požádejte o nový: isignum new")
        case .tooEarly: Wording("na to je ještě brzy", "až přijde čas, řekne to isignum check")
        case .rateLimited: Wording("autorita byla dotazována příliš často")
        case .requestUnknown: Wording("autorita žádost nezná")
        case .requestWithdrawn: Wording("žádost byla vzata zpět")
        case .bindingUnknown: Wording("takovou vazbu autorita nezná", "jak to je, řekne isignum binding show")
        case .notAuthorised: Wording("k tomu vás autorita neopravňuje")
        case .clientCertificateRequired: Wording("autorita chce vidět klientský certifikát", "určete ho přes --with")
        case .serviceNotOffered: Wording("tuto službu autorita nenabízí")
        case .alreadyRenewed:
            Wording(
                "certifikát už byl obnoven",
                "co se žádalo odtud, ukáže isignum requests; žádat mohl i jiný počítač"
            )
        case .renewalNotOffered: Wording("tento certifikát autorita neobnovuje", "požádejte o nový: isignum new")
        case .signatureInvalid: Wording("podpis příkazu autorita neuznala", "podepište certifikátem téhož držitele")
        case .certificateUnknown: Wording("tento certifikát autorita nevydala", "autoritu zvolíte přepínačem --ca")
        case .maintenance: Wording("u autority probíhá údržba", "nic se neztratilo; zkuste to později")
        case .other: Wording("autorita odmítla")
        }
    }
}
