// SPDX-License-Identifier: Apache-2.0

/// Why a token could not do what it was asked. Equal by code alone; what to tell a person is decided elsewhere.
public struct KeyStoreError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: String, Sendable {
        /// No token, or none that the selector names.
        case tokenNotFound
        /// More than one token fits the selector; `candidates` lists them.
        case tokenAmbiguous
        /// More than one token fits, and they call themselves the same in everything; `candidates` lists them with their
        /// readers.
        case tokensAlike
        /// The selector is not one, or it carries a PIN (RFC 7512 pin-value), which is refused.
        case selectorInvalid
        /// The token was taken away while it was used.
        case tokenRemoved
        /// The file is no PKCS#11 module, is not there, or refused to start.
        case moduleUnusable
        /// The module ended the process in which it was tried; `candidates` has its path.
        case moduleCrashed
        /// The module did not start in time where it was tried; `candidates` has its path.
        case moduleHung
        /// The secret named in `secret` was wrong; one try is gone.
        case secretWrong
        /// The secret named in `secret` is blocked.
        case secretLocked
        /// The secret is at its final try, and nobody said to go on.
        case secretAtFinalTry
        /// The secret is too short, too long, or has characters that the token does not take. No try was used.
        case secretInvalid
        /// What was given is not what its owner means by the secret; `flaw` says what shows it, `candidates` has the
        /// file or descriptor, where it was not typed. The device heard nothing of it.
        case secretMalformed
        /// The secret was never set on this token.
        case secretNotInitialised
        /// A new value was refused before or by the device; `refusal` says why. The old one counts.
        case secretRefused
        /// The secret still has the value of the factory and must be changed before a key is made. No try was used.
        case secretIsFactory
        /// The device broke off while the secret was changed: nobody knows whether the old or the new value counts.
        case secretUncertain
        /// No way is known in which this device lets the secret be changed from here.
        case changeNotOffered
        /// No way is known in which this device lets the secret be unblocked from here, or its module has none.
        case unblockNotOffered
        /// The device asks for the new value itself, and a source was named for it. Nothing was asked of the device.
        case newSecretOnDevice
        /// There is nowhere to ask for a secret.
        case secretUnavailable
        /// The person gave up.
        case cancelled
        /// The token does not offer this kind or size of key.
        case algorithmNotOffered
        /// No room for another key or certificate; error 622 where `areaLimit` is known.
        case tokenFull
        /// The key that was there is not there.
        case keyNotFound
        /// The certificate that was there is not there.
        case certificateNotFound
        /// The token says that it removed something, and it is still there.
        case notRemoved
        /// No key from outside may be written there; `function` and `returnValue` say where it was the module that did
        /// not take it.
        case importRefused
        /// The token refuses changes.
        case writeProtected
        /// Any other answer of a module; `function` and `returnValue` say which.
        case functionFailed
    }

    /// What kind of failure it is.
    public let code: Code
    /// Which secret is meant, for the codes about secrets.
    public let secret: SecretKind?
    /// The PKCS#11 function that failed.
    public let function: String?
    /// Its return value (CKR_…).
    public let returnValue: UInt?
    /// The tokens among which a choice is needed, or the file or selector that is meant.
    public let candidates: [String]
    /// The state of the secret after the failure, where the token tells.
    public let state: SecretState?
    /// How many tries of it are left, where the device tells exactly.
    public let triesLeft: Int?
    /// Why a new value was refused.
    public let refusal: NewSecretRefusal?
    /// What is wrong with a secret that was given.
    public let flaw: SecretFlaw?
    /// How many certificates the qualified area takes, when that is what is full.
    public let areaLimit: Int?
    /// The loader's own words about a module that cannot be loaded.
    public let detail: String?

    /// Whether the command that would mend it is known to work on this device: unblocking for `secretLocked`, changing
    /// for `secretIsFactory` and `unblockNotOffered`. Otherwise its maker's own software is what is left.
    public let canBeMendedHere: Bool
    /// For `secretIsFactory`: whether the key was made before the secret was asked for, and waits on the device.
    public let keyWasMade: Bool

    /// Makes an error.
    public init(
        _ code: Code,
        secret: SecretKind? = nil,
        function: String? = nil,
        returnValue: UInt? = nil,
        candidates: [String] = [],
        state: SecretState? = nil,
        triesLeft: Int? = nil,
        refusal: NewSecretRefusal? = nil,
        flaw: SecretFlaw? = nil,
        areaLimit: Int? = nil,
        canBeMendedHere: Bool = true,
        keyWasMade: Bool = false,
        detail: String? = nil
    ) {
        self.canBeMendedHere = canBeMendedHere
        self.keyWasMade = keyWasMade
        self.code = code
        self.secret = secret
        self.function = function
        self.returnValue = returnValue
        self.candidates = candidates
        self.state = state
        self.triesLeft = triesLeft
        self.refusal = refusal
        self.flaw = flaw
        self.areaLimit = areaLimit
        self.detail = detail
    }

    /// Whether both are of the same kind.
    public static func == (left: KeyStoreError, right: KeyStoreError) -> Bool { left.code == right.code }

    /// For logs and tests; never holds a secret.
    public var description: String {
        let value = returnValue.map { " 0x" + String($0, radix: 16) } ?? ""
        return "\(code.rawValue)\(function.map { " in \($0)" } ?? "")\(value)"
    }
}
