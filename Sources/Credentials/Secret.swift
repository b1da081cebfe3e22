// SPDX-License-Identifier: Apache-2.0

/// A secret that a person typed: locked in memory where the system allows it, wiped when it goes out of scope, never
/// copied, never printed, never a `String`.
///
/// The role makes PIN, QPIN and PUK different types, so that one cannot be sent where another belongs. Wiping is best
/// effort: what a module does with the bytes it is lent is beyond us.
@safe
public struct Secret<Role: SecretRole>: ~Copyable, Sendable {
    /// A page of its own: the system locks and unlocks whole pages, those of other secrets with them.
    private let pages: SecretPages

    /// The length in bytes.
    public let count: Int

    /// The longest secret that is taken, in bytes.
    public static var capacity: Int { 255 }

    /// Makes room for a secret and lets `fill` write it straight there.
    ///
    /// - Parameter fill: gets `capacity` zeroed bytes and returns how many it used, or `nil` when there is no secret.
    /// - Returns: `nil` when `fill` did, or when it claims more bytes than it had.
    public init?(filling fill: (UnsafeMutableRawBufferPointer) throws -> Int?) rethrows {
        let pages = SecretPages(count: Self.capacity)
        let used = unsafe try fill(UnsafeMutableRawBufferPointer(rebasing: pages.bytes[..<Self.capacity]))
        guard let used, (0...Self.capacity).contains(used) else { return nil }
        self.pages = pages
        count = used
    }

    /// Lends the bytes for one use; they must not escape.
    public borrowing func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe try body(UnsafeRawBufferPointer(rebasing: pages.bytes[..<count]))
    }

    /// Whether both hold the same bytes, compared in a time that depends on the lengths alone.
    public borrowing func matches<Other>(_ other: borrowing Secret<Other>) -> Bool {
        guard count == other.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<count { unsafe difference |= pages.bytes[index] ^ other.pages.bytes[index] }
        return difference == 0
    }
}

/// What a secret is for.
public protocol SecretRole: Sendable {
    /// Which of the device's secrets it is.
    static var kind: SecretKind { get }
}

/// The role of a secret that a device has, and that can get a new value there.
public protocol DeviceSecretRole: SecretRole {
    /// Asks a source for the secret of this role.
    static func ask(
        _ source: any DeviceSecretSource,
        for request: SecretRequest
    ) async throws(KeyStoreError) -> Secret<Self>
}

/// The secrets of a device.
public enum SecretKind: String, Codable, Sendable {
    /// The user PIN.
    case pin
    /// The signature PIN of the qualified area.
    case qpin
    /// The code that unblocks both.
    case puk
    /// The password of a file; no device has it.
    case password
}

/// The role of the user PIN.
public enum PINRole: DeviceSecretRole {
    /// The user PIN.
    public static var kind: SecretKind { .pin }

    /// Asks for it.
    public static func ask(
        _ source: any DeviceSecretSource,
        for request: SecretRequest
    ) async throws(KeyStoreError) -> PIN { try await source.pin(for: request) }
}

/// The role of the signature PIN.
public enum QPINRole: DeviceSecretRole {
    /// The signature PIN.
    public static var kind: SecretKind { .qpin }

    /// Asks for it.
    public static func ask(
        _ source: any DeviceSecretSource,
        for request: SecretRequest
    ) async throws(KeyStoreError) -> QPIN { try await source.qpin(for: request) }
}

/// The role of the unblocking code.
public enum PUKRole: DeviceSecretRole {
    /// The unblocking code.
    public static var kind: SecretKind { .puk }

    /// Asks for it.
    public static func ask(
        _ source: any DeviceSecretSource,
        for request: SecretRequest
    ) async throws(KeyStoreError) -> PUK { try await source.puk(for: request) }
}

/// The role of the password of a file.
public enum FilePasswordRole: SecretRole {
    /// The password of a file.
    public static var kind: SecretKind { .password }
}

/// The user PIN.
public typealias PIN = Secret<PINRole>
/// The signature PIN of the qualified area.
public typealias QPIN = Secret<QPINRole>
/// The code that unblocks PIN and QPIN.
public typealias PUK = Secret<PUKRole>
/// The password of a file with a private key.
public typealias FilePassword = Secret<FilePasswordRole>
