// SPDX-License-Identifier: Apache-2.0

/// The numbers of a private key that came from a file, on their way onto a token or into a backup: locked in memory
/// where the system allows it, wiped when they go out of scope, never copied, never printed.
@safe
public struct PrivateKeyMaterial: ~Copyable, Sendable {
    private let pages: SecretPages
    private let places: [Part: Range<Int>]

    /// The public half.
    public let publicKey: PublicKey

    /// The numbers that PKCS#11 wants of a private key (PKCS#11 2.40, sections 2.1.3 and 2.3.4), each big-endian.
    public enum Part: Sendable, CaseIterable {
        /// RSA: d.
        case privateExponent
        /// RSA: p.
        case firstPrime
        /// RSA: q.
        case secondPrime
        /// RSA: d mod (p − 1).
        case firstExponent
        /// RSA: d mod (q − 1).
        case secondExponent
        /// RSA: q⁻¹ mod p.
        case coefficient
        /// A curve's private value, as long as a coordinate.
        case privateValue
    }

    /// Which numbers a key of this kind has.
    public static func parts(of publicKey: PublicKey) -> [Part] {
        switch publicKey.material {
        case .rsa: [.privateExponent, .firstPrime, .secondPrime, .firstExponent, .secondExponent, .coefficient]
        case .elliptic: [.privateValue]
        }
    }

    /// Makes room for the numbers and lets `fill` write each straight there.
    ///
    /// - Parameters:
    ///   - lengths: the length in bytes of each number that the key has.
    ///   - fill: writes one number; its room is zeroed and as long as was said.
    /// - Returns: `nil` when a number is missing or too long, or when `fill` says no.
    public init?(
        of publicKey: PublicKey,
        lengths: [Part: Int],
        filling fill: (Part, UnsafeMutableRawBufferPointer) -> Bool
    ) {
        var places: [Part: Range<Int>] = [:]
        var end = 0
        for part in Self.parts(of: publicKey) {
            guard let length = lengths[part], (1...2048).contains(length) else { return nil }
            places[part] = end..<end + length
            end += length
        }
        let pages = SecretPages(count: end)
        for (part, place) in places {
            guard unsafe fill(part, UnsafeMutableRawBufferPointer(rebasing: pages.bytes[place])) else { return nil }
        }
        self.pages = pages
        self.places = places
        self.publicKey = publicKey
    }

    /// Lends all the numbers for one use; they must not escape.
    public borrowing func withParts<Result: ~Copyable, Failure: Error>(
        _ body: ([(part: Part, bytes: UnsafeRawBufferPointer)]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let parts = unsafe Self.parts(of: publicKey).compactMap { part in
            unsafe places[part].map { unsafe (part, UnsafeRawBufferPointer(rebasing: pages.bytes[$0])) }
        }
        return unsafe try body(parts)
    }
}
