// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import CSRBuilder
internal import Credentials
internal import Enrollment

extension PromptWords {
    static let czech = PromptWords(
        secretNames: { kind in
            switch kind {
            case .pin: "PIN"
            case .qpin: "Podpisový PIN (QPIN)"
            case .puk: "PUK"
            case .password: "Heslo k souboru"
            }
        },
        purposes: { purpose in
            switch purpose {
            case .generateKey: "vytvoření klíče"
            case .signRequest: "podpis"
            case .installCertificate: "instalace certifikátu"
            case .readObjects: "čtení tokenu"
            case .changeSecret: "změna"
            case .unblock(let kind): "nový \(kind.rawValue.uppercased())"
            case .resetDevice: "tovární stav"
            case .removeObjects: "odstranění nepotřebného"
            case .importKey: "zápis klíče"
            }
        },
        typeOnDevice: { kind, token in
            "\(kind.rawValue.uppercased()) tokenu \(token) si vyžádá samo zařízení: zadejte ho tam"
        },
        triesWereMade: { kind, isFinal in
            isFinal
                ? "toto je poslední pokus pro \(kind.rawValue.uppercased()): chybný ho zablokuje"
                : "\(kind.rawValue.uppercased()) už byl zadán chybně; pozor"
        },
        othersCanRead: "pozor: soubor s tajným údajem mohou číst i jiní (chmod 600)",
        sourceFailed: { CzechErrorWords().secretSource($0).message },
        waitingFor: { kind, place in
            "čekám, až přijde \(kind == .password ? "heslo" : kind.rawValue.uppercased()) z \(place) …"
        },
        waitingForIDs: { "čekám na ID \($0 == "-" ? "ze standardního vstupu" : "ze souboru \($0)") …" },
        event: { event in
            let dates = MomentText(.czech)
            switch event {
            case .generatingKey(let algorithm, let token):
                return
                    "na tokenu \(token.label.printable) teď vznikne klíč (\(algorithm.rawValue)); může to trvat minuty …"
            case .keyGenerated(let hash): return "klíč je vytvořen, SHA-256 \(hash.prefix(16))…"
            case .keyFoundAgain(let hash): return "klíč z přerušeného běhu na tokenu je, SHA-256 \(hash.prefix(16))…"
            case .markerDecided(let marker, let decision):
                switch decision {
                case .granted:
                    return "žádost ponese příznak \(marker.rawValue): klíč je na kvalifikovaném prostředku"
                case .notQualifiedDevice: return "bez příznaku \(marker.rawValue): toto není kvalifikovaný prostředek"
                case .certificationEnded(let date):
                    return "bez příznaku \(marker.rawValue): certifikace prostředku skončila \(dates.day(date))"
                case .certificationUnknown:
                    return "bez příznaku \(marker.rawValue): není známo, do kdy je prostředek certifikován"
                case .keyNotGeneratedHere:
                    return "bez příznaku \(marker.rawValue): prostředek nepotvrzuje, že klíč vytvořil"
                case .deviceDenies:
                    return "bez příznaku \(marker.rawValue): podle prostředku může být klíč znám i jinde"
                }
            case .signingRequest: return "podepisuje se žádost …"
            case .signingOrder: return RenewalWords.czech.signingOrder
            case .sealIsRequestedAnew: return RenewalWords.czech.sealIsRequestedAnew
            case .renewalGoesOn(let entry): return RenewalWords.czech.goesOn(entry.handle)
            case .renewalGivenUp(let entry):
                return RenewalWords.czech.givenUp(entry.handle, entry.token.label.printable)
            case .orderMayHaveArrived: return RenewalWords.czech.orderMayHaveArrived
            case .submitting(let authority): return "žádost se odesílá autoritě \(authority.printable) …"
            case .submitted(let id): return "autorita žádost přijala: \(id)"
            case .waiting(let id, _, let pause):
                return "\(id) ještě není vydáno; další dotaz za \(dates.duration(pause))"
            case .issued(let id): return "certifikát k žádosti \(id) je vydán"
            case .checked(let facts):
                let names = facts.map(CertificateWords.czech.fact).joined(separator: ", ")
                return "certifikát prošel všemi kontrolami: \(names)"
            case .tellingDecision(.accepted): return "autoritě se oznamuje přijetí …"
            case .tellingDecision(.rejected): return "autoritě se oznamuje odmítnutí …"
            case .writingCertificate: return "certifikát se zapisuje na token …"
            case .testingKey: return "zkušební podpis novým klíčem …"
            case .installed: return "hotovo: certifikát je na tokenu a jeho klíč podepisuje"
            }
        },
        deviceFinishesFirst: "zařízení musí nejprve dokončit, co dělá; další Ctrl-C skončí hned",
        decisionMissing: "není koho se zeptat: zadejte --accept nebo --reject DŮVOD",
        acceptQuestion: "Jsou údaje správné? [p]řijmout, [o]dmítnout, [n]echat na později:",
        acceptHelp: "p zapíše certifikát na token, o oznámí autoritě, že je chybný, n nechá rozhodnutí na jindy",
        reasonQuestion: "Co je na něm špatně?",
        rejectQuestion: "Co s ním tedy? [o]dmítnout, [n]echat na později:",
        rejectHelp: "o oznámí autoritě, že je chybný, n nechá rozhodnutí na jindy; příště můžete ještě souhlasit",
        acceptLetters: "pa",
        rejectLetters: "o",
        laterLetters: "n"
    )
}
