// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import Credentials
internal import Enrollment
internal import Foundation

/// What `isignum` alone shows on a terminal: the requests that wait, the certificates that end soon, the devices that are
/// plugged in, and what can be done now, by number. Nothing is asked of a CA, and no secret is needed.
struct Menu {
    /// Something that can be done, and the command that does it.
    struct Choice: Equatable {
        let text: String
        /// The arguments, as a person would type them.
        let command: [String]
    }

    /// The text above the choices: what there is.
    let situation: String
    /// The most pressing first.
    let choices: [Choice]

    /// A certificate that ends within so many days is worth a line.
    static let soon = 30

    init(requests: [JournalEntry], tokens: [TokenDocument], words: MenuWords, results: ResultWords) {
        let open = requests.filter(\.state.isOpen)
        let ending = tokens.flatMap(\.certificates).filter { $0.place?.hasKey == true && $0.daysLeft <= Self.soon }
        situation =
            ([words.title]
            + [
                Self.section(words.openRequests, open.map { "\($0.handle)  \(results.standing(of: $0))" }),
                Self.section(words.endingCertificates, ending.map { Self.line($0, words, results) }),
                Self.section(words.devices, tokens.isEmpty ? [words.noDevice] : tokens.map { Self.line($0, words) }),
            ].compactMap(\.self)).joined(separator: "\n")
        var choices = open.sorted { Self.urgency($0) < Self.urgency($1) }.prefix(5).map { Self.choice($0, words) }
        choices += ending.filter { Self.isRenewable($0, requests) }.prefix(3).map { certificate in
            Choice(
                text: words.renew(certificate.commonName ?? certificate.serialNumberHex),
                command: ["renew", certificate.serialNumber]
            )
        }
        choices += tokens.flatMap { Self.unblocking($0, words) }.prefix(3)
        choices += [
            Choice(text: words.askForCertificate, command: ["new"]),
            Choice(text: words.showTokens, command: ["list"]),
        ]
        choices += tokens.filter { $0.pin != SecretState.locked.rawValue }.prefix(3).map { token in
            Choice(text: words.changePIN(token.label), command: ["device", "pin", "--token", token.serial])
        }
        choices += [
            Choice(text: words.lookForTrouble, command: ["doctor"]),
            Choice(text: words.allCommands, command: ["help"]),
        ]
        self.choices = choices
    }

    /// A certificate that is not over, and whose follower was not asked for yet.
    private static func isRenewable(_ certificate: CertificateDocument, _ requests: [JournalEntry]) -> Bool {
        certificate.daysLeft >= 0 && certificate.type != nil
            && !requests.contains { entry in
                guard let replaced = entry.renewal?.certificate, entry.state.isOpen || entry.state == .installed else {
                    return false
                }
                return CertificateDocument(der: replaced)?.sha256 == certificate.sha256
            }
    }

    /// What is blocked on a device, and can be set anew by whoever has the PUK.
    private static func unblocking(_ token: TokenDocument, _ words: MenuWords) -> [Choice] {
        let states: [(SecretKind, String?)] = [(.pin, token.pin), (.qpin, token.qpin)]
        return states.filter { $0.1 == SecretState.locked.rawValue }.map { kind, _ in
            Choice(
                text: words.unblock(kind.rawValue.uppercased(), token.label),
                command: ["device", "unblock", kind.rawValue, "--token", token.serial]
            )
        }
    }

    private static func section(_ heading: String, _ lines: [String]) -> String? {
        lines.isEmpty ? nil : "\n\(heading)\n" + lines.map { "  " + $0.printable + "\n" }.joined().dropLast()
    }

    private static func line(_ certificate: CertificateDocument, _ words: MenuWords, _ results: ResultWords) -> String {
        let name = certificate.commonName ?? certificate.serialNumberHex
        let left = certificate.daysLeft < 0 ? results.expired : results.daysLeft(certificate.daysLeft)
        return "\(name), \(left)"
    }

    private static func line(_ token: TokenDocument, _ words: MenuWords) -> String {
        "\(token.label) (\(token.serial))" + (token.qualified ? ", \(words.qualifiedDevice)" : "")
    }

    /// What a person can finish comes first, then what was interrupted, then what others have to do.
    private static func urgency(_ entry: JournalEntry) -> Int {
        switch entry.state {
        case .issued, .accepted: entry.isBeingRejected ? 1 : 0
        case .planned, .keyGenerated, .csrSigned, .submitted: 1
        default: 2
        }
    }

    private static func choice(_ entry: JournalEntry, _ words: MenuWords) -> Choice {
        let handle = "\(entry.handle)"
        switch urgency(entry) {
        case 0: return Choice(text: words.install(handle), command: ["install", entry.argument])
        case 1: return Choice(text: words.resume(handle), command: ["resume", entry.argument])
        default: return Choice(text: words.check(handle), command: ["check", entry.argument])
        }
    }
}

extension Menu {
    /// Looks into the journal and onto the tokens, shows what is there, and asks. What cannot be read is left out: this is
    /// not the place to complain.
    static func choose(on tty: TTY) async throws -> [String]? {
        var command: [String]?
        try await Composition.run(try GlobalOptions.parse([])) { parts in
            let words = MenuWords.of(parts.language)
            let tokens = (try? await parts.tokens()) ?? []
            let menu = Menu(
                requests: (try? parts.journal().entries()) ?? [],
                tokens: tokens.map { TokenDocument($0.description, holding: $0.certificates, certified: nil) },
                words: words,
                results: .of(parts.language)
            )
            command = try await menu.ask(on: tty, words)
            if let command { tty.writeAsItIs("\n\(words.running) isignum \(command.joined(separator: " "))\n\n") }
            return nil
        }
        return command
    }

    /// Shows it and asks, until an answer is one.
    ///
    /// - Returns: the command; `nil` when the person wants none.
    private func ask(on tty: TTY, _ words: MenuWords) async throws(KeyStoreError) -> [String]? {
        tty.write(situation + "\n\n\(words.whatNow)\n")
        for (index, choice) in choices.enumerated() { tty.write(choice.text.printable, numbered: index + 1) }
        while true {
            tty.write("\(words.question) [\(words.nothing)]: ")
            guard let answer = try await tty.line()?.trimmingCharacters(in: .whitespaces), !answer.isEmpty else {
                return nil
            }
            if let number = Int(answer), choices.indices.contains(number - 1) { return choices[number - 1].command }
            tty.write(words.noSuchChoice(choices.count) + "\n")
        }
    }
}
