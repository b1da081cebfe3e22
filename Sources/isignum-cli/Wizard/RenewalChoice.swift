// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit
internal import Token

/// A renewal that was decided on, with what carries it out.
struct ChosenRenewal {
    let plan: RenewalPlan
    /// Where the new key is to live.
    let store: PKCS11Token
    /// What is on it.
    let certificates: [StoredCertificate]
    /// Asks whether the old certificate is still good.
    let revocation: RevocationCheck
}

extension Composition {
    /// What is to be renewed, and how: from the flags alone, or with the wizard where somebody can be asked.
    ///
    /// - Parameters:
    ///   - decided: whether nobody has to be asked about the certificate that comes of it.
    ///   - others: what the command was given beside the answers.
    func renewal(
        _ selector: String?,
        _ flags: RenewOptions,
        _ old: OldSecretOptions,
        decided: Bool,
        others: [EquivalentCommand.Part]
    ) async throws -> ChosenRenewal {
        let wished = try chosenToken() == nil ? nil : try await wishedStore()
        let held = try await certificatesAnywhere(beside: wished)
        let entries = try journal().entries()
        let certificates = try renewable(selector, held, entries, preferring: wished?.token.identity)
        let answers: RenewalAnswers
        if let tty = console.tty, !options.yes {
            answers = try await ask(tty, flags, certificates, wished)
        } else {
            answers = try await unasked(flags, old, certificates, wished, decided: decided)
        }
        let certificate = certificates[answers.certificate ?? 0]
        let store = try await target(answers, of: certificate, wished)
        if store.token.identity != certificate.token {
            try setApart(certificate.token, old)
            // Which of the two the flags mean was not said: the person is asked for both.
            if wished == nil { console.sources.give(.terminal, to: store.token.identity) }
        }
        let plan = RenewalPlan(
            certificate: certificate,
            term: answers.term ?? .oneYear,
            voucher: answers.voucher,
            algorithm: answers.algorithm ?? certificate.usualAlgorithm ?? .rsa2048,
            locale: language.rawValue
        )
        if let tty = console.tty, !options.yes {
            let command = EquivalentCommand.text(
                plan,
                token: tokenName(of: store),
                others: options.placesGiven + others
            )
            tty.writeAsItIs("\n\(WizardWords.of(language).equivalent)\n  \(command)\n\n")
        }
        let check = try revocationCheck(knowing: held.map(\.stored.der), entries)
        return ChosenRenewal(
            plan: plan,
            store: store,
            certificates: held.filter { $0.store.token.identity == store.token.identity }.map(\.stored),
            revocation: check
        )
    }

    private func tokenName(of store: PKCS11Token) -> String {
        options.token.usesSoftwareStore ? "nss" : store.token.identity.serial
    }

    private func target(
        _ answers: RenewalAnswers,
        of certificate: RenewableCertificate,
        _ wished: PKCS11Token?
    ) async throws(KeyStoreError) -> PKCS11Token {
        if let wished { return wished }
        return try await stores.store(answers.token ?? certificate.token)
    }

    /// The certificates of all tokens: `--token` says where the new key is to live, and the old one may be elsewhere,
    /// in the software store too.
    private func certificatesAnywhere(beside wished: PKCS11Token?) async throws(KeyStoreError) -> [HeldCertificate] {
        var held: [HeldCertificate] = []
        do throws(KeyStoreError) {
            held = try await heldCertificates()
        } catch {
            guard error.code == .tokenNotFound else { throw error }
            if wished == nil {
                _ = try await chosenStore()
                held = try await heldCertificates()
            }
        }
        guard let wished else { return held }
        // The software store is no token that is plugged in.
        if !held.contains(where: { $0.store.token.identity == wished.token.identity }) {
            held += try await heldCertificates(on: [wished])
        }
        guard softwareStore.exists, !wished.token.identity.isSoftwareStore else { return held }
        // A database that cannot be read is no reason not to renew what is on a token.
        let database = try? await stores.store(try TokenSelector(parsing: "nss"))
        return held + ((try? await heldCertificates(on: [database].compactMap(\.self))) ?? [])
    }

    /// The certificates among which there is a choice: at least one.
    private func renewable(
        _ selector: String?,
        _ held: [HeldCertificate],
        _ entries: [JournalEntry],
        preferring token: TokenIdentity?
    ) throws -> [RenewableCertificate] {
        let all = held.compactMap { held in
            RenewableCertificate(held.stored, on: held.store.token.identity, in: entries).map { (held, $0) }
        }
        let now = Date()
        let ready = all.filter { $0.1.refusal(in: entries, at: now) == nil }
        guard let selector else {
            let nearby = ready.filter { $0.0.store.token.identity == token }
            let choice = (nearby.isEmpty ? ready : nearby).map(\.1).sorted(by: RenewableCertificate.precedes)
            guard choice.isEmpty else { return choice }
            let refusals = all.filter { $0.0.stored.hasKey }.compactMap { $0.1.refusal(in: entries, at: now) }
            throw EnrollmentError.renewal(refusals.count == 1 ? refusals[0] : .nothingToRenew)
        }
        // What ended long ago bears the same name as what follows it, and is not what is meant.
        let meant: HeldCertificate
        do {
            meant = try ready.map(\.0).meant(by: selector)
        } catch let error as CommandError where error.code == .certificateNotFound {
            meant = try held.meant(by: selector)
        }
        guard let found = all.first(where: { $0.0.document.sha256 == meant.document.sha256 })?.1 else {
            throw EnrollmentError.renewal(.untold)
        }
        if let refusal = found.refusal(in: entries, at: now) { throw EnrollmentError.renewal(refusal) }
        return [found]
    }

    private func ask(
        _ tty: TTY,
        _ flags: RenewOptions,
        _ certificates: [RenewableCertificate],
        _ wished: PKCS11Token?
    ) async throws -> RenewalAnswers {
        let stores = stores
        let tokens = wished == nil ? try await stores.tokens().map(\.identity) : []
        let wizard = RenewalWizard(
            tty: tty,
            words: .of(language),
            wizard: .of(language),
            results: .of(language),
            certificates: certificates,
            tokens: tokens,
            isExpert: isExpert,
            offered: { (token, area) async throws(KeyStoreError) -> [KeyAlgorithm] in
                try await stores.store(token).algorithms(in: area)
            }
        )
        return try await wizard.ask(flags.answers(on: wished?.token.identity))
    }

    /// Everything that is missing is said at once.
    private func unasked(
        _ flags: RenewOptions,
        _ old: OldSecretOptions,
        _ certificates: [RenewableCertificate],
        _ wished: PKCS11Token?,
        decided: Bool
    ) async throws -> RenewalAnswers {
        guard certificates.count == 1 else {
            let documents = certificates.compactMap { CertificateDocument($0.stored, on: $0.token, now: Date()) }
            throw CommandError(.certificateAmbiguous, among: documents)
        }
        var missing: [String] = []
        let asksItself = wished?.token.asksForSecrets ?? false
        if !asksItself, let secret = missingSecret(for: certificates[0].type) { missing.append(secret) }
        let (token, type) = (certificates[0].token, certificates[0].type)
        if let wished, wished.token.identity != token,
            let secret = await missingSecret(ofOldKeyOn: token, type, old)
        {
            missing.append(secret)
        }
        if !decided { missing.append(DecisionOptions.flags) }
        guard missing.isEmpty else { throw CommandError(.answersMissing, missing) }
        return flags.answers(on: wished?.token.identity)
    }
}

extension EquivalentCommand {
    /// The command that renews the same without questions.
    static func text(_ plan: RenewalPlan, token: String, others: [Part] = []) -> String {
        let usual = plan.certificate.usualAlgorithm ?? .rsa2048
        let answers: [Part] = [
            .flag("--multi-year", plan.term == .multiYear), .option("--voucher", plan.voucher),
            .option("--key", plan.algorithm == usual ? nil : plan.algorithm.rawValue),
            .option("--token", token.printable),
        ]
        return line(["renew", plan.certificate.details.serialNumberHex], answers + others)
    }
}
