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

    /// Opens a file.
    ///
    /// - Throws: `severalKeys` when it holds more than one: which is meant could only be guessed.
    public init(reading bytes: [UInt8], password: borrowing FilePassword) throws(PKCS12Error) {
        guard bytes.count <= Self.largestFile else { throw PKCS12Error(.tooLarge) }
        let library = try LegacyLibrary()
        let file = try File(bytes, in: library)
        self = try Self.withTerminated(password) { text, length throws(PKCS12Error) in
            try file.contents(text, length)
        }
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

    init(key: consuming PrivateKeyMaterial, chain: [[UInt8]], name: String) {
        self.key = key
        self.chain = chain
        self.name = name
    }

    /// Gives the key away; what it was found beside is forgotten.
    public consuming func takeKey() -> PrivateKeyMaterial { key }

    /// Lends the password with a zero behind it, as OpenSSL wants it, in memory that is wiped.
    static func withTerminated<Result: ~Copyable>(
        _ password: borrowing FilePassword,
        _ body: (UnsafePointer<CChar>, Int32) throws(PKCS12Error) -> Result
    ) throws(PKCS12Error) -> Result {
        let length = password.count
        guard length < FilePassword.capacity,
            let copy = FilePassword(filling: { room in
                password.withBytes { room.copyMemory(from: $0) }
                return length + 1
            })
        else { throw PKCS12Error(.passwordWrong) }
        return try copy.withBytes { bytes throws(PKCS12Error) in
            guard let text = bytes.bindMemory(to: CChar.self).baseAddress else { throw PKCS12Error(.failed) }
            return try body(text, Int32(length))
        }
    }
}
