// SPDX-License-Identifier: Apache-2.0

internal import Credentials
internal import Synchronization

/// Where the secrets of a run come from. What `--pin-from` names is meant for one token; where a second one takes part,
/// that has sources of its own, and no secret is tried on a token that it was not given for.
final class SecretSources: Sendable {
    /// The sources of one token's secrets.
    struct Pair: Sendable {
        let pin, qpin: SecretInput

        /// The person at the terminal.
        static let terminal = Pair(pin: .terminal, qpin: .terminal)

        init(pin: SecretInput, qpin: SecretInput) {
            self.pin = pin
            self.qpin = qpin
        }

        /// - Throws: `SecretSourceError` when a flag names no source.
        init(_ flags: OldSecretOptions) throws(SecretSourceError) {
            self.init(pin: try SecretInput(flags.pin), qpin: try SecretInput(flags.qpin))
        }
    }

    /// Those of `--pin-from` and `--qpin-from`.
    let usual: Pair
    private let others = Mutex<[TokenIdentity: Pair]>([:])

    init(usual: Pair) { self.usual = usual }

    /// Where the secrets of a token come from.
    func pair(for token: TokenIdentity) -> Pair { others.withLock { $0[token] } ?? usual }

    /// From now on a token's secrets come from elsewhere.
    func give(_ pair: Pair, to token: TokenIdentity) { others.withLock { $0[token] = pair } }
}
