// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

extension ResultWords {
    /// Requests, a line each.
    func table(of entries: [JournalEntry]) -> String {
        let head = [request, "#", status, type, holder, token, authority, updated]
        let rows = entries.map { entry in
            [
                entry.requestID?.text ?? "-", "\(entry.id)", standing(of: entry), types[entry.plan.type] ?? "",
                entry.plan.contact.name ?? holders[entry.plan.holder] ?? "", entry.token.label, entry.authority,
                moment(entry.updated),
            ]
        }
        return TextTable.columns(head, rows)
    }

    /// One request with everything that its user may know.
    func details(of entry: JournalEntry) -> String {
        let contact = entry.plan.contact
        let algorithm = entry.plan.algorithm.rawValue
        return TextTable.lines([
            (request, "\(entry.handle)"),
            (status, standing(of: entry)),
            (reason, why(entry)),
            (askAgainAfter, nextQuestion(about: entry)),
            (type, types[entry.plan.type]),
            (holder, holders[entry.plan.holder]),
            (name, contact.name),
            (email, contact.email),
            (phone, contact.phone),
            (renewal.replaces, entry.renewal.flatMap { replaced(by: $0) }),
            (renewal.term, entry.renewal.flatMap { renewal.name(of: $0.term) }),
            (token, "\(entry.token.label) (\(entry.token.serial))"),
            (key, entry.publicKeySHA256.map { "\(algorithm), SHA-256 \($0)" } ?? algorithm),
            (marker, entry.marker?.rawValue ?? entry.markerRefusal.map { refusals[$0] ?? $0 }),
            (backup, backedUp(entry)),
            (authority, entry.authority),
            (created, moment(entry.created)),
            (updated, moment(entry.updated)),
            (certificates.differs, differences(of: entry)),
        ]) + (entry.chain.first.flatMap { CertificateDocument(der: $0) }.map { "\n" + details(of: $0) } ?? "")
    }

    /// How the holder of a certificate that waits differs from what was asked for.
    private func differences(of entry: JournalEntry) -> String? {
        guard entry.state == .issued || entry.state == .accepted, let comparison = entry.comparison,
            !comparison.differences.isEmpty
        else { return nil }
        return comparison.differences.map(certificates.difference).joined(separator: "; ")
    }

    /// The certificate that a renewal replaces, in a line.
    private func replaced(by renewal: Renewal) -> String? {
        CertificateDocument(der: renewal.certificate).map { certificate in
            "\(certificate.serialNumber) (0x\(certificate.serialNumberHex))"
        }
    }

    /// What is new to somebody who has just given or read the rest.
    func news(of entry: JournalEntry) -> String {
        TextTable.lines([
            (request, "\(entry.handle)"),
            (status, standing(of: entry)),
            (reason, why(entry)),
            (askAgainAfter, nextQuestion(about: entry)),
            (token, "\(entry.token.label) (\(entry.token.serial))"),
            (key, entry.publicKeySHA256.map { "\(entry.plan.algorithm.rawValue), SHA-256 \($0)" }),
            (marker, entry.marker?.rawValue ?? entry.markerRefusal.map { refusals[$0] ?? $0 }),
            (backup, backedUp(entry)),
            (authority, entry.authority),
        ])
    }

    /// Where the backup of the key is, and what it holds.
    private func backedUp(_ entry: JournalEntry) -> String? {
        BackupDocument(entry).map { "\($0.file) (\(entry.hasBareBackup ? backupOfKey : backupOfBoth))" }
    }

    /// When the CA is to be asked again; `nil` when it can be now, or need not be.
    private func nextQuestion(about entry: JournalEntry) -> String? {
        entry.state == .pending ? entry.nextPoll.flatMap { $0 > Date() ? moment($0) : nil } : nil
    }

    /// What can be done with a request now, as commands to copy.
    func next(after entry: JournalEntry) -> String {
        let steps: [(String, String)] =
            switch entry.state {
            case .csrSigned where entry.isPutOff: []
            case .planned, .keyGenerated, .csrSigned, .submitted: [(howToResume, "resume \(entry.argument)")]
            // A rejection that the CA may not have heard is said again, never turned into its opposite.
            case .issued where entry.isBeingRejected, .accepted where entry.isBeingRejected:
                [(howToResume, "resume \(entry.argument)")]
            case .pending: [(howToCheck, "check \(entry.argument)"), (howToInstall, "install \(entry.argument)")]
            case .issued:
                [(howToReadProtocol, "protocol \(entry.argument)"), (howToInstall, "install \(entry.argument)")]
            case .accepted: [(howToInstall, "install \(entry.argument)")]
            case .installed where entry.hasBareBackup:
                [(howToCompleteBackup, "resume \(entry.argument)"), (howToList, "list")]
            case .installed: [(howToList, "list")]
            case .rejected, .expired, .withdrawn, .revoked:
                [(howToBegin, entry.anew)] + (entry.publicKey == nil ? [] : [(howToFree, entry.freeing)])
            }
        guard !entry.isPutOff else { return "\n\(nextSteps):\n  \(renewal.wayOn(entry))\n" }
        return self.steps(steps)
    }

    /// Why a request was refused, in our words where the CA's code is known, and in the CA's own.
    private func why(_ entry: JournalEntry) -> String? {
        guard let refusal = entry.refusal, refusal != .other else { return entry.reason.map(\.inOneLine) }
        return errors.refusal(refusal).withHints([]).quoting(entry.reason).message
    }

    /// Commands with what they are for.
    func steps(_ steps: [(purpose: String, command: String)]) -> String {
        guard !steps.isEmpty else { return "" }
        let rows = steps.map { ["  " + $0.purpose, "isignum \($0.command)"] }
        return "\n\(nextSteps):\n" + TextTable.columns(nil, rows)
    }

    /// The journal's word on a request, with the CA's where it says more.
    func standing(of entry: JournalEntry) -> String {
        let own = entry.isPutOff ? renewal.refusedForNow : state(entry.state.rawValue)
        guard entry.state == .pending, let remote = entry.remoteState else { return own }
        return "\(own) (\(state(remote.rawValue)))"
    }
}

extension JournalEntry {
    /// Whether the holder's word is no, and the CA may not have heard it.
    var isBeingRejected: Bool { wordMayBeKnown.map { $0 != .accepted } ?? false }
}
