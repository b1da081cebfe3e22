// SPDX-License-Identifier: Apache-2.0

internal import Credentials

extension CareWords {
    static let czech = CareWords(
        newPrompt: { kind, token, serial, lengths in
            "Nový \(name(kind)), \(token) (\(serial)) – \(lengths.lowerBound) až \(lengths.upperBound) znaků"
        },
        repeatPrompt: { kind in "Nový \(name(kind)) ještě jednou" },
        typedDifferently: "zadání se liší; nic se nezměnilo, začněte znovu",
        refused: { kind, refusal in
            "tento \(name(kind)) nelze použít: \(CzechErrorWords().refusal(refusal)); zvolte jiný"
        },
        tooShort: "krátké",
        longEnough: "délka stačí",
        tooLong: "dlouhé",
        triesLeft: { kind, left in
            switch left {
            case 1: "pro \(name(kind)) zbývá jediný pokus"
            case 2...4: "pro \(name(kind)) zbývají \(left) pokusy"
            default: "pro \(name(kind)) zbývá \(left) pokusů"
            }
        },
        pukBelongsTo: { kind in
            "toto zařízení má ke každému údaji vlastní PUK; potřeba je ten, který patří k: \(name(kind))"
        },
        allBlockedDestroys: "budou-li PIN, QPIN i PUK zablokované, je zařízení nenávratně zničené; nespěchejte",
        lastOneDestroys: { kind in
            "POZOR: kromě \(name(kind)) je už vše zablokované; zablokuje-li se i on, zařízení se všemi klíči je nenávratně zničené"
        },
        changed: { kind, token in "\(name(kind)) tokenu \(token) je změněn" },
        unblocked: { kind, token in "\(name(kind)) tokenu \(token) je nově nastaven a má všechny pokusy" },
        reset: ResetWords(
            heading: { token, serial in
                "Tovární stav tokenu \(token) (\(serial)) pro reklamaci. Nenávratně se ztratí:"
            },
            certificates: "Certifikáty:",
            noCertificates: "Certifikáty: žádné",
            allKeys: "Všechny klíče, i ty, které na certifikát teprve čekají.",
            returns: { kinds in "Na tovární hodnoty se vrátí: \(list(kinds))." },
            keeps: { kinds in
                "Na tovární hodnoty se NEVRÁTÍ, protože způsob není znám: \(list(kinds)); použijte program výrobce."
            },
            openRequests: { requests in
                "POZOR: \(requests.count == 1 ? "tato žádost je otevřená a její klíč zmizí; certifikát k ní" : "tyto žádosti jsou otevřené a jejich klíče zmizí; certifikáty k nim") už nepůjde použít: \(requests.joined(separator: ", "))"
            },
            keysGone: { requests in
                "\(requests.count == 1 ? "klíč této otevřené žádosti je pryč; certifikát k ní" : "klíče těchto otevřených žádostí jsou pryč; certifikáty k nim") už nepůjde použít: \(requests.joined(separator: ", "))"
            },
            typeSerial: { serial in "Chcete-li pokračovat, opište sériové číslo (\(serial)):" },
            done: { certificates, keys in
                "hotovo: odstraněno certifikátů: \(certificates), klíčů: \(keys); podle nového čtení na zařízení žádné nejsou"
            },
            returned: { kinds in "tovární hodnoty: \(list(kinds))" },
            kept: { kinds in "beze změny: \(list(kinds))" }
        )
    )

    private static func name(_ kind: SecretKind) -> String { kind == .qpin ? "podpisový PIN (QPIN)" : short(kind) }

    private static func short(_ kind: SecretKind) -> String { kind.rawValue.uppercased() }

    private static func list(_ kinds: [SecretKind]) -> String { kinds.map(short).joined(separator: ", ") }
}
