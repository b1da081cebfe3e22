// SPDX-License-Identifier: Apache-2.0

/// What became of one module in one place.
struct RegistrationStep: Encodable, Equatable {
    /// How it ended; with `--dry-run`, how it would.
    enum Outcome: String, Encodable, CaseIterable {
        /// It is registered now.
        case registered
        /// It was, by us.
        case already
        /// Something else has registered it: `detail` says what.
        case there
        /// The place sees it through p11-kit.
        case throughP11Kit = "through-p11-kit"
        /// An application has the database open: `detail` is its process.
        case inUse = "in-use"
        /// The profile was never used: it has no database yet.
        case unused
        /// p11-kit does not read root's own files.
        case ignoredForRoot = "ignored-for-root"
        /// certutil is needed to make the database, and is missing.
        case toolMissing = "tool-missing"
        /// The file is as it was before.
        case restored
        /// The file was changed since: our entry alone was taken out.
        case removed
        /// It cannot be written: `detail` says why.
        case failed

        /// Whether it may well be different later.
        var isPassing: Bool { self == .inUse }
    }

    let application: ApplicationPlace.Kind
    /// The file that is meant.
    let file: String
    /// The module; absent where all of ours are meant.
    let module: String?
    let outcome: Outcome
    let detail: String?
    /// Whether the application lives in a sandbox that may not see the module.
    let sandboxed: Bool
}

/// What `register` and `unregister` give.
struct RegistrationDocument: Encodable {
    let dryRun: Bool
    let places: [RegistrationStep]
}
