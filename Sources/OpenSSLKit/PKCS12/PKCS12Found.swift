// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL
internal import Credentials

extension PKCS12 {
    /// What was found in the bags of a file.
    struct Found: ~Copyable {
        /// The most certificates that are taken from one file.
        private static let mostCertificates = 64

        /// Whether the file has a check of its integrity, which the password passed.
        let isChecked: Bool
        private let library: OpaquePointer
        private(set) var key: OpaquePointer?
        private(set) var certificates: [[UInt8]] = []
        private(set) var name = ""
        private(set) var usesOldPasswordForm = false

        init(library: OpaquePointer, isChecked: Bool) {
            self.library = library
            self.isChecked = isChecked
        }

        deinit { EVP_PKEY_free(key) }

        /// Remembers in which form the password opened something.
        mutating func note(_ form: PasswordForms.Form) { usesOldPasswordForm = usesOldPasswordForm || form.isOld }

        mutating func take(_ bag: OpaquePointer, _ passwords: borrowing PasswordForms) throws(PKCS12Error) {
            switch PKCS12_SAFEBAG_get_nid(bag) {
            case NID_keyBag:
                guard let information = PKCS12_SAFEBAG_get0_p8inf(bag) else { throw PKCS12Error(.malformed) }
                try take(information, from: bag)
            case NID_pkcs8ShroudedKeyBag:
                let opened = passwords.first(of: PasswordForms.Form.allCases) { password, length in
                    PKCS12_decrypt_skey_ex(bag, password, length, library, nil)
                }
                guard let opened else { throw PKCS12Error(isChecked ? .keyPasswordDiffers : .passwordWrong) }
                defer { PKCS8_PRIV_KEY_INFO_free(opened.result) }
                note(opened.form)
                try take(opened.result, from: bag)
            case NID_certBag where PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate:
                guard certificates.count < Self.mostCertificates else { throw PKCS12Error(.tooLarge) }
                guard let certificate = PKCS12_SAFEBAG_get1_cert(bag) else { throw PKCS12Error(.malformed) }
                defer { X509_free(certificate) }
                guard let der = try? encoded({ i2d_X509(certificate, $0) }) else { throw PKCS12Error(.malformed) }
                certificates.append(der)
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
            guard let key else { throw PKCS12Error(.noKey, certificates: certificates.count) }
            guard let material = PrivateKeyMaterial(key) else { throw PKCS12Error(.keyNotSupported) }
            let publicKey = material.publicKey
            let index = certificates.firstIndex { der in (try? Certificate(parsing: der))?.publicKey == publicKey }
            var chain = certificates
            if let index {
                chain.insert(chain.remove(at: index), at: 0)
            } else if !chain.isEmpty {
                // A backup of a key that had no certificate yet is whole; a certificate of something else is a mistake.
                throw PKCS12Error(.certificateMissing)
            }
            return PKCS12(key: material, chain: chain, name: name, usesOldPasswordForm: usesOldPasswordForm)
        }
    }
}
