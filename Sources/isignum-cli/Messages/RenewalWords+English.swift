// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import OpenSSLKit

extension RenewalWords {
    static let english = RenewalWords(
        signingOrder: "signing the order with the key of the old certificate …",
        sealIsRequestedAnew: "a seal has no renewal: this is a new request",
        orderMayHaveArrived: "the order of before may have reached the CA, so it goes again as it was",
        goesOn: { "the renewal that was begun goes on: \($0)" },
        givenUp: { "the renewal \($0), begun on \($1), is given up; its key there is not needed any more" },
        refusal: { refusal in
            let dates = MomentText(.english)
            switch refusal {
            case .expired(let date):
                return Wording(
                    "the certificate ended on \(dates.day(date)), and what has ended signs no order",
                    "ask for a new one: isignum new"
                )
            case .notYetValid(let date):
                return Wording(
                    "the certificate is valid from \(dates.moment(date)) only",
                    "check the date of this computer"
                )
            case .revoked(let date):
                return Wording(
                    "the certificate was revoked on \(dates.day(date)), so it signs no order",
                    "ask for a new one: isignum new"
                )
            case .alreadyRenewed(let entry):
                return Wording(
                    "the certificate was renewed before: \(entry.handle)",
                    entry.state == .installed
                        ? "isignum list shows the new one" : "isignum install \(entry.argument) goes on with it"
                )
            case .foreign(let authority):
                return Wording(
                    "the certificate does not come from the CA \(authority.printable), which cannot renew it",
                    "choose its CA with --ca, or ask this one for a new certificate: isignum new"
                )
            case .withoutKey:
                return Wording(
                    "the key of the certificate is not beside it, and it has to sign the order",
                    "is it on another token? isignum list shows what is there"
                )
            case .untold:
                return Wording(
                    "the certificate says neither that it is qualified nor that it is commercial",
                    "only certificates of a CA can be renewed; isignum new asks for one"
                )
            case .oldKeyMissing(let token):
                return Wording(
                    "the key of the certificate that is replaced is not on the token \(token.label.printable)",
                    "is it the right token? without that key only a new request helps: isignum new"
                )
            case .begunElsewhere(let entry):
                return Wording(
                    "the order of a key on \(entry.token.label.printable) may have reached the CA",
                    "isignum resume \(entry.argument) finds that out and goes on"
                )
            case .noRoom(let use):
                let keys = use.waiting.count + use.unpairedKeys
                return Wording(
                    "no room in the qualified area of \(use.token.label.printable) (error 622): it holds \(use.limit) "
                        + "keys, and has \(use.certificates) with a certificate and \(keys) without"
                ).withHints(
                    use.remedies(
                        install: "a certificate waits for its key",
                        removeKeys: "remove keys without a certificate"
                    ) { one in
                        let name = one.details.subject.commonName ?? one.details.subject.text
                        let state = TokenWorkWords.english.reasons(one.reason)
                        return "remove a certificate with its key, if it is not needed any more "
                            + "(\(name.printable), until \(dates.day(one.details.notAfter)), \(state))"
                    } + ["or put the new key onto another token with --token"]
                )
            case .notForSeals:
                return Wording(
                    "--multi-year and --voucher are for persons: a seal is followed by a new request",
                    "leave them out"
                )
            case .nothingToRenew:
                return Wording(
                    "no token holds a certificate that can be renewed",
                    "isignum list shows what is there, isignum new asks for a first one"
                )
            }
        },
        refusedForNow: "refused for now",
        keyIsKept: "the new key is kept for the next try",
        anotherVoucher: { "with another voucher: isignum renew \($0) --voucher CODE" },
        oneYear: { "for one year: isignum renew \($0)" },
        anotherDay: { "another day: isignum resume \($0)" },
        title: "Renewal",
        certificateQuestion: "Certificate",
        certificateHelp: "The one that is to be followed; it stays until you remove it, and its key signs the order.",
        tokenQuestion: "Where the new key is to live",
        tokenHelp: "A new key is made on this token; the old one stays where it is.",
        termQuestion: "For how long",
        termHelp: "Several years only where the CA has enabled that for you and your organisation.",
        voucherQuestion: "Voucher",
        voucherHelp: "The code of a voucher that pays for it. May stay empty.",
        voucherInvalid: "A voucher has 1 to 64 characters.",
        sendQuestion: "Generate a new key and send the order?",
        sealQuestion: "Generate a new key and send the request?",
        sendHelp:
            "The token will ask for its PIN. The old certificate stays valid; nothing is lost if it is interrupted.",
        sealNote: "A seal is followed by a new request, which the CA verifies anew.",
        terms: ["one year (385 days)", "several years (1,115 days)"],
        replaces: "Renewal of",
        term: "Term",
        voucher: "Voucher",
        newKey: "New key",
        noBranch: "Nobody has to come to the branch: the CA issues it by itself."
    )
}
