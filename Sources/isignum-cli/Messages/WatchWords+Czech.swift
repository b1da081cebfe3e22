// SPDX-License-Identifier: Apache-2.0

extension WatchWords {
    static let czech = WatchWords(
        nothingNew: { pending in
            switch pending {
            case 0: "Není co hlásit."
            case 1: "Není co hlásit; u CA čeká jedna žádost."
            case 2...4: "Není co hlásit; u CA čekají \(pending) žádosti."
            default: "Není co hlásit; u CA čeká \(pending) žádostí."
            }
        },
        matter: { matter in
            let subject = matter.subject.printable
            let dates = MomentText(.czech)
            switch matter.kind {
            case .ready:
                return Notice(
                    title: "Certifikát \(subject) je připraven",
                    body: "isignum install \(subject.drop { $0 == "#" }) ho ukáže, přijme a nainstaluje"
                )
            case .ended:
                return Notice(
                    title: "Žádost \(subject) skončila bez certifikátu",
                    body: "proč, řekne isignum requests \(subject.drop { $0 == "#" })"
                )
            case .expiring:
                let end = matter.notAfter.map(dates.day) ?? ""
                let left = matter.daysLeft.map { $0 == 0 ? "dnes" : "za \(dates.days($0))" } ?? ""
                return Notice(
                    title: "Platnost certifikátu končí \(left)",
                    body: "\(subject), platí do \(end); o nástupce požádá isignum renew"
                )
            case .expired:
                return Notice(
                    title: "Platnost certifikátu skončila",
                    body: "\(subject), platil do \(matter.notAfter.map(dates.day) ?? "")"
                )
            }
        },
        installed: "Zapsáno; isignum se odteď podívá každou hodinu:",
        removed: "Odstraněno; isignum už se dívat nebude:",
        noTimer: "Žádný časovač tu není.",
        running: "Časovač běží.",
        atNextLogin: "systemd se nepodařilo oslovit; časovač začne při příštím přihlášení."
    )
}
