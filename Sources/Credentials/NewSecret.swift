// SPDX-License-Identifier: Apache-2.0

/// Where new values of secrets come from, and the PUK. Only the care of a device needs these: whoever enrols has no way
/// to ask for a PUK.
public protocol DeviceSecretSource: SecretSource {
    /// Asks for the unblocking code.
    func puk(for request: SecretRequest) async throws(KeyStoreError) -> PUK

    /// Asks for a new value, typed twice where it is typed at all.
    ///
    /// A request with a `refusal` is a question that is asked again: a source with nobody to ask throws
    /// `secretRefused` instead of giving the same value once more.
    func newSecret<Role: DeviceSecretRole>(
        _ role: Role.Type,
        for request: NewSecretRequest
    ) async throws(KeyStoreError) -> Secret<Role>
}

/// What a person needs to know before choosing a new value.
public struct NewSecretRequest: Sendable {
    /// Which secret gets it.
    public let kind: SecretKind
    /// The token that it is for.
    public let token: TokenIdentity
    /// The lengths in characters that the token takes.
    public let lengths: ClosedRange<Int>
    /// Why the value that was chosen before is not taken.
    public let refusal: NewSecretRefusal?

    /// Describes one choice.
    public init(kind: SecretKind, token: TokenIdentity, lengths: ClosedRange<Int>, refusal: NewSecretRefusal? = nil) {
        self.kind = kind
        self.token = token
        self.lengths = lengths
        self.refusal = refusal
    }
}

/// Why a new value is not taken. All but the last are found before anything goes to the device.
public enum NewSecretRefusal: String, Sendable, CaseIterable {
    case tooShort
    case tooLong
    /// Something that not every keyboard and keypad can type: only printable ASCII is taken.
    case characters
    /// 1234, 4321, 2468, abcd, qwertz.
    case sequence
    /// 0000, 1212, 112233.
    case repetition
    /// A year, a day of the year, a full date.
    case date
    /// The value that it is to replace.
    case sameAsOld
    /// The PUK that is given with it.
    case sameAsPUK
    /// The value that devices of this kind leave their factory with.
    case factory
    /// The device itself says no.
    case byDevice
}
