// SPDX-License-Identifier: Apache-2.0

/// The words of the menu. A language that misses one does not compile.
struct MenuWords: Sendable {
    let title, openRequests, endingCertificates, devices, noDevice, qualifiedDevice: String
    let whatNow, question, nothing: String
    let askForCertificate, showTokens, lookForTrouble, allCommands: String
    let install, resume, check, renew, changePIN: @Sendable (String) -> String
    let unblock: @Sendable (_ secret: String, _ token: String) -> String
    let noSuchChoice: @Sendable (Int) -> String
    /// Before the command that was chosen, so that a person learns it.
    let running: String

    static func of(_ language: Language) -> MenuWords { language == .czech ? czech : english }

    static let english = MenuWords(
        title: "isignum: certificates for smart cards and tokens",
        openRequests: "Open requests",
        endingCertificates: "Certificates that end soon",
        devices: "Devices",
        noDevice: "none is plugged in",
        qualifiedDevice: "qualified device",
        whatNow: "What now?",
        question: "Number, or Enter to leave",
        nothing: "leave",
        askForCertificate: "ask for a new certificate",
        showTokens: "see what is on the tokens",
        lookForTrouble: "find out why something does not work",
        allCommands: "all commands",
        install: { "accept and install the certificate of \($0)" },
        resume: { "carry on with \($0), which was interrupted" },
        check: { "ask the CA about \($0)" },
        renew: { "renew the certificate of \($0)" },
        changePIN: { "change the PIN of \($0)" },
        unblock: { secret, token in "unblock the \(secret) of \(token) with its PUK" },
        noSuchChoice: { "A number from 1 to \($0), please." },
        running: "The same without the menu:"
    )

    static let czech = MenuWords(
        title: "isignum: certifikáty pro čipové karty a tokeny",
        openRequests: "Otevřené žádosti",
        endingCertificates: "Certifikáty, které brzy skončí",
        devices: "Zařízení",
        noDevice: "žádné není zapojeno",
        qualifiedDevice: "kvalifikovaný prostředek",
        whatNow: "Co teď?",
        question: "Číslo, nebo Enter a konec",
        nothing: "konec",
        askForCertificate: "požádat o nový certifikát",
        showTokens: "podívat se, co je na tokenech",
        lookForTrouble: "zjistit, proč něco nefunguje",
        allCommands: "všechny příkazy",
        install: { "přijmout a nainstalovat certifikát k žádosti \($0)" },
        resume: { "pokračovat v přerušené žádosti \($0)" },
        check: { "zeptat se CA na žádost \($0)" },
        renew: { "obnovit certifikát, držitel \($0)" },
        changePIN: { "změnit PIN tokenu \($0)" },
        unblock: { secret, token in "odblokovat \(secret) tokenu \(token) pomocí PUKu" },
        noSuchChoice: { "Zadejte číslo od 1 do \($0)." },
        running: "Totéž bez nabídky:"
    )
}
