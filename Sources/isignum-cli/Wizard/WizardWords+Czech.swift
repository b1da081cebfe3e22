// SPDX-License-Identifier: Apache-2.0

internal import CSRBuilder
internal import Credentials

extension WizardWords {
    static let czech = WizardWords(
        title: "Nový certifikát",
        howTo: "Enter přijme údaj v závorkách, ?\u{A0}vysvětlí, <\u{A0}se vrátí, -\u{A0}vymaže, Ctrl-C skončí.",
        steps: ["Krok 1 ze 3: kdo a co", "Krok 2 ze 3: kde bude klíč", "Krok 3 ze 3: vytvořit a odeslat"],
        typeQuestion: "Typ certifikátu",
        typeHelp: "Kvalifikovaný certifikát slouží k podpisům vůči úřadům, komerční k přihlašování, poště a ostatnímu.",
        holderQuestion: "Pro koho",
        holderHelp: "Osoba podepisuje, organizace pečetí.",
        types: ["kvalifikovaný certifikát", "komerční certifikát"],
        holders: ["osoba (podpis)", "organizace (pečeť)"],
        nameQuestion: "Vaše jméno",
        nameHelp: "Pobočce pomůže žádost najít. Nejvýše 64 znaků; může zůstat prázdné.",
        emailQuestion: "E-mail",
        emailHelp: "Bude v certifikátu, pro podepsanou poštu. Může zůstat prázdný.",
        phoneQuestion: "Mobilní telefon",
        phoneHelp:
            "Autorita na něj může posílat zprávy o žádosti. K devíti číslicím se doplní +420; může zůstat prázdný.",
        plugIn: "zapojte zařízení",
        nothingPluggedIn: "Žádné zařízení není zapojeno. Zapojte ho: objeví se zde.",
        pluggedIn: "Zapojeno",
        unplugged: "Odpojeno",
        noDevice: "bez zařízení: klíč bude v softwarovém úložišti tohoto počítače",
        softwareStoreHelp: "Kdo zařízení nemá, může mít klíč v databázi prohlížečů Chromium a Firefox, pod heslem.",
        softwareStore: "softwarové úložiště (databáze NSS)",
        tokenQuestion: "Token",
        tokenHelp: "Klíč vznikne na tokenu a nikdy ho neopustí.",
        keyQuestion: "Druh klíče",
        keyHelp: "Tyto druhy token nabízí; rsa2048 funguje všude.",
        sendQuestion: "Vytvořit klíč a odeslat žádost?",
        sendHelp: "Token si vyžádá PIN. Klíč může vznikat i minuty; přerušení nic neztratí.",
        nothing: "nevyplnit",
        yesLetter: "a",
        noLetter: "n",
        equivalent: "Totéž bez otázek:",
        token: { "Klíč bude zde: \($0)." },
        standing: { standing in
            let dates = MomentText(.czech)
            switch standing {
            case .notQualified: return nil
            case .unknown: return "kvalifikovaný prostředek"
            case .ended(let date): return "kvalifikovaný prostředek jen do \(dates.wholeDay(date))"
            case .certified(let date): return "kvalifikovaný prostředek, certifikovaný do \(dates.wholeDay(date))"
            }
        },
        noMarker: { standing, type in
            let lack = "certifikát nebude mít příznak \(type.marker.rawValue)."
            switch standing {
            case .notQualified: return type == .qualified ? "Tento token není kvalifikovaný prostředek: \(lack)" : nil
            case .unknown: return "Není známo, do kdy je tento prostředek certifikován: \(lack)"
            case .ended: return "Certifikace tohoto prostředku skončila: \(lack)"
            case .certified: return nil
            }
        },
        noSuchChoice: { "Zadejte číslo od \($0.lowerBound) do \($0.upperBound)." },
        problem: { CzechErrorWords().request($0).fullSentence },
        summaryLabels: SummaryLabels(
            type: "Typ",
            holder: "Držitel",
            name: "Jméno",
            email: "E-mail",
            phone: "Telefon",
            key: "Klíč",
            token: "Token"
        )
    )
}
