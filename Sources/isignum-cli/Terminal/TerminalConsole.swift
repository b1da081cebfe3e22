// SPDX-License-Identifier: Apache-2.0

internal import CAClient
internal import Credentials
internal import Enrollment
internal import Foundation
internal import Token

/// The person at the terminal, as the stories meet them: gives secrets, decides, is told what happens.
struct TerminalConsole: Console {
    /// Where secrets come from.
    let sources: SecretSources
    /// Whether a secret is handed over without anybody seeing for which token.
    var givesSecretsUnseen: Bool { sources.usual.pin.isUnseen || sources.usual.qpin.isUnseen }
    private let lastTry: Bool
    let isQuiet: Bool
    let language: Language
    let words: PromptWords
    let progress = Progress()
    /// The terminal; `nil` when there is none, or when nobody is to be asked.
    let tty: TTY?

    /// - Throws: `SecretSourceError` when a flag names no source.
    init(_ options: GlobalOptions, language: Language) throws(SecretSourceError) {
        sources = SecretSources(
            usual: SecretSources.Pair(
                pin: try SecretInput(options.token.pinFrom),
                qpin: try SecretInput(options.token.qpinFrom)
            )
        )
        lastTry = options.token.lastTry
        isQuiet = options.json && !options.verbose
        tty = options.noInput ? nil : TTY()
        self.language = language
        words = .of(language)
    }

    func pin(for request: SecretRequest) async throws(KeyStoreError) -> PIN {
        try await secret(sources.pair(for: request.token).pin, for: request)
    }

    func qpin(for request: SecretRequest) async throws(KeyStoreError) -> QPIN {
        try await secret(sources.pair(for: request.token).qpin, for: request)
    }

    func announceDeviceEntry(of request: SecretRequest) async throws(KeyStoreError) {
        try await admit(request)
        await progress.tell(words.typeOnDevice(request.kind, request.token.label.printable))
    }

    /// Says what must be known of the tries before one is made, wherever the secret is typed.
    ///
    /// - Throws: when it is blocked; at its final try, unless `--last-try` says to go on.
    private func admit(_ request: SecretRequest) async throws(KeyStoreError) {
        if request.state == .locked { throw KeyStoreError(.secretLocked, secret: request.kind, state: .locked) }
        if request.state == .final, !lastTry {
            throw KeyStoreError(.secretAtFinalTry, secret: request.kind, state: .final)
        }
        if request.state == .low || request.state == .final {
            await progress.tell(words.triesWereMade(request.kind, isFinal: request.state == .final))
        }
    }

    /// Asks for a secret once, after saying what must be known before.
    func secret<Role>(
        _ source: SecretInput,
        for request: SecretRequest
    ) async throws(KeyStoreError) -> Secret<Role> {
        let wasCounting = await progress.finish()
        try await admit(request)
        let token = request.token
        let prompt = words.secretPrompt(request.kind, token.label.printable, token.serial.printable, request.purpose)
        let secret: Secret<Role> = try await read(
            source,
            as: request.kind,
            asking: prompt,
            isPassword: token.isSoftwareStore
        )
        // The token goes on with what the secret was for; the time a person took is not its own.
        if wasCounting { await progress.count() }
        return secret
    }

    /// Reads a secret from its source, once.
    ///
    /// - Parameter isPassword: whether a wrong one costs no try.
    /// - Throws: `secretMalformed` for what must not be sent to a device.
    func read<Role>(
        _ source: SecretInput,
        as kind: SecretKind,
        asking prompt: String,
        isPassword: Bool = false
    ) async throws(KeyStoreError) -> Secret<Role> {
        if source.isOpenToOthers { await progress.tell(words.othersCanRead) }
        let secret: Secret<Role>?
        switch source {
        case .terminal:
            guard let tty else { throw KeyStoreError(.secretUnavailable, secret: kind) }
            secret = try await tty.secret(prompt + ": ")
        case .file, .descriptor, .pinentry:
            let notice = words.waitingFor(kind, source.name.printable)
            do throws(SecretSourceError) {
                secret = try await source.read(asking: prompt, isPassword: isPassword) { [progress] in
                    await progress.tell(notice)
                }
            } catch {
                if case .flawed(_, let flaw) = error { throw source.malformed(kind, flaw) }
                await progress.tell(words.sourceFailed(error))
                throw KeyStoreError(.secretUnavailable, secret: kind, candidates: [source.name])
            }
        }
        guard let secret else {
            // A line or a window that was closed is a person who gave up.
            guard !source.isUnseen || Task.isCancelled else {
                throw KeyStoreError(.secretUnavailable, secret: kind, candidates: [source.name])
            }
            throw KeyStoreError(.cancelled, secret: kind)
        }
        if let flaw = source.flaw(of: secret, isPassword) { throw source.malformed(kind, flaw) }
        return secret
    }

    /// Tells one thing on standard error.
    func tell(_ text: String) async { await progress.tell(text) }

    func report(_ event: EnrollmentEvent) async {
        guard !isQuiet else { return }
        let text = words.event(event)
        if case .generatingKey = event { await progress.begin(text) } else { await progress.tell(text) }
    }

    func decide(
        on certificate: IssuedCertificate,
        word: Decision?,
        acceptsDifferences: Bool
    ) async throws(EnrollmentError) -> Decision? {
        await progress.finish()
        let differences = certificate.comparison.differences
        let asks = certificate.comparison.needsConsent && !acceptsDifferences
        guard let tty else {
            if asks { throw .holderDiffers(differences, certificate.entry) }
            await progress.tell(words.decisionMissing)
            return nil
        }
        let results = ResultWords.of(language)
        let document = CertificateDocument(certificate.details, place: nil, now: .now)
        tty.write("\n" + results.page(of: document, differences) + "\n")
        var canAccept = true
        if asks {
            do {
                canAccept = try await tty.agrees(to: results.certificates.holderQuestion, TokenWorkWords.of(language))
            } catch { throw .keyStore(error) }
            if canAccept, let word { return word }
        }
        return try await decision(on: tty, canAccept: canAccept)
    }

    private func decision(on tty: TTY, canAccept: Bool) async throws(EnrollmentError) -> Decision? {
        while true {
            tty.write((canAccept ? words.acceptQuestion : words.rejectQuestion) + " ")
            let answer: String?
            do { answer = try await tty.line() } catch { throw .keyStore(error) }
            guard let answer else { return nil }
            switch words.decision(answer) {
            case .accept where canAccept: return .accepted
            case .accept: tty.write(words.rejectHelp + "\n")
            case .later: return nil
            case .reject:
                tty.write(words.reasonQuestion + " ")
                let reason: String?
                do { reason = try await tty.line() } catch { throw .keyStore(error) }
                guard let reason = reason?.printable, !reason.allSatisfy(\.isWhitespace) else { continue }
                return .rejected(reason: String(reason.prefix(500)))
            case nil: tty.write((canAccept ? words.acceptHelp : words.rejectHelp) + "\n")
            }
        }
    }
}
