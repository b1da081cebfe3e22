// SPDX-License-Identifier: Apache-2.0

extension WatchWords {
    static let english = WatchWords(
        nothingNew: { pending in
            switch pending {
            case 0: "Nothing to tell."
            case 1: "Nothing to tell; one request waits at the CA."
            default: "Nothing to tell; \(pending) requests wait at the CA."
            }
        },
        matter: { matter in
            let subject = matter.subject.printable
            let dates = MomentText(.english)
            switch matter.kind {
            case .ready:
                return Notice(
                    title: "Certificate \(subject) is ready",
                    body: "isignum install \(subject.drop { $0 == "#" }) shows, accepts and installs it"
                )
            case .ended:
                return Notice(
                    title: "Request \(subject) has ended without a certificate",
                    body: "isignum requests \(subject.drop { $0 == "#" }) tells why"
                )
            case .expiring:
                let end = matter.notAfter.map(dates.day) ?? ""
                let left = matter.daysLeft.map { $0 == 0 ? "today" : "in \(dates.days($0))" } ?? ""
                return Notice(
                    title: "A certificate ends \(left)",
                    body: "\(subject), valid until \(end); isignum renew asks for the following one"
                )
            case .expired:
                return Notice(
                    title: "A certificate has ended",
                    body: "\(subject), valid until \(matter.notAfter.map(dates.day) ?? "")"
                )
            }
        },
        installed: "These were written; isignum looks once an hour from now on:",
        removed: "These were removed; isignum looks no more:",
        noTimer: "There is no timer.",
        running: "The timer runs.",
        atNextLogin: "systemd could not be told; the timer starts at the next login."
    )
}
