// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import Token

extension Composition {
    /// A plan and the token for it: from the flags alone, or with the wizard where somebody can be asked.
    ///
    /// - Parameters:
    ///   - decided: whether nobody has to be asked about the certificate that comes of it.
    ///   - others: what the command was given beside the answers.
    func plan(
        from flags: NewOptions,
        decided: Bool,
        others: [EquivalentCommand.Part]
    ) async throws -> (EnrollmentPlan, PKCS11Token) {
        let given = try Answers(flags)
        guard let tty = console.tty, !(options.yes && given.type != nil) else {
            return try await unasked(given, decided: decided)
        }
        // A CA that cannot be reached is better met before the questions than after them.
        let context = try context(profile())
        var (places, isFixed) = (KeyPlaces(hasSoftwareStore: false), true)
        var store: PKCS11Token?
        if try chosenToken() != nil || deviceWait.isOff {
            store = try await onlyStore()
        } else {
            (places, isFixed) = (KeyPlaces(hasSoftwareStore: SoftwareStore.isPossible), false)
        }
        let tokens = try await choices(store)
        if tokens.isEmpty { try await context.prepareCertifications() }
        for token in tokens { places.add(token, certifiedUntil: try await context.certificationEnd(of: token)) }
        let (stores, limit) = (stores, deviceWait.limit)
        let news = isFixed ? nil : DeviceNews { stores.changes(atMost: limit) }
        defer { news?.stop() }
        let questions = Questions(tty: tty, words: .of(language))
        let wizard = EnrollmentWizard(
            questions: questions,
            placeQuestion: PlaceQuestion(
                questions: questions,
                devices: .of(language),
                news: news,
                certifiedUntil: { token in try? await context.certificationEnd(of: token) }
            ),
            isExpert: isExpert,
            offered: { try await self.open($0).algorithms(in: $1) }
        )
        let (answers, place) = try await wizard.ask(given, places)
        news?.stop()
        hasShownData = true
        guard let plan = answers.plan(locale: language.rawValue) else {
            throw CommandError(.answersMissing, ["--type"])
        }
        let chosen: PKCS11Token = if let store { store } else { try await open(place) }
        let isSoftware = place == .softwareStore || options.token.usesSoftwareStore
        let command = EquivalentCommand.text(
            plan,
            token: isSoftware ? "nss" : chosen.token.identity.serial,
            others: options.placesGiven + others
        )
        tty.writeAsItIs("\n\(questions.words.equivalent)\n  \(command)\n\n")
        return (plan, chosen)
    }

    /// Opens the place that a person chose; a device that was taken out meanwhile is waited for.
    private func open(_ place: KeyPlaces.Place) async throws -> PKCS11Token {
        guard case .device(let token) = place else { return try await openSoftwareStore() }
        let identity = token.identity
        return try await deviceWait.device("\(identity.label) (\(identity.serial))") {
            () async throws(KeyStoreError) in try await stores.store(identity)
        }
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
        let tokens = try await stores.tokens()
        guard let selector else { return tokens }
        let named = tokens.filter { selector.matches($0.identity) }
        return named.isEmpty ? tokens.filter { selector.names(reader: $0.reader) } : named
    }
}
