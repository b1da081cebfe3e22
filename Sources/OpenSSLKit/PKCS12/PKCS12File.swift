// SPDX-License-Identifier: Apache-2.0

internal import COpenSSL

extension PKCS12 {
    /// A parsed file that is still closed. OpenSSL's own way of opening one takes the first key and says nothing of
    /// the others, so its bags are gone through here.
    struct File: ~Copyable {
        /// The most parts that a file may have: programs write one for the key and one for the certificates.
        private static let mostParts = 16

        private let library: OpaquePointer
        private let unspent: PKCS12Cost
        private let file: OpaquePointer
        private let content: UnsafeMutablePointer<PKCS7>?

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
            unspent = PKCS12Cost(library)
            self.file = file
            content = bytes.withUnsafeBufferPointer { isignum_pfx_content($0.baseAddress, $0.count) }
        }

        deinit {
            PKCS12_free(file)
            PKCS7_free(content)
        }

        /// What can be seen without the password.
        ///
        /// - Throws: what no password would help with.
        func outline() throws(PKCS12Error) -> Outline {
            let (outline, _) = try survey(parts())
            return outline
        }

        /// Opens the file: its integrity first, then its bags.
        func open(_ passwords: borrowing PasswordForms) throws(PKCS12Error) -> Found {
            let parts = try parts()
            var (_, cost) = try survey(parts)
            var found = Found(library: library, isChecked: PKCS12_mac_present(file) == 1)
            try unlock(passwords, &found)
            for index in 0..<parts.count {
                let part = try parts.part(index)
                let isSealed = isignum_pkcs7_nid(part) == NID_pkcs7_encrypted
                let bags = isSealed ? try unseal(part, passwords, &found) : try Bags(PKCS12_unpack_p7data(part))
                try bags.walk { bag throws(PKCS12Error) in
                    if isSealed { try Self.add(bag, to: &cost) }
                    try found.take(bag, passwords)
                }
            }
            return found
        }

        private func parts() throws(PKCS12Error) -> Parts {
            let parts = try Parts(PKCS12_unpack_authsafes(file))
            guard parts.count <= Self.mostParts else { throw PKCS12Error(.tooLarge) }
            return parts
        }

        /// Looks at everything that lies open, so that nothing is derived from a password for a file that cannot be
        /// opened or never honestly was meant to be.
        private func survey(_ parts: borrowing Parts) throws(PKCS12Error) -> (Outline, PKCS12Cost) {
            var outline = Outline()
            var cost = unspent
            _ = try check(adding: &cost)
            for index in 0..<parts.count {
                let part = try parts.part(index)
                switch isignum_pkcs7_nid(part) {
                case NID_pkcs7_data:
                    try Bags(PKCS12_unpack_p7data(part)).walk { bag throws(PKCS12Error) in
                        try Self.add(bag, to: &cost)
                        outline.count(bag)
                    }
                case NID_pkcs7_encrypted:
                    try cost.add(encryption: part.pointee.d.encrypted?.pointee.enc_data?.pointee.algorithm)
                    outline.hasSealedParts = true
                default: throw PKCS12Cost.unknown(part.pointee.type)
                }
            }
            return (outline, cost)
        }

        private static func add(_ bag: OpaquePointer, to cost: inout PKCS12Cost) throws(PKCS12Error) {
            guard PKCS12_SAFEBAG_get_nid(bag) == NID_pkcs8ShroudedKeyBag else { return }
            var algorithm: UnsafePointer<X509_ALGOR>?
            X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, nil)
            try cost.add(encryption: algorithm)
        }

        /// How the file's integrity is checked.
        private enum Check: ~Copyable {
            case none
            /// RFC 7292, appendix B: OpenSSL's own.
            case classic
            case modern(PBMAC1)
        }

        private func check(adding cost: inout PKCS12Cost) throws(PKCS12Error) -> Check {
            guard PKCS12_mac_present(file) == 1 else { return .none }
            var algorithm: UnsafePointer<X509_ALGOR>?
            var iterations: UnsafePointer<ASN1_INTEGER>?
            PKCS12_get0_mac(nil, &algorithm, nil, &iterations, file)
            guard let algorithm else { throw PKCS12Error(.malformed) }
            // RFC 9579, section 5: salt and iterations beside it are not looked at.
            if OBJ_obj2nid(algorithm.pointee.algorithm) == NID_pbmac1 {
                return .modern(try PBMAC1(algorithm, adding: &cost))
            }
            let hash = EVP_MD_fetch(library, PKCS12Cost.name(of: algorithm.pointee.algorithm), nil)
            guard let hash else { throw PKCS12Cost.unknown(algorithm.pointee.algorithm) }
            EVP_MD_free(hash)
            try cost.add(iterations: iterations)
            return .classic
        }

        /// Finds a form of the password that the file's own check accepts.
        private func unlock(_ passwords: borrowing PasswordForms, _ found: inout Found) throws(PKCS12Error) {
            var cost = unspent
            let unlocked: PasswordForms.Form?
            switch try check(adding: &cost) {
            case .none: return
            case .classic:
                unlocked =
                    passwords.first(of: [.typed, .none, .byteWise]) { password, length in
                        PKCS12_verify_mac(file, password, length) == 1 ? true : nil
                    }?.form
            case .modern(let check):
                var expected: UnsafePointer<ASN1_OCTET_STRING>?
                PKCS12_get0_mac(&expected, nil, nil, nil, file)
                guard let expected, let content = content.flatMap({ isignum_pkcs7_content($0) }) else {
                    throw PKCS12Error(.malformed)
                }
                unlocked = try passwords.first(of: [.typed, .byteWise]) { password, length throws(PKCS12Error) in
                    try check.verifies(content.bytes, password, length, against: expected.bytes) ? true : nil
                }?.form
            }
            guard let unlocked else { throw PKCS12Error(.passwordWrong) }
            found.note(unlocked)
        }

        private func unseal(
            _ part: UnsafeMutablePointer<PKCS7>,
            _ passwords: borrowing PasswordForms,
            _ found: inout Found
        ) throws(PKCS12Error) -> Bags {
            let opened = passwords.first(of: PasswordForms.Form.allCases) { password, length in
                PKCS12_unpack_p7encdata(part, password, length)
            }
            guard let opened else {
                // With a check that the password passed, it is not the reason.
                throw PKCS12Error(found.isChecked ? .malformed : .passwordWrong)
            }
            found.note(opened.form)
            return try Bags(opened.result)
        }
    }
}

extension UnsafePointer<ASN1_OCTET_STRING> {
    fileprivate var bytes: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: ASN1_STRING_get0_data(self), count: Int(ASN1_STRING_length(self)))
    }
}
