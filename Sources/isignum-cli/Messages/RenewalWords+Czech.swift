// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit

extension RenewalWords {
    static let czech = RenewalWords(
        signingOrder: "žádost o obnovu podepisuje klíč dosavadního certifikátu …",
        sealIsRequestedAnew: "pečeť se neobnovuje: podává se nová žádost",
        orderMayHaveArrived: "předchozí žádost o obnovu už autorita možná má, jde proto znovu beze změny",
        goesOn: { "pokračuje se v začaté obnově: \($0)" },
        givenUp: { "obnova \($0), začatá na tokenu \($1), se opouští; její klíč tam už není třeba" },
        refusal: { refusal in
            let dates = MomentText(.czech)
            switch refusal {
            case .expired(let date):
                return Wording(
                    "platnost certifikátu skončila \(dates.day(date)), a tím už obnovu podepsat nelze",
                    "požádejte o nový: isignum new"
                )
            case .notYetValid(let date):
                return Wording("certifikát platí až od \(dates.moment(date))", "zkontrolujte datum v tomto počítači")
            case .revoked(let date):
                return Wording(
                    "certifikát byl zneplatněn \(dates.day(date)), obnovu jím podepsat nelze",
                    "požádejte o nový: isignum new"
                )
            case .alreadyRenewed(let entry):
                return Wording(
                    "certifikát už byl obnoven: \(entry.handle)",
                    entry.state == .installed
                        ? "nový ukáže isignum list" : "pokračuje se příkazem isignum install \(entry.argument)"
                )
            case .foreign(let authority):
                return Wording(
                    "certifikát nevydala autorita \(authority.printable), obnovit ho proto nemůže",
                    "jeho autoritu zvolíte přepínačem --ca, o nový certifikát u této požádá isignum new"
                )
            case .withoutKey:
                return Wording(
                    "u certifikátu není jeho klíč, a ten musí obnovu podepsat",
                    "není na jiném tokenu? co je kde, ukáže isignum list"
                )
            case .untold:
                return Wording(
                    "certifikát neříká, zda je kvalifikovaný nebo komerční",
                    "obnovit lze jen certifikáty od autority; o první požádá isignum new"
                )
            case .oldKeyMissing(let token):
                return Wording(
                    "klíč dosavadního certifikátu na tokenu \(token.label.printable) není",
                    "je to správný token? bez toho klíče pomůže jen nová žádost: isignum new"
                )
            case .begunElsewhere(let entry):
                return Wording(
                    "žádost s klíčem na tokenu \(entry.token.label.printable) už autorita možná má",
                    "zjistí to a pokračuje isignum resume \(entry.argument)"
                )
            case .noRoom(let use):
                let keys = use.waiting.count + use.unpairedKeys
                return Wording(
                    "v CC části tokenu \(use.token.label.printable) není místo (chyba 622): vejdou se klíče v počtu "
                        + "\(use.limit), s certifikátem jich má \(use.certificates) a bez certifikátu \(keys)"
                ).withHints(
                    use.remedies(
                        install: "na svůj klíč čeká certifikát",
                        removeKeys: "odstranit klíče bez certifikátu"
                    ) { one in
                        let name = one.details.subject.commonName ?? one.details.subject.text
                        let state = TokenWorkWords.czech.reasons(one.reason)
                        return "odstranit certifikát i s klíčem, není-li už třeba "
                            + "(\(name.printable), do \(dates.day(one.details.notAfter)), \(state))"
                    } + ["nebo nový klíč uložte na jiný token, přepínačem --token"]
                )
            case .notForSeals:
                return Wording(
                    "--multi-year a --voucher jsou pro osoby: pro pečeť se podává nová žádost",
                    "vynechte je"
                )
            case .nothingToRenew:
                return Wording(
                    "na žádném tokenu není certifikát, který by šlo obnovit",
                    "co je kde, ukáže isignum list; o první certifikát požádá isignum new"
                )
            }
        },
        refusedForNow: "prozatím odmítnuto",
        keyIsKept: "nový klíč zůstává pro další pokus",
        anotherVoucher: { "s jinou poukázkou: isignum renew \($0) --voucher KÓD" },
        oneYear: { "na jeden rok: isignum renew \($0)" },
        anotherDay: { "jindy: isignum resume \($0)" },
        title: "Obnova certifikátu",
        certificateQuestion: "Certifikát",
        certificateHelp: "Ten, který má dostat nástupce; zůstane, dokud ho neodstraníte, a jeho klíč obnovu podepíše.",
        tokenQuestion: "Kde bude nový klíč",
        tokenHelp: "Na tomto tokenu vznikne nový klíč; dosavadní zůstane, kde je.",
        termQuestion: "Na jak dlouho",
        termHelp: "Na více let jen tam, kde to autorita povolila vám i vaší organizaci.",
        voucherQuestion: "Poukázka",
        voucherHelp: "Kód poukázky, kterou se obnova platí. Může zůstat prázdný.",
        voucherInvalid: "Poukázka má 1 až 64 znaků.",
        sendQuestion: "Vytvořit nový klíč a odeslat žádost o obnovu?",
        sealQuestion: "Vytvořit nový klíč a odeslat žádost?",
        sendHelp: "Token si vyžádá PIN. Dosavadní certifikát platí dál; přerušení nic neztratí.",
        sealNote: "Pro pečeť se podává nová žádost, kterou autorita znovu ověří.",
        terms: ["jeden rok (385 dní)", "více let (1115 dní)"],
        replaces: "Obnova za",
        term: "Doba",
        voucher: "Poukázka",
        newKey: "Nový klíč",
        noBranch: "Na pobočku není třeba chodit: autorita certifikát vydá sama."
    )
}
