// SPDX-License-Identifier: Apache-2.0

/// Where secrets come from: a person at a terminal, a file descriptor, a pinentry program.
///
/// Each call stands for one typing. Whoever gets a secret may send it to the device once and must ask again for
/// anything more.
public protocol SecretSource: Sendable {
    /// Asks for the user PIN.
    func pin(for request: SecretRequest) async throws(KeyStoreError) -> PIN

    /// Asks for the signature PIN.
    func qpin(for request: SecretRequest) async throws(KeyStoreError) -> QPIN

    /// Tells the person that the device itself now asks, on its own keypad or in its vendor's window.
    ///
    /// - Throws: what asking here would throw where the tries do not let it: what is typed there costs the same try.
    func announceDeviceEntry(of request: SecretRequest) async throws(KeyStoreError)
}

/// What a person needs to know before typing a secret.
public struct SecretRequest: Sendable {
    /// What the secret is going to be used for.
    public enum Purpose: Hashable, Sendable {
        /// A key pair is about to be generated.
        case generateKey
        /// The request is about to be signed.
        case signRequest
        /// A certificate is about to be written, and tried with its key.
        case installCertificate
        /// Private objects are about to be read.
        case readObjects
        /// Certificates or keys are about to be removed.
        case removeObjects
        /// A key from a file is about to be written.
        case importKey
        /// This secret is about to be changed.
        case changeSecret(SecretKind)
        /// This secret is about to get a new value, whatever its old one was.
        case unblock(SecretKind)
        /// The device is about to be emptied and returned to the values of its factory.
        case resetDevice
    }

    /// What else is lost when this secret gets blocked.
    public enum Stake: Sendable {
        /// It can be unblocked, or nothing more is known.
        case ordinary
        /// The device destroys itself when all of its secrets are blocked; others still serve.
        case oneOfSeveral
        /// All others are blocked already: blocking this one too destroys the device.
        case lastOfAll
    }

    /// Which secret is asked for.
    public let kind: SecretKind
    /// The token that it opens.
    public let token: TokenIdentity
    /// What it is used for.
    public let purpose: Purpose
    /// What the token says of the tries that are left.
    public let state: SecretState
    /// The lengths in characters that the token takes.
    public let lengths: ClosedRange<Int>
    /// How many tries are left, where the device tells it exactly.
    public let triesLeft: Int?
    /// What else is lost when it gets blocked.
    public let stake: Stake
    /// The secret that a PUK belongs to, on a device with a PUK for each; `nil` where one serves for all.
    public let belongsTo: SecretKind?

    /// Describes one typing.
    public init(
        kind: SecretKind,
        token: TokenIdentity,
        purpose: Purpose,
        state: SecretState,
        lengths: ClosedRange<Int>,
        triesLeft: Int? = nil,
        stake: Stake = .ordinary,
        belongsTo: SecretKind? = nil
    ) {
        self.kind = kind
        self.token = token
        self.purpose = purpose
        self.state = state
        self.lengths = lengths
        self.triesLeft = triesLeft
        self.stake = stake
        self.belongsTo = belongsTo
    }
}

/// How near to its blocking a secret is, as far as a token tells (PKCS#11 2.40, section 3.2, token information flags).
public enum SecretState: String, Codable, Sendable {
    /// Nothing is known to be wrong.
    case ok
    /// At least one wrong try was made.
    case low
    /// The next wrong try blocks it.
    case final
    /// It is blocked.
    case locked
    /// It was never set.
    case notInitialised = "not-initialised"
}
