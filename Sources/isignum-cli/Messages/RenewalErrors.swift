// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import OpenSSLKit

extension RenewalRefusal {
    var stableCode: String {
        switch self {
        case .expired: "certificate_expired"
        case .notYetValid: "certificate_not_yet_valid"
        case .revoked: "certificate_revoked"
        case .alreadyRenewed: "already_renewed"
        case .foreign: "certificate_foreign"
        case .withoutKey: "certificate_without_key"
        case .untold: "certificate_type_unknown"
        case .oldKeyMissing: "key_missing"
        case .begunElsewhere: "renewal_begun_elsewhere"
        case .noRoom: KeyStoreError(.tokenFull).stableCode
        case .notForSeals: "renewal_not_for_seals"
        case .nothingToRenew: "nothing_to_renew"
        }
    }

    var exitCode: Int32 {
        switch self {
        case .expired, .notYetValid, .revoked, .alreadyRenewed, .foreign, .untold: 65
        case .withoutKey, .oldKeyMissing, .nothingToRenew: 66
        case .begunElsewhere, .notForSeals: 64
        case .noRoom: KeyStoreError(.tokenFull).exitCode
        }
    }
}

extension QualifiedAreaUse {
    /// The commands that make room, the most harmless first, each with what it is for.
    func remedies(install: String, removeKeys: String, remove: (Removable) -> String) -> [String] {
        let token = "--token \(EquivalentCommand.quoted(token.serial.printable))"
        let requests = waiting.filter { [.pending, .issued, .accepted].contains($0.state) }
        return requests.map { "\(install): isignum install \($0.argument)" }
            + (unpairedKeys > 0 ? ["\(removeKeys): isignum clean --expert --unpaired-keys \(token)"] : [])
            + removable.prefix(5).map { one in
                "\(remove(one)): isignum clean --expert \(token) \(one.details.serialNumberHex)"
            }
    }
}

extension Wording {
    /// The same words with these things to do.
    func withHints(_ hints: [String]) -> Wording { hints.reduce(Wording(message)) { $0.adding($1) } }
}

extension RenewalWords {
    /// What can be done about an order that the CA put off, instead of what is said of refusals in general.
    func putOff(_ entry: JournalEntry, _ wording: Wording) -> Wording {
        wording.withHints([keyIsKept, wayOn(entry)])
    }

    /// The command that goes on with an order that the CA put off.
    func wayOn(_ entry: JournalEntry) -> String {
        let number =
            entry.renewal.flatMap { try? Certificate(parsing: $0.certificate) }
            .flatMap { try? CertificateDetails(of: $0) }?.serialNumberHex
        return switch (entry.refusal, number) {
        case (.voucherInvalid, let number?): anotherVoucher(number)
        case (.multiYearNotEnabled, let number?): oneYear(number)
        default: anotherDay(entry.argument)
        }
    }
}
