// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import Token

extension Composition {
    /// A plan and the token for it: from the flags alone, or with the wizard where somebody can be asked.
    ///
    /// - Parameter decided: whether nobody has to be asked about the certificate that comes of it.
    func plan(from flags: NewOptions, decided: Bool) async throws -> (EnrollmentPlan, PKCS11Token) {
        let given = try Answers(flags)
        guard let tty = console.tty, !(options.yes && given.type != nil) else {
            return try await unasked(given, decided: decided)
        }
        var store = try await onlyStore()
        let tokens = try await choices(store)
        let words = WizardWords.of(language)
        // A CA that cannot be reached is better met before the questions than after them.
        let context = try context(profile())
        var certifiedUntil: [TokenIdentity: Date] = [:]
        for token in tokens { certifiedUntil[token.identity] = try await context.certificationEnd(of: token) }
        let stores = stores
        let wizard = EnrollmentWizard(
            tty: tty,
            words: words,
            tokens: tokens,
            certifiedUntil: certifiedUntil,
            isExpert: isExpert,
            offered: { (token, area) async throws(KeyStoreError) -> [KeyAlgorithm] in
                try await stores.store(token.identity).algorithms(in: area)
            }
        )
        let (answers, token) = try await wizard.ask(given)
        guard let plan = answers.plan(locale: language.rawValue) else {
            throw CommandError(.answersMissing, ["--type"])
        }
        if store == nil { store = try await stores.store(tokens[token].identity) }
        guard let store else { throw KeyStoreError(.tokenNotFound) }
        let command = EquivalentCommand.text(
            plan,
            token: options.token.usesSoftwareStore ? "nss" : store.token.identity.serial,
            others: options.placesGiven
        )
        tty.writeAsItIs("\n\(words.equivalent)\n  \(command)\n\n")
        return (plan, store)
    }

    /// Everything that is missing is said at once.
    private func unasked(_ given: Answers, decided: Bool) async throws -> (EnrollmentPlan, PKCS11Token) {
        var missing = given.type == nil ? ["--type"] : []
        let secret = missingSecret(for: given.type)
        if missing.isEmpty, secret == nil, decided, let plan = given.plan(locale: language.rawValue) {
            return (plan, try await wishedStore())
        }
        // Among several tokens the choice is one more answer; one that asks for its secrets itself needs none.
        let tokens = (try? await choices(nil)) ?? []
        if let secret, tokens.isEmpty || !tokens.allSatisfy(\.asksForSecrets) { missing.append(secret) }
        if tokens.count > 1, options.token.selector == nil { missing.append("--token") }
        if !decided { missing.append(DecisionOptions.flags) }
        guard missing.isEmpty, let plan = given.plan(locale: language.rawValue) else {
            throw CommandError(.answersMissing, missing)
        }
        return (plan, try await wishedStore())
    }

    /// The flag for a secret that nobody can be asked for; a device without a QPIN takes the PIN for both types.
    func missingSecret(for type: CertificateType?) -> String? {
        let hasPIN = options.token.pinFrom != nil
        guard console.tty == nil else { return nil }
        switch type {
        case .qualified: return hasPIN || options.token.qpinFrom != nil ? nil : "--qpin-from"
        case .commercial, nil: return hasPIN ? nil : "--pin-from"
        }
    }

    /// The token that is meant; `nil` when several are.
    private func onlyStore() async throws -> PKCS11Token? {
        let failure: KeyStoreError
        do {
            return try await wishedStore()
        } catch let error as KeyStoreError {
            failure = error
        }
        guard failure.code == .tokenAmbiguous else { throw failure }
        return nil
    }

    /// The tokens among which there is a choice.
    private func choices(_ only: PKCS11Token?) async throws(KeyStoreError) -> [TokenDescription] {
        if let only { return [only.token] }
        let selector = try chosenToken()
        return try await stores.tokens().filter { selector?.matches($0.identity) ?? true }
    }
}

/// The command that asks for the same without questions.
enum EquivalentCommand {
    /// - Parameter others: what the command was given beside its answers, and needs again.
    static func text(
        _ plan: EnrollmentPlan,
        token: String,
        others: [(flag: String, value: String?)] = []
    ) -> String {
        var words = ["isignum", "new", "--type", plan.type.rawValue, "--holder", plan.holder.rawValue]
        let answers = [
            ("--name", plan.contact.name), ("--email", plan.contact.email), ("--phone", plan.contact.phone),
            ("--key", plan.algorithm == .rsa2048 ? nil : plan.algorithm.rawValue),
            ("--backup-key", plan.backupFile), ("--token", token.printable),
        ]
        words += self.words(answers + others)
        return (words + ["--yes"]).joined(separator: " ")
    }

    /// Flags with their values, for a POSIX shell; those without a value are left out.
    static func words(_ flags: [(flag: String, value: String?)]) -> [String] {
        var words: [String] = []
        for case (let flag, let value?) in flags {
            // Alone, a value that begins with a dash would pass for a flag.
            words += value.hasPrefix("-") ? ["\(flag)=\(quoted(value))"] : [flag, quoted(value)]
        }
        return words
    }

    /// For a POSIX shell.
    static func quoted(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x40...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || [0x2B, 0x2D, 0x2E, 0x5F].contains(byte)
        }
        return isPlain && !text.isEmpty ? text : "'" + text.replacing("'", with: "'\\''") + "'"
    }
}

extension GlobalOptions {
    /// The flags that say where the CA, the token and the secrets are.
    var placesGiven: [(flag: String, value: String?)] {
        [("--ca", authority.name), ("--ca-url", authority.url), ("--ca-file", authority.anchors)]
            + token.modules.map { ("--module", $0) }
            + [("--pin-from", token.pinFrom), ("--qpin-from", token.qpinFrom)]
    }
}
