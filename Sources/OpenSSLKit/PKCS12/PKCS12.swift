// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
public import Credentials

/// A private key with its certificates as a file carries them (PKCS#12, RFC 7292), whichever way it is encrypted: with
/// RC2-40 and 3DES as old programs do, or with PBES2 as new ones do.
public struct PKCS12: ~Copyable {
    /// The largest file that is read, in bytes.
    public static let largestFile = 1_048_576

    /// The private key.
    public let key: PrivateKeyMaterial
    /// The certificate of the key first, DER, then what leads to its root; empty in a file with the key alone.
    public let chain: [[UInt8]]
    /// The name that the file gives to the key, foreign text; empty when it gives none.
    public let name: String

    /// Whether the password had to be taken in a form in which only old programs took it: the file should be made anew.
    public let usesOldPasswordForm: Bool

    /// Opens a file.
    ///
    /// - Throws: `severalKeys` when it holds more than one: which is meant could only be guessed.
    public init(reading bytes: [UInt8], password: borrowing FilePassword) throws(PKCS12Error) {
        guard bytes.count <= Self.largestFile else { throw PKCS12Error(.tooLarge) }
        let library = try LegacyLibrary()
        let file = try File(bytes, in: library)
        self = try file.open(PasswordForms(password)).contents()
        ERR_clear_error()
    }

    /// Whether a file has this form, whatever is in it and whatever its password.
    public static func resembles(_ bytes: [UInt8]) -> Bool {
        guard bytes.count <= largestFile, let library = try? LegacyLibrary() else { return false }
        defer { ERR_clear_error() }
        do {
            _ = try File(bytes, in: library)
            return true
        } catch { return false }
    }

    init(key: consuming PrivateKeyMaterial, chain: [[UInt8]], name: String, usesOldPasswordForm: Bool) {
        self.key = key
        self.chain = chain
        self.name = name
        self.usesOldPasswordForm = usesOldPasswordForm
    }

    /// Gives the key away; what it was found beside is forgotten.
    public consuming func takeKey() -> PrivateKeyMaterial { key }
}
