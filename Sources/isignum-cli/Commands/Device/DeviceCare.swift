// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Foundation
internal import Token

/// What the commands of `isignum device` do with a person and a device: say what must be known before, have it done,
/// say what came of it. Next hop: `PKCS11Token`.
struct DeviceCare {
    let parts: Composition
    let pukFrom: String?
    let newFrom: [SecretKind: String]

    private var words: CareWords { .of(parts.language) }

    private func console() throws(SecretSourceError) -> DeviceConsole {
        try DeviceConsole(parts.console, puk: pukFrom, new: newFrom, language: parts.language)
    }

    /// Changes a secret.
    func change(_ kind: SecretKind) async throws {
        let console = try console()
        let store = try await parts.chosenStore()
        // What cannot be done is said before anything is asked for it.
        guard store.canChange(kind) else { throw KeyStoreError(.changeNotOffered, secret: kind) }
        if !store.asksByItself(for: kind) {
            try await needAnswers(from: source(of: kind), newFrom[kind], for: kind, kind)
        }
        try await store.change(kind, secrets: console)
        try await show(kind, of: store, as: "changed", words.changed)
    }

    /// Sets a secret anew with the PUK.
    func unblock(_ kind: SecretKind) async throws {
        let console = try console()
        let store = try await parts.chosenStore()
        if !store.asksByItself(for: .puk) { try await needAnswers(from: pukFrom, newFrom[kind], for: .puk, kind) }
        try await store.unblock(kind, secrets: console)
        try await show(kind, of: store, as: "unblocked", words.unblocked)
    }

    /// Empties a device and returns it to its factory.
    func reset(confirmed: String?) async throws {
        let console = try console()
        let store = try await parts.chosenStore()
        let token = store.token.identity
        let plan = try await store.resetPlan()
        let requests = try openRequests(on: token)
        var missing = confirmed == nil ? ["--confirm-serial"] : []
        if plan.wantsPUK {
            if pukFrom == nil { missing.append("--puk-from") }
        } else if !store.asksByItself(for: .pin), parts.options.token.pinFrom == nil {
            missing.append("--pin-from")
        }
        guard parts.console.tty != nil || missing.isEmpty else { throw CommandError(.answersMissing, missing) }
        await announce(plan, on: token, openRequests: requests)
        try await confirm(token, given: confirmed)
        let report: FactoryResetReport
        do {
            report = try await store.reset(secrets: console)
        } catch {
            // Nobody knows which keys are left: a request that has not left could be for one that is gone.
            if !error.leftTheDeviceAlone { try? parts.journal().withdrawUnsent(on: token) }
            throw error
        }
        try parts.journal().noteReset(of: token)
        try parts.results.show(ResetDocument(token: token, report: report, openRequests: requests), words.reset)
    }

    /// All answers that are missing are named at once, before anything is asked of the device.
    private func needAnswers(
        from old: String?,
        _ new: String?,
        for oldKind: SecretKind,
        _ newKind: SecretKind
    ) async throws(CommandError) {
        guard parts.console.tty == nil else { return }
        var missing = old == nil ? ["--\(oldKind.rawValue)-from"] : []
        if new == nil { missing.append("--new-\(newKind.rawValue)-from") }
        guard missing.isEmpty else { throw CommandError(.answersMissing, missing) }
    }

    private func source(of kind: SecretKind) -> String? {
        switch kind {
        case .pin: parts.options.token.pinFrom
        case .qpin: parts.options.token.qpinFrom
        case .puk, .password: pukFrom
        }
    }

    private func show(
        _ kind: SecretKind,
        of store: PKCS11Token,
        as outcome: String,
        _ text: (SecretKind, String) -> String
    ) async throws {
        let token = store.token.identity
        let document = SecretDocument(
            token: TokenName(token),
            secret: kind.rawValue,
            outcome: outcome,
            standing: await store.standing(of: kind)
        )
        try parts.results.show(document, saying: text(kind, token.label.printable))
    }

    private func openRequests(on token: TokenIdentity) throws(JournalError) -> [String] {
        let journal = try parts.journal()
        let gone = try journal.requestsWithoutKey()
        let reading = try parts.readJournal()
        let open = reading.entries.filter { $0.state.isOpen && $0.token == token && !gone.contains($0.id) }
        // What cannot be read may be open, and its key on this device.
        let unreadable = reading.unreadable.filter { ($0.token ?? token) == token && !gone.contains($0.id) }
        return open.map(\.handle) + unreadable.map { $0.requestID?.text ?? "#\($0.id)" }
    }

    private func announce(_ plan: FactoryResetPlan, on token: TokenIdentity, openRequests: [String]) async {
        let reset = words.reset
        var lines = [reset.heading(token.label.printable, token.serial.printable)]
        let documents = plan.certificates.compactMap { CertificateDocument(der: $0.der) }
        lines.append(plan.certificates.isEmpty ? reset.noCertificates : reset.certificates)
        lines += documents.map { "  " + ResultWords.of(parts.language).line(of: $0) }
        lines.append(reset.allKeys)
        if !plan.returned.isEmpty { lines.append(reset.returns(plan.returned)) }
        if !plan.kept.isEmpty { lines.append(reset.keeps(plan.kept)) }
        if !openRequests.isEmpty { lines.append(reset.openRequests(openRequests)) }
        for line in lines {
            if let tty = parts.console.tty { tty.write(line + "\n") } else { await parts.console.tell(line) }
        }
    }

    private func confirm(_ token: TokenIdentity, given: String?) async throws {
        var answer = given
        if answer == nil, let tty = parts.console.tty {
            tty.write(words.reset.typeSerial(token.serial.printable) + " ")
            guard let line = try await tty.line() else { throw KeyStoreError(.cancelled) }
            answer = line.split(whereSeparator: \.isWhitespace).joined()
        }
        // A number that no terminal can show is typed as it is shown.
        guard let answer, !answer.isEmpty, answer.lowercased() == token.serial.printable.lowercased() else {
            throw CommandError(.serialDiffers, [token.serial])
        }
    }
}

extension Composition {
    /// The care of the chosen device.
    func care(puk: String?, new: [SecretKind: String?]) -> DeviceCare {
        DeviceCare(parts: self, pukFrom: puk, newFrom: new.compactMapValues(\.self))
    }
}
