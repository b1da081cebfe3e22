// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif

/// One typed password in the forms that programs have made of it, in memory that is locked and wiped.
///
/// RFC 7292 wants UTF-16; OpenSSL before 1.1 widened each byte of the UTF-8 instead (openssl-passphrase-encoding(7)),
/// NSS before 3.31 gave UTF-16 to PBES2, which wants UTF-8. A file's check and its parts need not agree.
struct PasswordForms: ~Copyable {
    /// A form of the password, as OpenSSL is to be given it.
    enum Form: CaseIterable {
        /// As it was typed.
        case typed
        /// No password at all, which is not the same as an empty one.
        case none
        /// Each byte for a character of its own.
        case byteWise
        /// UTF-16 with its terminator, also where UTF-8 belongs.
        case wide

        /// Whether today's programs make no files with it.
        var isOld: Bool { self == .byteWise || self == .wide }
    }

    private let page: UnsafeMutableRawBufferPointer
    private let lengths: [Form: Int]

    /// - Throws: `passwordWrong` for one that is longer than any that is taken.
    init(_ password: borrowing FilePassword) throws(PKCS12Error) {
        guard password.count < FilePassword.capacity else { throw PKCS12Error(.passwordWrong) }
        let size = max(sysconf(Int32(_SC_PAGESIZE)), 4 * Self.room)
        let page = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: size)
        page.initializeMemory(as: UInt8.self, repeating: 0)
        mlock(page.baseAddress, page.count)
        madvise(page.baseAddress, page.count, MADV_DONTDUMP)
        self.page = page
        let count = password.count
        var lengths: [Form: Int] = count == 0 ? [.typed: 0, .none: 0] : [.typed: count]
        password.withBytes { bytes in
            page.copyMemory(from: bytes)
            // ASCII has one form in both.
            guard bytes.contains(where: { $0 >= 0x80 }) else { return }
            var end = Self.place(of: .byteWise)
            for byte in bytes {
                if byte >= 0x80 {
                    page[end] = 0xC0 | byte >> 6
                    end += 1
                }
                page[end] = byte < 0x80 ? byte : 0x80 | byte & 0x3F
                end += 1
            }
            lengths[.byteWise] = end - Self.place(of: .byteWise)
        }
        lengths[.wide] = Self.widen(page, count)
        self.lengths = lengths
    }

    deinit {
        OPENSSL_cleanse(page.baseAddress, page.count)
        madvise(page.baseAddress, page.count, MADV_DODUMP)
        munlock(page.baseAddress, page.count)
        page.deallocate()
    }

    /// Tries the forms of which there is one each, until one opens something.
    ///
    /// - Parameter body: gets the bytes, with a zero behind them, and says `nil` when they do not fit.
    borrowing func first<Result, Failure: Error>(
        of forms: [Form],
        _ body: (UnsafePointer<CChar>?, Int32) throws(Failure) -> Result?
    ) throws(Failure) -> (result: Result, form: Form)? {
        for form in forms {
            guard let length = lengths[form] else { continue }
            let bytes = page.baseAddress.map { ($0 + Self.place(of: form)).assumingMemoryBound(to: CChar.self) }
            if let result = try body(form == .none ? nil : UnsafePointer(bytes), Int32(length)) {
                return (result, form)
            }
        }
        return nil
    }

    /// How many bytes each form has, its terminator among them.
    private static var room: Int { 1024 }

    private static func place(of form: Form) -> Int { form == .byteWise ? room : form == .wide ? 2 * room : 0 }

    private static func widen(_ page: UnsafeMutableRawBufferPointer, _ count: Int) -> Int? {
        var wide: UnsafeMutablePointer<UInt8>?
        var length = Int32(0)
        let typed = page.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard OPENSSL_utf82uni(typed, Int32(count), &wide, &length) != nil, let wide else { return nil }
        defer { CRYPTO_clear_free(wide, Int(length), #file, #line) }
        guard (1...Int32(room)).contains(length) else { return nil }
        page.baseAddress.map { ($0 + place(of: .wide)).copyMemory(from: wide, byteCount: Int(length)) }
        return Int(length)
    }
}
