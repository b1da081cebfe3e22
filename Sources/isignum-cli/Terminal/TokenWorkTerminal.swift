// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Enrollment
internal import Foundation
internal import OpenSSLKit

/// The person at the terminal, as the stories without a CA meet them.
struct TokenWorkTerminal: TokenWorkConsole {
    /// The shortest password that may protect a key.
    static let shortestPassword = 8

    let console: TerminalConsole
    let password: SecretInput
    let words: TokenWorkWords
    let results: ResultWords

    func pin(for request: SecretRequest) async throws(KeyStoreError) -> PIN { try await console.pin(for: request) }
    func qpin(for request: SecretRequest) async throws(KeyStoreError) -> QPIN { try await console.qpin(for: request) }
    func announceDeviceEntry(of request: SecretRequest) async throws(KeyStoreError) {
        try await console.announceDeviceEntry(of: request)
    }

    func report(_ event: TokenWorkEvent) async {
        guard !console.isQuiet else { return }
        let text = words.event(event)
        switch event {
        case .removing, .writingKey: await console.progress.begin(text)
        default: await console.progress.tell(text)
        }
    }

    func agrees(to question: TokenWorkQuestion) async throws(EnrollmentError) -> Bool {
        await console.progress.finish()
        guard let tty = console.tty else { throw .tokenWork(.nobodyToAsk) }
        switch question {
        case .holder(let details, let differences):
            tty.write("\n" + results.page(of: CertificateDocument(details, place: nil, now: .now), differences) + "\n")
            return try await yes(results.certificates.holderQuestion, tty)
        case .install(let details, let token, let isShown):
            if !isShown {
                tty.write("\n" + results.page(of: CertificateDocument(details, place: nil, now: .now)) + "\n")
            }
            return try await yes(words.installQuestion(token.label.printable), tty)
        case .importKey(let details, let token, let findings):
            if let details {
                tty.write("\n" + results.page(of: CertificateDocument(details, place: nil, now: .now)) + "\n")
            }
            for finding in findings { tty.write(words.warning(words.finding(finding)) + "\n") }
            return try await yes(words.importKeyQuestion(token.label.printable), tty)
        case .remove(let candidates):
            tty.write("\n" + words.list(candidates))
            return try await yes(words.removeQuestion(candidates.count), tty)
        case .removeKeys(let candidates): return try await yes(words.removeKeysQuestion(candidates.count), tty)
        case .removeProtectedKey(let candidate):
            guard let request = candidate.request else { return false }
            tty.write(words.protectedQuestion(request, candidate.entry?.state.isUnsent == true) + " ")
            let answer = try await line(tty)?.trimmingCharacters(in: .whitespaces)
            return answer == request || answer == String(request.drop { $0 == "#" })
        }
    }

    private func yes(_ question: String, _ tty: TTY) async throws(EnrollmentError) -> Bool {
        do { return try await tty.agrees(to: question, words) } catch { throw .keyStore(error) }
    }

    private func line(_ tty: TTY) async throws(EnrollmentError) -> String? {
        do { return try await tty.line() } catch { throw .keyStore(error) }
    }

    func password(of file: String, isNew: Bool) async throws(EnrollmentError) -> FilePassword {
        await console.progress.finish()
        guard password == .terminal else { return try await givenPassword(of: file, isNew: isNew) }
        guard let tty = console.tty else { throw .tokenWork(.passwordNeeded) }
        guard let typed = try await typed(words.passwordPrompt(file.printable, isNew), tty) else {
            // No line is a person who gave up, except where a file may have been closed with nothing.
            guard !isNew, let empty = unsafe FilePassword(filling: { _ in 0 }) else {
                throw .keyStore(KeyStoreError(.cancelled))
            }
            return empty
        }
        // Whoever makes one up has to be able to give it from a file, later.
        if let flaw = password.flaw(of: typed, !isNew) { throw .keyStore(password.malformed(.password, flaw)) }
        guard isNew else { return typed }
        guard typed.count >= Self.shortestPassword else { throw .tokenWork(.passwordTooShort(Self.shortestPassword)) }
        guard let again = try await self.typed(words.passwordAgain, tty), again.matches(typed) else {
            throw .tokenWork(.passwordsDiffer)
        }
        return typed
    }

    private func typed(_ prompt: String, _ tty: TTY) async throws(EnrollmentError) -> FilePassword? {
        do { return try await tty.secret(prompt + ": ") } catch { throw .keyStore(error) }
    }

    private func givenPassword(of file: String, isNew: Bool) async throws(EnrollmentError) -> FilePassword {
        if password.isOpenToOthers { await console.progress.tell(console.words.othersCanRead) }
        let secret: FilePassword?
        let notice = console.words.waitingFor(.password, password.name.printable)
        do throws(SecretSourceError) {
            secret = try await password.read(asking: words.passwordPrompt(file.printable, isNew), isPassword: !isNew) {
                [progress = console.progress] in await progress.tell(notice)
            }
        } catch {
            if case .flawed(_, let flaw) = error { throw .keyStore(password.malformed(.password, flaw)) }
            await console.progress.tell(console.words.sourceFailed(error))
            throw .tokenWork(.passwordNeeded)
        }
        guard let secret else {
            guard !Task.isCancelled else { throw .keyStore(KeyStoreError(.cancelled)) }
            guard !isNew, password != .pinentry, let empty = unsafe FilePassword(filling: { _ in 0 }) else {
                throw .tokenWork(.passwordNeeded)
            }
            return empty
        }
        guard !isNew || secret.count >= Self.shortestPassword else {
            throw .tokenWork(.passwordTooShort(Self.shortestPassword))
        }
        return secret
    }
}

extension TerminalConsole {
    /// A password that is made up for the software store: typed twice, or read once from `--pin-from`.
    func newPIN(for folder: String) async throws -> PIN {
        let terminal = TokenWorkTerminal(
            console: self,
            password: sources.usual.pin,
            words: .of(language),
            results: .of(language)
        )
        let password = try await terminal.password(of: folder, isNew: true)
        let count = password.count
        let copy = unsafe PIN(filling: { room in
            unsafe password.withBytes { unsafe room.copyMemory(from: $0) }
            return count
        })
        guard let copy else { throw KeyStoreError(.secretInvalid, secret: .pin) }
        return copy
    }
}
