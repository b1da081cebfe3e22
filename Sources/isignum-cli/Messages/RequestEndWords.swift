// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Enrollment

// How requests end without a certificate, and what comes next, in both languages.

extension EnglishErrorWords {
    func ended(_ entry: JournalEntry) -> Wording {
        let what =
            switch entry.state {
            case .expired: "the request \(entry.handle) has expired: nobody came to the branch in time"
            case .withdrawn: "the request \(entry.handle) was withdrawn"
            case .revoked: "the certificate of \(entry.handle) was revoked before it was installed; nothing was written"
            default: "the request \(entry.handle) was rejected\(because(entry.refusal))"
            }
        return Wording(what, "begin a new request: isignum \(entry.anew)").quoting(entry.reason).adding(keyStays(entry))
    }

    private func keyStays(_ entry: JournalEntry) -> String? {
        entry.publicKey.map { _ in "its key is still on the token; isignum \(entry.freeing) removes it" }
    }

    func acceptedAlready(_ entry: JournalEntry) -> Wording {
        Wording(
            "the CA has heard that the certificate of \(entry.handle) is accepted: it cannot be rejected any more",
            "revoke it: isignum revoke \(entry.serialNumber)"
        ).adding(
            entry.state == .installed
                ? nil : "or, if it is wanted after all: isignum install \(entry.argument) --accept"
        )
    }

    func notTaken(_ entry: JournalEntry, _ error: CAError) -> Wording {
        let words = authority(error)
        guard entry.state.isOpen else {
            let anew = "the request is over; begin a new one: isignum \(entry.anew)"
            return words.adding(words.hints.isEmpty ? anew : nil).adding(keyStays(entry))
        }
        return words.adding("the request stays open; isignum resume \(entry.argument) hands it in again")
    }
}

extension CzechErrorWords {
    func ended(_ entry: JournalEntry) -> Wording {
        let what =
            switch entry.state {
            case .expired: "žádost \(entry.handle) propadla: na pobočku nikdo včas nepřišel"
            case .withdrawn: "žádost \(entry.handle) byla vzata zpět"
            case .revoked: "certifikát k žádosti \(entry.handle) byl zneplatněn ještě před instalací; nic se nezapsalo"
            default: "žádost \(entry.handle) byla zamítnuta\(because(entry.refusal))"
            }
        return Wording(what, "začněte novou žádost: isignum \(entry.anew)").quoting(entry.reason)
            .adding(keyStays(entry))
    }

    private func keyStays(_ entry: JournalEntry) -> String? {
        entry.publicKey.map { _ in "její klíč je stále na tokenu; odstraní ho isignum \(entry.freeing)" }
    }

    func acceptedAlready(_ entry: JournalEntry) -> Wording {
        Wording(
            "autorita už ví, že je certifikát k žádosti \(entry.handle) přijat: odmítnout ho nelze",
            "zneplatněte ho: isignum revoke \(entry.serialNumber)"
        ).adding(
            entry.state == .installed ? nil : "nebo, chcete-li ho přece jen: isignum install \(entry.argument) --accept"
        )
    }

    func notTaken(_ entry: JournalEntry, _ error: CAError) -> Wording {
        let words = authority(error)
        guard entry.state.isOpen else {
            let anew = "žádost tím skončila; začněte novou: isignum \(entry.anew)"
            return words.adding(words.hints.isEmpty ? anew : nil).adding(keyStays(entry))
        }
        return words.adding("žádost zůstává otevřená; znovu ji podá isignum resume \(entry.argument)")
    }
}

extension JournalEntry {
    /// The command that asks for another certificate instead.
    var anew: String { renewal == nil ? "new" : "renew" }

    /// The command that frees the place of its key, once nothing comes for it any more.
    var freeing: String { "clean --expert --unpaired-keys \(argument)" }

    /// The serial number of its certificate, decimal; empty before there is one.
    fileprivate var serialNumber: String {
        chain.first.flatMap { CertificateDocument(der: $0) }?.serialNumber ?? ""
    }
}
