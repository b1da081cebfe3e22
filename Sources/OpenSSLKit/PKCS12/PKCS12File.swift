// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials

extension PKCS12 {
    /// A parsed file that is still closed. OpenSSL's own way of opening one takes the first key and says nothing of
    /// the others, so its bags are gone through here.
    struct File: ~Copyable {
        /// The most bags that are looked into.
        private static let mostBags = 256

        private let library: OpaquePointer
        private let hasLegacyCiphers: Bool
        private let file: OpaquePointer

        /// - Parameter library: outlives the file.
        init(_ bytes: [UInt8], in library: borrowing LegacyLibrary) throws(PKCS12Error) {
            var made = PKCS12_init_ex(NID_pkcs7_data, library.context, nil)
            guard made != nil else { throw PKCS12Error(.failed) }
            let parsed = bytes.withUnsafeBufferPointer { buffer -> OpaquePointer? in
                var cursor = buffer.baseAddress
                return d2i_PKCS12(&made, &cursor, buffer.count)
            }
            // A parse that fails has freed what it was given.
            guard let file = parsed else { throw PKCS12Error(.malformed) }
            self.library = library.context
            hasLegacyCiphers = library.hasLegacyCiphers
            self.file = file
        }

        deinit { PKCS12_free(file) }

        /// Opens the file: its integrity first, then its bags.
        func contents(_ password: UnsafePointer<CChar>, _ length: Int32) throws(PKCS12Error) -> PKCS12 {
            var found = Found(library: library)
            defer { found.dispose() }
            let opened = try unlock(password, length)
            guard let safes = PKCS12_unpack_authsafes(file) else { throw PKCS12Error(.malformed) }
            defer { isignum_pkcs7_stack_free(safes) }
            for index in 0..<isignum_pkcs7_count(safes) {
                guard let safe = isignum_pkcs7_at(safes, index) else { continue }
                let bags = try bags(in: safe, opened.password, opened.length)
                defer { isignum_bags_free(bags) }
                for number in 0..<isignum_bags_count(bags) {
                    guard let bag = isignum_bag_at(bags, number) else { continue }
                    try found.look(into: bag, opened.password, opened.length, depth: 0)
                    guard found.bags <= Self.mostBags else { throw PKCS12Error(.malformed) }
                }
            }
            return try found.contents()
        }

        /// The password in the form that the file's own check accepts: no password at all and an empty one differ.
        private func unlock(
            _ password: UnsafePointer<CChar>,
            _ length: Int32
        ) throws(PKCS12Error) -> (password: UnsafePointer<CChar>?, length: Int32) {
            guard PKCS12_mac_present(file) == 1 else { return (password, length) }
            var iterations: UnsafePointer<ASN1_INTEGER>?
            PKCS12_get0_mac(nil, nil, nil, &iterations, file)
            guard PKCS12Cost.isBearable(iterations: iterations) else { throw PKCS12Error(.tooCostly) }
            if PKCS12_verify_mac(file, password, length) == 1 { return (password, length) }
            if length == 0, PKCS12_verify_mac(file, nil, 0) == 1 { return (nil, 0) }
            throw PKCS12Error(.passwordWrong)
        }

        private func bags(
            in safe: UnsafeMutablePointer<PKCS7>,
            _ password: UnsafePointer<CChar>?,
            _ length: Int32
        ) throws(PKCS12Error) -> OpaquePointer {
            switch isignum_pkcs7_nid(safe) {
            case NID_pkcs7_data:
                guard let bags = PKCS12_unpack_p7data(safe) else { throw PKCS12Error(.malformed) }
                return bags
            case NID_pkcs7_encrypted:
                let algorithm = safe.pointee.d.encrypted?.pointee.enc_data?.pointee.algorithm
                guard PKCS12Cost.isBearable(algorithm) else { throw PKCS12Error(.tooCostly) }
                guard let bags = PKCS12_unpack_p7encdata(safe, password, length) else { throw refusal() }
                return bags
            default: throw PKCS12Error(.malformed)
            }
        }

        /// With a check that the password passed, only the cipher can be the reason.
        private func refusal() -> PKCS12Error {
            guard PKCS12_mac_present(file) == 1 else { return PKCS12Error(.passwordWrong) }
            return PKCS12Error(hasLegacyCiphers ? .malformed : .cipherUnavailable)
        }
    }

    /// What was found in the bags so far.
    private struct Found {
        let library: OpaquePointer
        var key: OpaquePointer?
        var certificates: [[UInt8]] = []
        var name = ""
        var bags = 0

        init(library: OpaquePointer) { self.library = library }

        mutating func dispose() {
            EVP_PKEY_free(key)
            key = nil
        }

        mutating func look(
            into bag: OpaquePointer,
            _ password: UnsafePointer<CChar>?,
            _ length: Int32,
            depth: Int
        ) throws(PKCS12Error) {
            bags += 1
            switch PKCS12_SAFEBAG_get_nid(bag) {
            case NID_keyBag:
                guard let information = PKCS12_SAFEBAG_get0_p8inf(bag) else { throw PKCS12Error(.malformed) }
                try take(information, from: bag)
            case NID_pkcs8ShroudedKeyBag:
                var algorithm: UnsafePointer<X509_ALGOR>?
                X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, nil)
                guard PKCS12Cost.isBearable(algorithm) else { throw PKCS12Error(.tooCostly) }
                guard let information = PKCS12_decrypt_skey_ex(bag, password, length, library, nil) else {
                    throw PKCS12Error(.passwordWrong)
                }
                defer { PKCS8_PRIV_KEY_INFO_free(information) }
                try take(information, from: bag)
            case NID_certBag where PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate:
                guard certificates.count < CertificateBundle.mostCertificates,
                    let certificate = PKCS12_SAFEBAG_get1_cert(bag)
                else { throw PKCS12Error(.malformed) }
                defer { X509_free(certificate) }
                guard let der = try? encoded({ i2d_X509(certificate, $0) }) else { throw PKCS12Error(.malformed) }
                certificates.append(der)
            case NID_safeContentsBag:
                guard depth < 4, let inner = PKCS12_SAFEBAG_get0_safes(bag) else { throw PKCS12Error(.malformed) }
                for index in 0..<isignum_bags_count(inner) {
                    guard let bag = isignum_bag_at(inner, index) else { continue }
                    try look(into: bag, password, length, depth: depth + 1)
                }
            default: break
            }
        }

        private mutating func take(_ information: OpaquePointer, from bag: OpaquePointer) throws(PKCS12Error) {
            guard key == nil else { throw PKCS12Error(.severalKeys) }
            key = EVP_PKCS82PKEY_ex(information, library, nil)
            guard key != nil else { throw PKCS12Error(.keyNotSupported) }
            if let text = PKCS12_get_friendlyname(bag) {
                name = String(cString: text)
                CRYPTO_free(text, #file, #line)
            }
        }

        /// The key, its certificate, and the others behind it.
        func contents() throws(PKCS12Error) -> PKCS12 {
            guard let key else { throw PKCS12Error(.noKey) }
            guard let material = PrivateKeyMaterial(key) else { throw PKCS12Error(.keyNotSupported) }
            let publicKey = material.publicKey
            let index = certificates.firstIndex { der in (try? Certificate(parsing: der))?.publicKey == publicKey }
            var chain = certificates
            guard let index else {
                // A backup of a key that had no certificate yet is whole; a certificate of something else is a mistake.
                guard certificates.isEmpty else { throw PKCS12Error(.certificateMissing) }
                return PKCS12(key: material, chain: [], name: name)
            }
            chain.insert(chain.remove(at: index), at: 0)
            return PKCS12(key: material, chain: chain, name: name)
        }
    }
}
