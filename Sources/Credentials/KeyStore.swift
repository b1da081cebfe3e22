// SPDX-License-Identifier: Apache-2.0

/// A place where keys are made and stay: a token, seen as one device with its areas.
///
/// An open store holds whatever session and login it needs until `close`. Each area is logged in at most once; secrets
/// are asked for when they are needed and not before. Next hop: `PKCS11Token`.
public protocol KeyStore: Sendable {
    /// The device behind this store, as it was when it was opened.
    var token: TokenDescription { get }

    /// The key algorithms that the device's mechanism list has.
    func algorithms(in area: KeyArea) async throws(KeyStoreError) -> [KeyAlgorithm]

    /// Looks whether anything that is known before a secret is typed stands in the way of a new key.
    ///
    /// - Throws: `algorithmNotOffered`, `secretLocked`, `secretNotInitialised`; `secretIsFactory` where the device tells
    ///   that any of its secrets still has the maker's value.
    func admit(_ algorithm: KeyAlgorithm, in area: KeyArea) async throws(KeyStoreError)

    /// Generates a key pair that stays on the device, and reads back what the device says of it.
    func generateKey(
        _ specification: KeySpecification,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> StoredKey

    /// Finds a key pair.
    ///
    /// - Parameters:
    ///   - publicKey: when it is known, the numbers must match too.
    ///   - purpose: what the person is told if a secret is needed.
    /// - Returns: `nil` when the area has no such private key.
    func findKey(
        _ identifier: KeyIdentifier,
        in area: KeyArea,
        matching publicKey: PublicKey?,
        for purpose: SecretRequest.Purpose,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> StoredKey?

    /// Whether anything that bears the identifier of a key pair is on the device, as far as it can be seen now: no
    /// secret is asked for, so a private half shows only where the area is open.
    func hasHalf(_ identifier: KeyIdentifier, in area: KeyArea) async throws(KeyStoreError) -> Bool

    /// Writes a certificate beside its key, under the key's identifier.
    func write(
        _ certificate: Certificate,
        beside identifier: KeyIdentifier,
        label: String,
        in area: KeyArea,
        secrets: any SecretSource
    ) async throws(KeyStoreError)

    /// The areas of the device that are told apart: the general one, and the qualified one where there is one.
    var areas: [KeyArea] { get }

    /// All key pairs of an area, and halves without their partners; the area's secret is asked for.
    func keyPairs(
        in area: KeyArea,
        for purpose: SecretRequest.Purpose,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> [StoredKeyPair]

    /// All key pairs in every area, as far as they can be seen now: no secret is asked for, so a private half may be
    /// there and not be seen.
    func visibleKeyPairs() async throws(KeyStoreError) -> [StoredKeyPair]

    /// Removes both halves of a key pair, known by its identifier and its numbers, and looks whether they are gone.
    /// Nothing brings it back.
    ///
    /// - Throws: `keyNotFound` when nothing of it is there; `notRemoved` when the device says that it removed it and
    ///   still has it.
    func remove(_ pair: StoredKeyPair, secrets: any SecretSource) async throws(KeyStoreError)

    /// Removes a certificate, known by its identifier and its bytes, and looks whether it is gone. Its key stays.
    ///
    /// - Throws: `certificateNotFound` when it is not there; `notRemoved` when the device says that it removed it and
    ///   still has it.
    func remove(_ certificate: StoredCertificate, secrets: any SecretSource) async throws(KeyStoreError)

    /// Writes a key pair that was made elsewhere. It never leaves the device again and is never taken for one that was
    /// made there: what is returned says `local: no`, whatever the device says.
    ///
    /// - Throws: `importRefused` for the qualified area, before anything is asked or written, and where the module did
    ///   not take the key.
    func importKey(
        _ material: consuming PrivateKeyMaterial,
        as specification: KeySpecification,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> StoredKey

    /// Whether keys that were made so may leave the store. False for every device that holds keys in hardware.
    var letsKeysOut: Bool { get }

    /// Takes an encrypted copy of a private key that was made with `mayLeave`.
    func takeOut(
        _ identifier: KeyIdentifier,
        matching publicKey: PublicKey,
        secrets: any SecretSource
    ) async throws(KeyStoreError) -> WrappedKey

    /// Marks a key to stay for ever, after its backup was taken.
    func keepIn(
        _ identifier: KeyIdentifier,
        matching publicKey: PublicKey,
        secrets: any SecretSource
    ) async throws(KeyStoreError)

    /// All certificates on the device, in every area; no secret is asked for.
    func certificates() async throws(KeyStoreError) -> [StoredCertificate]

    /// Logs out and gives the device back.
    func close() async
}

extension KeyStore {
    /// The key pairs with these numbers, as far as they can be seen without a secret.
    public func keys(like publicKey: PublicKey) async throws(KeyStoreError) -> [StoredKeyPair] {
        try await visibleKeyPairs().filter { $0.publicKey == publicKey }
    }
}

/// The parts of a device, by the secret that opens them.
public enum KeyArea: String, Codable, Sendable {
    /// Opened by the PIN.
    case general
    /// The qualified area (CC area), opened by the QPIN where the device has one.
    case qualified
}

/// What binds a key pair to its certificate on a token (CKA_ID).
public struct KeyIdentifier: Hashable, Codable, Sendable {
    /// The bytes of the identifier.
    public let bytes: [UInt8]

    /// An identifier that is on a token already.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// A new identifier of 16 random bytes, chosen and written down before a key is generated, so that after a crash
    /// the key can be found again and never mistaken for another.
    public static func random() -> KeyIdentifier {
        var generator = SystemRandomNumberGenerator()
        return KeyIdentifier(bytes: (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}

/// What kind of key pair is wanted.
public struct KeySpecification: Sendable {
    /// Fresh and random.
    public let identifier: KeyIdentifier
    /// Algorithm and size.
    public let algorithm: KeyAlgorithm
    /// Where it is to live.
    public let area: KeyArea
    /// The label under which other programs list the key.
    public let label: String
    /// Whether it may also decrypt (RSA keys of commercial certificates serve encrypted mail too).
    public let mayDecrypt: Bool
    /// Whether a backup is to be taken of it; only in stores that let keys out.
    public let mayLeave: Bool

    /// Says what is wanted.
    public init(
        identifier: KeyIdentifier,
        algorithm: KeyAlgorithm,
        area: KeyArea,
        label: String,
        mayDecrypt: Bool,
        mayLeave: Bool = false
    ) {
        self.mayLeave = mayLeave
        self.identifier = identifier
        self.algorithm = algorithm
        self.area = area
        self.label = label
        self.mayDecrypt = mayDecrypt
    }
}

/// A key pair on a device.
public struct StoredKey: Sendable {
    /// What binds it to its certificate.
    public let identifier: KeyIdentifier
    /// Where it lives.
    public let area: KeyArea
    /// What the device says of it.
    public let claims: KeyClaims
    /// The key itself.
    public let signingKey: any SigningKey

    /// Names a key pair on a device.
    public init(identifier: KeyIdentifier, area: KeyArea, claims: KeyClaims, signingKey: any SigningKey) {
        self.identifier = identifier
        self.area = area
        self.claims = claims
        self.signingKey = signingKey
    }
}

/// A certificate on a device.
public struct StoredCertificate: Sendable {
    /// The certificate without what the device keeps behind it: foreign until parsed; empty where the device did not give
    /// it.
    public let der: [UInt8]
    /// The bytes as the device holds them, with their padding: what the object is found by.
    public let value: [UInt8]
    /// What binds it to a key; empty where the device holds none.
    public let identifier: KeyIdentifier
    /// The label, with control characters taken away.
    public let label: String
    /// Where it lives.
    public let area: KeyArea
    /// Whether a key with the same identifier is seen beside it. Without a login only its public half can be seen.
    public let hasKey: Bool

    /// Names a certificate on a device.
    ///
    /// - Parameter value: as the device gives it: cards keep certificates in files of a fixed size.
    public init(value: [UInt8], identifier: KeyIdentifier, label: String, area: KeyArea, hasKey: Bool) {
        self.value = value
        der = DERElement.withoutPadding(value)
        self.identifier = identifier
        self.label = label
        self.area = area
        self.hasKey = hasKey
    }
}
