// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials

/// The words of the wizard. A language that misses one does not compile.
struct WizardWords: Sendable {
    let title, howTo: String
    /// The headings of the three steps: who and what, where, send.
    let steps: [String]
    let typeQuestion, typeHelp, holderQuestion, holderHelp: String
    /// In the order of `CertificateType.allCases` and `Holder.allCases`.
    let types, holders: [String]
    let nameQuestion, nameHelp, emailQuestion, emailHelp, phoneQuestion, phoneHelp: String
    let tokenQuestion, tokenHelp, keyQuestion, keyHelp, sendQuestion, sendHelp: String
    let nothing, qualifiedDevice, notQualified, yesLetter, noLetter, equivalent: String
    let token: @Sendable (String) -> String
    let noSuchChoice: @Sendable (Int) -> String
    let problem: @Sendable (RequestProblem) -> String
    let summaryLabels: SummaryLabels

    /// What the summary calls its lines.
    struct SummaryLabels: Sendable {
        let type, holder, name, email, phone, key, token: String
    }

    static func of(_ language: Language) -> WizardWords { language == .czech ? czech : english }

    /// The answers, a line each.
    func summary(_ answers: Answers, _ token: String) -> String {
        let type = answers.type.flatMap { CertificateType.allCases.firstIndex(of: $0) }.map { types[$0] }
        let holder = Holder.allCases.firstIndex(of: answers.holder ?? .person).map { holders[$0] }
        return TextTable.lines([
            (summaryLabels.type, type),
            (summaryLabels.holder, holder),
            (summaryLabels.name, answers.contact.name),
            (summaryLabels.email, answers.contact.email),
            (summaryLabels.phone, answers.contact.phone),
            (summaryLabels.key, (answers.algorithm ?? .rsa2048).rawValue),
            (summaryLabels.token, token),
        ])
    }
}

extension WizardWords {
    static let english = WizardWords(
        title: "A new certificate",
        howTo:
            "Enter accepts what stands in brackets, ?\u{A0}explains, <\u{A0}goes back, -\u{A0}empties, Ctrl-C leaves.",
        steps: [
            "Step 1 of 3: who and what", "Step 2 of 3: where the key is to live", "Step 3 of 3: generate and send",
        ],
        typeQuestion: "Type of certificate",
        typeHelp:
            "Qualified certificates are for signatures before authorities; commercial ones for logging in, mail and the rest.",
        holderQuestion: "For whom",
        holderHelp: "A person signs; an organisation seals.",
        types: ["qualified certificate", "commercial certificate"],
        holders: ["a person (signature)", "an organisation (seal)"],
        nameQuestion: "Your name",
        nameHelp: "It helps the branch to find the request. At most 64 characters; may stay empty.",
        emailQuestion: "E-mail",
        emailHelp: "It goes into the certificate, for signed mail. May stay empty.",
        phoneQuestion: "Mobile phone",
        phoneHelp: "The CA may send news of the request there. +420 is added to nine digits; may stay empty.",
        tokenQuestion: "Token",
        tokenHelp: "The key is generated on the token and never leaves it.",
        keyQuestion: "Kind of key",
        keyHelp: "rsa2048 works everywhere; the token must offer the others.",
        sendQuestion: "Generate the key and send the request?",
        sendHelp:
            "The token will ask for its PIN. Generating a key may take minutes; nothing is lost if it is interrupted.",
        nothing: "none",
        qualifiedDevice: "qualified device",
        notQualified: "This token is not a qualified device: the certificate will not carry the marker QESCD.",
        yesLetter: "y",
        noLetter: "n",
        equivalent: "The same without questions:",
        token: { "The key is going to live here: \($0)." },
        noSuchChoice: { "A number from 1 to \($0), please." },
        problem: { EnglishErrorWords().request($0).fullSentence },
        summaryLabels: SummaryLabels(
            type: "Type",
            holder: "Holder",
            name: "Name",
            email: "E-mail",
            phone: "Phone",
            key: "Key",
            token: "Token"
        )
    )

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
        tokenQuestion: "Token",
        tokenHelp: "Klíč vznikne na tokenu a nikdy ho neopustí.",
        keyQuestion: "Druh klíče",
        keyHelp: "rsa2048 funguje všude; ostatní musí token nabízet.",
        sendQuestion: "Vytvořit klíč a odeslat žádost?",
        sendHelp: "Token si vyžádá PIN. Klíč může vznikat i minuty; přerušení nic neztratí.",
        nothing: "nevyplnit",
        qualifiedDevice: "kvalifikovaný prostředek",
        notQualified: "Tento token není kvalifikovaný prostředek: certifikát nebude mít příznak QESCD.",
        yesLetter: "a",
        noLetter: "n",
        equivalent: "Totéž bez otázek:",
        token: { "Klíč bude zde: \($0)." },
        noSuchChoice: { "Zadejte číslo od 1 do \($0)." },
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
