// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// The person at the terminal when a device is cared for: the PUK, and new values typed twice.
struct DeviceConsole: DeviceSecretSource {
    private let console: TerminalConsole
    private let puk: SecretInput
    private let new: [SecretKind: SecretInput]
    private let words: CareWords

    /// - Parameter new: where new values come from, as flags name it.
    /// - Throws: `SecretSourceError` when a flag names no source.
    init(
        _ console: TerminalConsole,
        puk: String?,
        new: [SecretKind: String],
        language: Language
    ) throws(SecretSourceError) {
        self.console = console
        self.puk = try SecretInput(puk)
        var sources: [SecretKind: SecretInput] = [:]
        for (kind, text) in new { sources[kind] = try SecretInput(text) }
        self.new = sources
        words = .of(language)
    }

    func pin(for request: SecretRequest) async throws(KeyStoreError) -> PIN {
        await warn(of: request)
        return try await console.pin(for: request)
    }

    func qpin(for request: SecretRequest) async throws(KeyStoreError) -> QPIN {
        await warn(of: request)
        return try await console.qpin(for: request)
    }

    func puk(for request: SecretRequest) async throws(KeyStoreError) -> PUK {
        await warn(of: request)
        return try await console.secret(puk, for: request)
    }

    func announceDeviceEntry(of request: SecretRequest) async throws(KeyStoreError) {
        // Whoever named a source would believe that its value counts.
        if let kind = request.purpose.newSecret, new[kind] != nil {
            throw KeyStoreError(.newSecretOnDevice, secret: kind)
        }
        await warn(of: request)
        try await console.announceDeviceEntry(of: request)
    }

    func newSecret<Role: DeviceSecretRole>(
        _ role: Role.Type,
        for request: NewSecretRequest
    ) async throws(KeyStoreError) -> Secret<Role> {
        let source = new[role.kind] ?? .terminal
        if let refusal = request.refusal { try await refuse(refusal, of: role.kind, from: source) }
        let token = request.token
        let prompt = words.newPrompt(role.kind, token.label.printable, token.serial.printable, request.lengths)
        guard source == .terminal || source == .pinentry else {
            return try await console.read(source, as: role.kind, asking: prompt)
        }
        let rule = NewSecretRule(lengths: request.lengths)
        while true {
            let first: Secret<Role> = try await ask(source, prompt, lengths: request.lengths)
            // Nobody should type twice what is not taken anyway.
            if let refusal = rule.refusal(of: first) {
                await console.tell(words.refused(role.kind, refusal))
                continue
            }
            let second: Secret<Role> = try await ask(source, words.repeatPrompt(role.kind), lengths: nil)
            if first.matches(second) { return first }
            await console.tell(words.typedDifferently)
        }
    }

    private func ask<Role>(
        _ source: SecretInput,
        _ prompt: String,
        lengths: ClosedRange<Int>?
    ) async throws(KeyStoreError) -> Secret<Role> {
        guard source == .terminal else { return try await console.read(source, as: Role.kind, asking: prompt) }
        guard let tty = console.tty else { throw KeyStoreError(.secretUnavailable, secret: Role.kind) }
        let secret: Secret<Role>?
        if let lengths {
            let judge = LengthJudge(lengths: lengths, words: words)
            secret = try await tty.newSecret(prompt + ": ", judge: judge)
        } else {
            secret = try await tty.secret(prompt + ": ")
        }
        guard let secret else { throw KeyStoreError(.cancelled, secret: Role.kind) }
        return secret
    }

    private func refuse(
        _ refusal: NewSecretRefusal,
        of kind: SecretKind,
        from source: SecretInput
    ) async throws(KeyStoreError) {
        // A file would say the same again.
        guard source == .terminal && console.tty != nil || source == .pinentry else {
            throw KeyStoreError(.secretRefused, secret: kind, refusal: refusal)
        }
        await console.tell(words.refused(kind, refusal))
    }

    private func warn(of request: SecretRequest) async {
        switch request.stake {
        case .lastOfAll: await console.tell(words.lastOneDestroys(request.kind))
        case .oneOfSeveral where request.kind == .puk || request.state != .ok:
            await console.tell(words.allBlockedDestroys)
        case .oneOfSeveral, .ordinary: break
        }
        if let kind = request.belongsTo { await console.tell(words.pukBelongsTo(kind)) }
        if let left = request.triesLeft { await console.tell(words.triesLeft(request.kind, left)) }
    }
}

/// Says while somebody types whether the length will do, and nothing else: how many characters there are is nobody's
/// business who looks over a shoulder.
struct LengthJudge: Sendable {
    let lengths: ClosedRange<Int>
    let words: CareWords

    func verdict(on count: Int) -> String {
        if count < lengths.lowerBound { return words.tooShort }
        return count > lengths.upperBound ? words.tooLong : words.longEnough
    }

    /// The widest verdict, in columns.
    var width: Int { [words.tooShort, words.longEnough, words.tooLong].map(\.count).max() ?? 0 }
}

extension SecretRequest.Purpose {
    /// The secret that gets a new value.
    fileprivate var newSecret: SecretKind? {
        switch self {
        case .changeSecret(let kind), .unblock(let kind): kind
        default: nil
        }
    }
}
