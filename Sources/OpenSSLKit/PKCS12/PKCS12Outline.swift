// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

extension PKCS12 {
    /// What a file shows without its password.
    public struct Outline: Sendable, Equatable {
        /// Private keys whose places can be seen, encrypted or not.
        public private(set) var keys = 0
        /// Certificates that lie open.
        public private(set) var certificates = 0
        /// Whether only the password tells what else there is.
        public internal(set) var hasSealedParts = false

        mutating func count(_ bag: OpaquePointer) {
            switch PKCS12_SAFEBAG_get_nid(bag) {
            case NID_keyBag, NID_pkcs8ShroudedKeyBag: keys += 1
            case NID_certBag: certificates += 1
            default: break
            }
        }
    }

    /// Looks at a file without its password.
    ///
    /// - Throws: what no password would help with: `noKey` and `severalKeys` where that shows, `malformed`, `tooLarge`,
    ///   `tooCostly`, `algorithmUnknown`, `cipherUnavailable`.
    public static func outline(of bytes: [UInt8]) throws(PKCS12Error) -> Outline {
        guard bytes.count <= largestFile else { throw PKCS12Error(.tooLarge) }
        let library = try LegacyLibrary()
        let outline = try File(bytes, in: library).outline()
        ERR_clear_error()
        guard outline.keys > 0 || outline.hasSealedParts else {
            throw PKCS12Error(.noKey, certificates: outline.certificates)
        }
        guard outline.keys <= 1 else { throw PKCS12Error(.severalKeys) }
        return outline
    }
}
