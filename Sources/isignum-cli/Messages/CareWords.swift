// SPDX-License-Identifier: Apache-2.0

internal import Credentials

/// The words of the care of a device: new values, warnings, what was done. A language that misses one does not compile.
struct CareWords: Sendable {
    /// What is typed next and how long it may be.
    let newPrompt: @Sendable (SecretKind, _ token: String, _ serial: String, ClosedRange<Int>) -> String
    let repeatPrompt: @Sendable (SecretKind) -> String
    let typedDifferently: String
    /// A value that is not taken, before another is asked for.
    let refused: @Sendable (SecretKind, NewSecretRefusal) -> String
    /// Beside the prompt while a person types: short enough for its line.
    let tooShort, longEnough, tooLong: String
    let triesLeft: @Sendable (SecretKind, Int) -> String
    /// On a device where each secret has a PUK of its own.
    let pukBelongsTo: @Sendable (SecretKind) -> String
    let allBlockedDestroys: String
    let lastOneDestroys: @Sendable (SecretKind) -> String
    let changed, unblocked: @Sendable (SecretKind, _ token: String) -> String
    let reset: ResetWords

    static func of(_ language: Language) -> CareWords { language == .czech ? czech : english }
}

/// The words of a reset.
struct ResetWords: Sendable {
    let heading: @Sendable (_ token: String, _ serial: String) -> String
    let certificates, noCertificates, allKeys: String
    /// What the secrets will be afterwards.
    let returns: @Sendable ([SecretKind]) -> String
    let keeps: @Sendable ([SecretKind]) -> String
    let openRequests, keysGone: @Sendable (_ requests: [String]) -> String
    let typeSerial: @Sendable (_ serial: String) -> String
    let done: @Sendable (_ certificates: Int, _ keys: Int) -> String
    let returned, kept: @Sendable ([SecretKind]) -> String
}
